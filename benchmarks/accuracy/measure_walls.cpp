// measure_walls OUT.csv: how exactly sockets around generated limbs keep positive and wall, over scan noise,
// density of the scan and resolution.

#include <fmt/format.h>

#include <iostream>
#include <string>

#include "benchmarks/accuracy/wall_exactness.h"
#include "libfit/file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: measure_walls OUT.csv\n";
    return 2;
  }
  std::string table =
      "limb_triangles,noise_mm,resolution_mm,wall_mm,outer_rms_mm,outer_999_mm,outer_worst_mm,thinnest_mm,"
      "inner_vertex_worst_mm,inner_center_rms_mm,inner_center_worst_mm\n";
  std::cout << table;
  for (const int triangles : {60000, 300000})
    for (const double wall : {6.0, 3.0})
      for (const double noise : {0.0, 0.1, 0.2, 0.3})
        for (const double resolution : {0.75, 1.0, 1.5, 2.0}) {
          fit::SolidifyParams asked;
          asked.wall_mm = asked.trimline_wall_mm = asked.distal_wall_mm = wall;
          asked.resolution_mm = resolution;
          const fit::WallExactness e = fit::draw_wall_exactness(1, noise, triangles, asked);
          const std::string row =
              fmt::format("{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f}\n", triangles, noise,
                          resolution, wall, e.outer.rms_mm, e.outer.within_mm, e.outer.worst_mm, e.thinnest_mm,
                          e.inner_vertices.worst_mm, e.inner_centers.rms_mm, e.inner_centers.worst_mm);
          std::cout << row << std::flush;
          table += row;
        }
  fit::write_file(argv[1], table);
}
