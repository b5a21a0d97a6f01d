#include "apps/fit/batch/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numbers>

#include "apps/fit/batch/table_file.h"
#include "apps/gallery/assets.h"
#include "apps/gallery/index_page.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* columns[] = {"id",
                                   "status",
                                   "problem",
                                   "forbidding",
                                   "warnings",
                                   "side",
                                   "level",
                                   "template",
                                   "printer",
                                   "material",
                                   "limb_volume_mm3",
                                   "positive_volume_mm3",
                                   "liner_and_socks_volume_percent",
                                   "rectification_volume_percent",
                                   "carved_most_mm",
                                   "built_up_most_mm",
                                   "wall_thinnest_mm",
                                   "socket_volume_mm3",
                                   "plastic_g",
                                   "carving_stock_diameter_mm",
                                   "carving_stock_length_mm",
                                   "print_time_s",
                                   "filament_g",
                                   "as_printed_mean_mm",
                                   "as_printed_iqr_mm",
                                   "as_printed_seen_percent",
                                   "scan_sha256",
                                   "socket_sha256"};

std::string cell_of(const Json& value) {
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  if (value.is_string()) return csv_cell(value.get<std::string>());
  return value.is_null() ? "" : value.dump();
}

/// Every row has all columns, so that a program can read them as a table.
Json with_all_columns(const Json& row) {
  Json full;
  for (const char* column : columns) full[column] = row.contains(column) ? row.at(column) : Json(nullptr);
  return full;
}

std::string csv_of(const std::vector<Json>& rows) {
  std::string csv;
  for (const char* column : columns) csv += (csv.empty() ? "" : ",") + std::string(column);
  csv += "\n";
  for (const Json& row : rows) {
    std::string line;
    for (const char* column : columns) line += (column == columns[0] ? "" : ",") + cell_of(row.at(column));
    csv += line + "\n";
  }
  return csv;
}

struct Queue {
  std::vector<const Json*> rows;
  double time_s = 0.0, filament_g = 0.0;
};

/// By printer and filament, in alphabetical order; within one the long prints first, for the night.
std::map<std::pair<std::string, std::string>, Queue> queues_of(const std::vector<Json>& rows) {
  std::map<std::pair<std::string, std::string>, Queue> queues;
  for (const Json& row : rows) {
    if (row.at("status") != "printable" || !row.at("print_time_s").is_number()) continue;
    Queue& queue = queues[{row.at("printer").get<std::string>(), row.at("material").get<std::string>()}];
    queue.rows.push_back(&row);
    queue.time_s += row.at("print_time_s").get<double>();
    queue.filament_g += row.at("filament_g").get<double>();
  }
  for (auto& [name, queue] : queues)
    std::stable_sort(queue.rows.begin(), queue.rows.end(), [](const Json* a, const Json* b) {
      return a->at("print_time_s").get<double>() > b->at("print_time_s").get<double>();
    });
  return queues;
}

std::string folder_name(std::string printer) {
  for (char& c : printer)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-') c = '_';
  return printer;
}

/// The G-code under the case's own name, in one folder a printer: what goes on the card. A second name of the same file
/// where the disk has that, else a copy.
void place_gcode(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  std::error_code failed;
  fs::create_hard_link(from, to, failed);
  if (failed) fs::copy_file(from, to);
}

void write_print_queue(const std::vector<Json>& rows, const CaseStore& store) {
  const auto queues = queues_of(rows);
  if (queues.empty()) return;
  const fs::path folder = store.work() / "print_queue";
  std::string csv = "printer,material,id,file,print_time_s,filament_g\n";
  try {
    fs::remove_all(folder);
    for (const auto& [name, queue] : queues) {
      const auto& [printer, material] = name;
      const auto line = [&](const std::string& id, const std::string& file, double time_s, double filament_g) {
        csv += fmt::format("{},{},{},{},{:.0f},{:.0f}\n", csv_cell(printer), csv_cell(material), csv_cell(id),
                           csv_cell(file), time_s, filament_g);
      };
      for (const Json* row : queue.rows) {
        const auto id = row->at("id").get<std::string>();
        const std::string file = folder_name(printer) + "/" + id + ".gcode";
        place_gcode(store.folder_of(id) / "socket.gcode", folder / file);
        line(id, "print_queue/" + file, row->at("print_time_s").get<double>(), row->at("filament_g").get<double>());
      }
      line(fmt::format("all {}", queue.rows.size()), "", queue.time_s, queue.filament_g);
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::io, fmt::format("The print queue cannot be written: {}.", error.code().message()));
  }
  store.replace("print_queue", folder);
  store.write("print_queue.csv", csv);
}

void write_pages(std::vector<Json> rows, const CaseStore& store) {
  for (Json& row : rows)
    if (fs::exists(store.folder_of(row.at("id").get<std::string>()) / "repro.zip")) row["repro"] = true;
  const fs::path assets = store.work() / "assets";
  std::error_code failed;
  fs::remove_all(assets, failed);
  fs::create_directories(assets, failed);
  for (const auto& [name, bytes] : gallery_assets())
    if (!bytes.empty()) write_file(assets / name, bytes);
  store.replace("assets", assets);
  store.write("index.html", index_page_html(rows, "assets"));
}

}  // namespace

std::vector<Json> result_rows(const std::vector<BatchCase>& cases, const CaseStore& store) {
  std::vector<Json> rows;
  for (const BatchCase& one : cases) {
    const auto outcome = store.find(one.id);
    rows.push_back(with_all_columns(outcome ? outcome->row : Json{{"id", one.id}, {"status", "not finished"}}));
  }
  return rows;
}

void write_results(const std::vector<Json>& rows, const CaseStore& store) {
  std::string lines;
  for (const Json& row : rows) lines += row.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  store.write("results.jsonl", lines);
  store.write("results.csv", csv_of(rows));
  write_print_queue(rows, store);
  write_pages(rows, store);
}

}  // namespace fit::cli
