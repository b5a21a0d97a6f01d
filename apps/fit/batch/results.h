#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "apps/fit/batch/case_store.h"

namespace fit::cli {

/// The rows of the cases in their order; one that is not finished says so.
std::vector<nlohmann::ordered_json> result_rows(const std::vector<BatchCase>& cases, const CaseStore& store);

/// index.html with the files in assets/ that it and the cases' pages load, results.jsonl and results.csv (a row a case,
/// the same columns always), and when something was sliced print_queue.csv (time, grams and filament by printer, with
/// sums) and print_queue/PRINTER/ID.gcode. The same bytes for the same results, however they came about. Throws
/// Error::io.
void write_results(const std::vector<nlohmann::ordered_json>& rows, const CaseStore& store);

}  // namespace fit::cli
