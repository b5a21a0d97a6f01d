// draw_sockets COUNT OUT.csv [FIRST]: takes COUNT drawn limbs and designs, from seed FIRST (1) on, through the whole
// pipeline and writes a line each. Ends with 1 when a socket crosses itself or is thinner than asked without a finding
// that says so.

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "benchmarks/accuracy/socket_draws.h"
#include "libfit/file.h"

int main(int argc, char** argv) {
  const int count = argc == 3 || argc == 4 ? std::atoi(argv[1]) : 0;
  const int first = argc == 4 ? std::atoi(argv[3]) : 1;
  if (count < 1 || first < 1) {
    std::cerr << "usage: draw_sockets COUNT OUT.csv [FIRST]\n";
    return 2;
  }
  std::string table = fit::csv_header();
  int refused = 0, wrong = 0, forbidden = 0;
  for (int seed = first; seed < first + count; ++seed) {
    const fit::SocketDraw draw = fit::draw_socket(seed);
    table += fit::csv_row(draw);
    refused += !draw.refusal.empty();
    forbidden += !draw.forbidding.empty();
    const bool thin =
        draw.refusal.empty() && draw.thinnest_wall_mm < draw.asked_wall_mm - 0.2;  // the plastic, as check_print
    wrong += draw.forbidding.empty() && (draw.crossings > 0 || thin);
    std::cout << fmt::format("\r{} of {}: {} refused, {} forbidden, {} wrong", seed - first + 1, count, refused,
                             forbidden, wrong)
              << std::flush;
    if (seed % 50 == 0) fit::write_file(argv[2], table);
  }
  fit::write_file(argv[2], table);
  std::cout << '\n';
  return wrong == 0 ? 0 : 1;
}
