#pragma once

#include <nlohmann/json.hpp>

namespace fit::cli {

/// The program, the compiler and the libraries whose versions can change a result.
nlohmann::ordered_json versions();

}  // namespace fit::cli
