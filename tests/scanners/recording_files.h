#pragma once

#include <gtest/gtest.h>
#include <png.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "libfit/error.h"
#include "scanners/camera.h"

/// Small recordings, written by the tests as the real programs write them.
namespace fit::test {

namespace fs = std::filesystem;

/// A folder of its own that is gone at the end.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ = fs::temp_directory_path() / ("fit_scanners_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code none;
    fs::remove_all(path_, none);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Depth that differs at every pixel and has a hole at (0, 0).
inline std::vector<std::uint16_t> ramp(int width, int height, int start = 500) {
  std::vector<std::uint16_t> counts(static_cast<std::size_t>(width) * height);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = static_cast<std::uint16_t>(start + i);
  counts[0] = 0;
  return counts;
}

inline std::vector<std::uint8_t> colors(int width, int height) {
  std::vector<std::uint8_t> rgb(3 * static_cast<std::size_t>(width) * height);
  for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<std::uint8_t>(7 * i);
  return rgb;
}

inline std::string png(int width, int height, int channels, const void* samples, int bits) {
  std::string bytes;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &bytes,
      [](png_structp p, png_bytep data, png_size_t n) {
        static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<char*>(data), n);
      },
      nullptr);
  png_set_IHDR(writer, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), bits,
               channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writer, info);
  if (bits == 16) png_set_swap(writer);
  for (int y = 0; y < height; ++y)
    png_write_row(writer,
                  static_cast<const png_byte*>(samples) + static_cast<std::size_t>(y) * width * channels * bits / 8);
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
  return bytes;
}

inline std::string depth_png(int width, int height, int start = 500) {
  return png(width, height, 1, ramp(width, height, start).data(), 16);
}
inline std::string color_png(int width, int height) { return png(width, height, 3, colors(width, height).data(), 8); }

/// All frames of a recording.
inline std::vector<Frame> frames_of(Camera& camera) {
  std::vector<Frame> frames;
  Frame frame;
  while (frames.size() < 10000 && camera.next(frame)) frames.push_back(frame);
  return frames;
}

/// The sentence of the Error that opening throws; empty when it opens.
inline std::string refusal(const fs::path& path) {
  try {
    open_recording(path);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

/// Opens and reads to the end `count` damaged copies of a file, or as many as FIT_MUTATIONS says: bytes changed, cut,
/// doubled, words made huge. The copies are made in its place by `open`'s caller: `file` is put back at the end. What is
/// thrown must be an Error. FIT_SEEDS names a folder that keeps the whole file, for the fuzzer to start from.
inline void survive_damage(const fs::path& file, const fs::path& recording, int count) {
  const std::string whole = slurp(file);
  if (const char* const seeds = std::getenv("FIT_SEEDS"); seeds && file == recording)
    write(fs::path(seeds) / file.filename(), whole);
  if (const char* const asked = std::getenv("FIT_MUTATIONS")) count = std::atoi(asked);
  std::mt19937 random(17);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % std::max<std::size_t>(n, 1); };
  for (int i = 0; i < count; ++i) {
    std::string bytes = whole;
    switch (i % 5) {
      case 0:
        bytes.resize(below(bytes.size()));
        break;
      case 1:
        for (int k = 0; k < 8; ++k) bytes[below(bytes.size())] = static_cast<char>(random());
        break;
      case 2:
        bytes.insert(below(bytes.size()), bytes.substr(below(bytes.size()), 64));
        break;
      case 3:
        bytes.replace(below(bytes.size()), 4, std::string(4, '\xff'));
        break;
      default:
        bytes.erase(below(bytes.size()), 1 + below(40));
        break;
    }
    write(file, bytes);
    try {
      const auto camera = open_recording(recording);
      for (const Frame& frame : frames_of(*camera))
        ASSERT_EQ(frame.depth.counts.size(),
                  static_cast<std::size_t>(frame.depth.intrinsics.width) * frame.depth.intrinsics.height);
    } catch (const Error&) {
    }
  }
  write(file, whole);
}

}  // namespace fit::test
