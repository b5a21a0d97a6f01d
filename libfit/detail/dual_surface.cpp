#include "libfit/detail/dual_surface.h"

#include <algorithm>
#include <map>

#include "libfit/detail/cell_patches.h"
#include "libfit/detail/reported_loop.h"
#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector3i;

constexpr int kNodes = BrickGrid::kNodes;

/// What a brick's cells hold.
struct Cells {
  std::array<std::uint8_t, kNodes> corners;  ///< bit x + 2 y + 4 z: inside
  std::array<std::uint16_t, kNodes> first;   ///< a cell's first vertex among the brick's
  int vertices = 0, crossings = 0;
  int first_vertex = 0, first_crossing = 0;  ///< of the whole surface
};

struct CellPlace {
  int brick, cell;
  auto operator<=>(const CellPlace&) const = default;
};
using JoinedFaces = std::map<CellPlace, unsigned>;

Vector3i node_of(int local) { return {local & 7, local >> 3 & 7, local >> 6}; }

CellPlace place_of(const BrickGrid& grid, const Vector3i& cell) {
  const int brick = grid.brick_at({cell.x() >> 3, cell.y() >> 3, cell.z() >> 3});
  if (brick < 0)
    throw Error(ErrorKind::no_solution, "The surface leaves the grid that it is taken out of; try another resolution.");
  return {brick, BrickGrid::local(cell)};
}

/// Signs of a brick's 9 x 9 x 9 nodes, the far faces being its neighbours'.
std::array<bool, 729> signs_of(const BrickGrid& grid, const BrickGrid::Brick& brick) {
  std::array<bool, 729> inside;
  const Vector3i first = brick.place * BrickGrid::kSide;
  for (int z = 0, i = 0; z < 9; ++z)
    for (int y = 0; y < 9; ++y)
      for (int x = 0; x < 9; ++x, ++i)
        inside[i] =
            x < 8 && y < 8 && z < 8 ? brick.value[x | y << 3 | z << 6] < 0.0f : grid.inside(first + Vector3i(x, y, z));
  return inside;
}

/// Also tells which cells have faces whose corners alternate.
Cells cells_of(const BrickGrid& grid, const BrickGrid::Brick& brick, std::vector<int>& alternating) {
  const std::array<bool, 729> inside = signs_of(grid, brick);
  Cells cells;
  for (int local = 0; local < kNodes; ++local) {
    const Vector3i n = node_of(local);
    const int at = n.x() + 9 * n.y() + 81 * n.z();
    const int offsets[8] = {0, 1, 9, 10, 81, 82, 90, 91};
    unsigned corners = 0;
    for (int corner = 0; corner < 8; ++corner) corners |= static_cast<unsigned>(inside[at + offsets[corner]]) << corner;
    cells.corners[local] = static_cast<std::uint8_t>(corners);
    if (corners == 0 || corners == 255) continue;
    for (int axis = 0; axis < 3; ++axis) cells.crossings += (corners & 1) != (corners >> (1 << axis) & 1);
    if (alternating_faces(corners) != 0) alternating.push_back(local);
  }
  return cells;
}

unsigned joined_in(const JoinedFaces& joined, const CellPlace& place) {
  if (joined.empty()) return 0;
  const auto found = joined.find(place);
  return found == joined.end() ? 0 : found->second;
}

CellPatches patches_in(const JoinedFaces& joined, const CellPlace& place, unsigned corners) {
  const unsigned faces = joined_in(joined, place);
  return faces == 0 ? plain_cell_patches(corners) : cell_patches(corners, faces);
}

/// Both sides of a face's two arcs would be the same two patches: an edge of the dual that stands twice. Joining the
/// face's corners parts the patch of either cell into two, and so never makes such a face elsewhere.
JoinedFaces faces_to_join(const BrickGrid& grid, const std::vector<Cells>& cells,
                          const std::vector<std::vector<int>>& alternating) {
  JoinedFaces joined;
  const auto in_one_patch = [&](const CellPlace& place, int face) {
    const CellPatches patches = patches_in(joined, place, cells[place.brick].corners[place.cell]);
    const std::array<int, 4> edges = edges_of_face(face);
    return std::all_of(edges.begin(), edges.end(),
                       [&](int edge) { return patches.patch_of_edge[edge] == patches.patch_of_edge[edges[0]]; });
  };
  for (std::size_t brick = 0; brick < cells.size(); ++brick)
    for (const int cell : alternating[brick])
      for (int axis = 0; axis < 3; ++axis) {
        const int face = 2 * axis + 1;
        if (!(alternating_faces(cells[brick].corners[cell]) >> face & 1)) continue;
        const CellPlace here{static_cast<int>(brick), cell};
        const Vector3i node = grid.bricks()[brick].place * BrickGrid::kSide + node_of(cell);
        const CellPlace beyond = place_of(grid, node + Vector3i::Unit(axis));
        if (!in_one_patch(here, face) || !in_one_patch(beyond, face - 1)) continue;
        joined[here] |= 1u << face;
        joined[beyond] |= 1u << (face - 1);
      }
  return joined;
}

class Builder {
 public:
  Builder(const BrickGrid& grid, const Progress& progress) : grid_(grid), cells_(grid.bricks().size()) {
    std::vector<std::vector<int>> alternating(cells_.size());
    reported_for(cells_.size(), 16, progress.part(0.0, 0.4),
                 [&](std::size_t b) { cells_[b] = cells_of(grid_, grid_.bricks()[b], alternating[b]); });
    joined_ = faces_to_join(grid_, cells_, alternating);
    reported_for(cells_.size(), 64, progress.part(0.4, 0.5),
                 [&](std::size_t b) { number_vertices(static_cast<int>(b)); });
    int vertices = 0, crossings = 0;
    for (Cells& cells : cells_) {
      cells.first_vertex = vertices;
      cells.first_crossing = crossings;
      vertices += cells.vertices;
      crossings += cells.crossings;
    }
    surface_.vertices.resize(vertices);
    surface_.crossings.resize(crossings);
    reported_for(cells_.size(), 16, progress.part(0.5, 1.0), [&](std::size_t b) { write(static_cast<int>(b)); });
  }

  DualSurface take() {
    sort_crossings();
    return std::move(surface_);
  }

 private:
  CellPatches patches(const CellPlace& place) const {
    return patches_in(joined_, place, cells_[place.brick].corners[place.cell]);
  }

  void number_vertices(int brick) {
    Cells& cells = cells_[brick];
    for (int cell = 0; cell < kNodes; ++cell) {
      cells.first[cell] = static_cast<std::uint16_t>(cells.vertices);
      if (cells.corners[cell] != 0 && cells.corners[cell] != 255) cells.vertices += patches({brick, cell}).count;
    }
  }

  void write(int brick) {
    const Cells& cells = cells_[brick];
    const Vector3i first = grid_.bricks()[brick].place * BrickGrid::kSide;
    int crossing = cells.first_crossing;
    for (int cell = 0; cell < kNodes; ++cell) {
      const unsigned corners = cells.corners[cell];
      if (corners == 0 || corners == 255) continue;
      const Vector3i node = first + node_of(cell);
      const int count = patches({brick, cell}).count;
      for (int i = 0; i < count; ++i)
        surface_.vertices[cells.first_vertex + cells.first[cell] + i] = {node, brick, count == 1};
      for (int axis = 0; axis < 3; ++axis) {
        const bool inside = corners & 1;
        if (inside == (corners >> (1 << axis) & 1)) continue;
        surface_.crossings[crossing++] = crossing_at(node, axis, inside, brick);
      }
    }
  }

  DualSurface::Crossing crossing_at(const Vector3i& node, int axis, bool leaves, int brick) const {
    DualSurface::Crossing crossing{node, axis, leaves, brick, {}, {}};
    const Vector3i u = Vector3i::Unit((axis + 1) % 3), v = Vector3i::Unit((axis + 2) % 3);
    // Around the edge, counter-clockwise seen from its upper end.
    const int around[4] = {3, 2, 0, 1};
    for (int i = 0; i < 4; ++i) {
      const int side = around[leaves ? i : 3 - i];
      const CellPlace place = place_of(grid_, node - (side & 1) * u - (side >> 1) * v);
      const int patch = patches(place).patch_of_edge[4 * axis + side];
      const Cells& cells = cells_[place.brick];
      crossing.corners[i] = cells.first_vertex + cells.first[place.cell] + patch;
      crossing.cell_side[i] = side;
    }
    return crossing;
  }

  void sort_crossings() {
    std::vector<int>& first = surface_.first_crossing_of;
    first.assign(surface_.vertices.size() + 1, 0);
    for (const DualSurface::Crossing& crossing : surface_.crossings)
      for (const int vertex : crossing.corners) ++first[vertex + 1];
    for (std::size_t v = 0; v < surface_.vertices.size(); ++v) first[v + 1] += first[v];
    surface_.crossing_of.resize(first.back());
    std::vector<int> next(first.begin(), first.end() - 1);
    for (std::size_t c = 0; c < surface_.crossings.size(); ++c)
      for (const int vertex : surface_.crossings[c].corners) surface_.crossing_of[next[vertex]++] = static_cast<int>(c);
  }

  const BrickGrid& grid_;
  std::vector<Cells> cells_;
  JoinedFaces joined_;
  DualSurface surface_;
};

}  // namespace

DualSurface dual_surface(const BrickGrid& grid, const Progress& progress) { return Builder(grid, progress).take(); }

}  // namespace fit::detail
