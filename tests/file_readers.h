#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "apps/fit/batch/table_file.h"
#include "libfit/aop.h"
#include "libfit/detail/zip_package.h"
#include "libfit/landmark_file.h"
#include "libfit/project.h"
#include "libfit/tape_file.h"
#include "models/load.h"
#include "models/shapes/shape_model.h"
#include "scanners/calibrations.h"

namespace fit {

/// A reader of files that are not meshes, and small files that it reads: for damaged files and for the fuzzer.
struct FileReader {
  std::string name;
  std::function<void(const std::string& bytes)> read;
  std::vector<std::string> seeds;
};

namespace file_readers_detail {

/// For readers that want a file: one with the bytes in it, gone after it was read.
struct OnDisk {
  std::string name;
  OnDisk(const std::string& bytes, const char* ending)
      : name((std::filesystem::temp_directory_path() / ("fit_reader_" + std::to_string(::getpid()))).string() +
             ending) {
    std::ofstream(name, std::ios::binary) << bytes;
  }
  ~OnDisk() { std::filesystem::remove(name); }
};

/// All JSON files of a folder of models/.
inline std::vector<std::string> files_in(const char* folder) {
  std::vector<std::string> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(models_folder() / folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

template <class Number>
std::string npy(const char* type, const std::string& shape, const std::vector<Number>& numbers) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  header.resize((header.size() + 10 + 64) / 64 * 64 - 11, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += {static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
  return bytes;
}

/// A tetrahedron as a shape model of one mode.
inline std::string shape_model_bytes() {
  const double at[4][3] = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  const std::vector<std::int64_t> weld{0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3};
  std::vector<double> mean, mode;
  for (const std::int64_t vertex : weld)
    for (const double x : at[vertex]) {
      mean.push_back(x);
      mode.push_back(0.1 * x);
    }
  return detail::zip_of({{"mean.npy", npy("<f8", "(12, 3)", mean)},
                         {"modes.npy", npy("<f8", "(1, 36)", mode)},
                         {"lo.npy", npy<double>("<f8", "(1,)", {-1.0})},
                         {"hi.npy", npy<double>("<f8", "(1,)", {1.0})},
                         {"weld.npy", npy("<i8", "(12,)", weld)},
                         {"rep.npy", npy<std::int64_t>("<i8", "(4,)", {0, 2, 1, 5})},
                         {"part.npy", npy<std::int64_t>("<i8", "(4,)", {0, 0, 0, 0})}});
}

/// What a calibration leaves behind.
inline std::string calibrations_bytes() {
  const OnDisk file("", ".stored.json");
  std::filesystem::remove(file.name);
  DeviceCalibration calibration;
  calibration.device = "PrimeSense 12";
  calibration.focal_scale = 1.02;
  calibration.focal_px = 580.0;
  calibration.width = 640;
  calibration.views = 10;
  store_calibration(file.name, calibration);
  std::ifstream in(file.name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline Aop cylinder() {
  Aop aop{{"a cylinder"}, Side::left, {{"MPT", {{50.0, 0.0, 100.0}}}}, {}, {0.0, 50.0, 100.0}, {}, {}};
  for (int i = 0; i < 12; ++i) aop.angles_deg.push_back(30.0 * i);
  aop.radii_mm.assign(36, 50.0);
  return aop;
}

}  // namespace file_readers_detail

inline std::vector<FileReader> file_readers() {
  using namespace file_readers_detail;
  Landmarks landmarks;
  landmarks[Landmark::mid_patellar_tendon] = {{1.5, 40.0, 150.0}, 0.8, true};
  Project project{"fit 0", "scan.ply", std::string(64, 'a'), {}};
  project.design.locate.side = Side::left;
  project.design.landmarks = landmarks;
  return {
      {"landmarks", [](const std::string& bytes) { parse_landmarks(bytes, "x"); }, {landmarks_text({landmarks, true})}},
      {"tape",
       [](const std::string& bytes) { parse_tape(bytes, "x"); },
       {"{ \"tape_over\": \"skin\", \"tape\": [ { \"below_mpt_mm\": 40, \"girth_mm\": 310 } ] }",
        "# girths\nbelow_mpt_mm;girth_mm;over\n40;310.5;skin\n80;301;skin\n"}},
      {"project", [](const std::string& bytes) { project_from_text(bytes); }, {project_text(project)}},
      {"template", [](const std::string& bytes) { load_template(OnDisk(bytes, ".json").name); }, files_in("templates")},
      {"printer", [](const std::string& bytes) { load_printer(OnDisk(bytes, ".json").name); }, files_in("printers")},
      {"material", [](const std::string& bytes) { load_material(OnDisk(bytes, ".json").name); }, files_in("materials")},
      {"block", [](const std::string& bytes) { load_block(OnDisk(bytes, ".json").name); }, files_in("hardware")},
      {"calibrations",
       [](const std::string& bytes) { read_calibrations(OnDisk(bytes, ".json").name); },
       {calibrations_bytes()}},
      {"aop", [](const std::string& bytes) { parse_aop(bytes); }, {aop_text(cylinder())}},
      {"table",
       [](const std::string& bytes) { cli::parse_table(bytes, "x"); },
       {"\xef\xbb\xbfid;scan;side;liner_mm\r\na;\"a \"\"1\"\".stl\";left;3,5\r\n# note\r\n\r\nb;b.ply;right;6\r\n"}},
      {"shape_model",
       [](const std::string& bytes) { draw_shape(read_shape_model(OnDisk(bytes, ".npz").name), 1); },
       {shape_model_bytes()}},
  };
}

}  // namespace fit
