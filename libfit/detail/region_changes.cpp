#include "libfit/detail/region_changes.h"

#include <algorithm>
#include <cmath>

#include "libfit/detail/geodesic.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr std::size_t kGrain = 8192;
constexpr double kReliefFade = 0.065;  ///< of the girth at MPT: from a spared place to skin that moves freely
constexpr double kLandmarkMm =
    4.0;  ///< by which experts disagree on a landmark (Convery 2003): a relief is spared so far around
constexpr double kDistalReach = 0.09;  ///< of the girth at MPT: how far up the room below the distal end fades
constexpr double kLeastCarveMm = 0.01;

/// 1 in the middle, 0 from 1 on, and twice continuously level there: its slope is at most 1.72.
double bump(double x) {
  const double rest = std::max(0.0, 1.0 - x * x);
  return rest * rest * rest;
}

/// 1 below 0, 0 above 1, twice continuously level at both (K. Perlin 2002): its slope is at most 1.88.
double fade(double x) {
  const double t = std::clamp(x, 0.0, 1.0);
  return 1.0 - t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
}

/// Overlapping changes add in their fourth powers: near the larger of them, and smoothly from one to the other.
double fourth_power(double x) { return x * x * x * x; }
double fourth_root(double x) { return std::sqrt(std::sqrt(x)); }

double blended(double tsb, double ptb, const RectifyParams& params) {
  return tsb + params.patellar_tendon_bearing * (ptb - tsb);
}

/// A region of the template on this limb.
struct Site {
  const Region* region;
  SkinLine line;
  double amount_mm;
  double reach_mm;
  double fade_mm;   ///< of a relief: from what it spares to skin that moves freely
  double guard_mm;  ///< of a relief: how far around it all is spared
  double all_mm() const { return reach_mm + guard_mm + fade_mm; }
};

std::vector<Site> sites_of(const Limb& limb, const LimbSize& size, const RectifyParams& params,
                           std::vector<std::string>& not_placed) {
  std::vector<Site> sites;
  std::vector<std::vector<Placement>> places;
  for (const Region& region : params.rectification.regions) {
    const double amount = params.region_scale * blended(region.tsb_mm, region.ptb_mm, params);
    if (amount == 0.0 && !region.relief && !region.wall_mm) continue;
    sites.push_back({&region,
                     {},
                     amount,
                     region.reach_girth_fraction * size.girth_mm,
                     region.relief ? kReliefFade * size.girth_mm : 0.0,
                     region.relief ? kLandmarkMm : 0.0});
    places.push_back(region.places);
  }
  std::vector<SkinLine> lines = lines_on_skin(limb, size, places);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    sites[i].line = std::move(lines[i]);
    if (sites[i].line.empty()) not_placed.push_back(sites[i].region->name);
  }
  std::erase_if(sites, [](const Site& site) { return site.line.empty(); });
  return sites;
}

/// Fourth powers of the room below the distal end.
Values distal_room(const Limb& limb, const LimbSize& size, const RectifyParams& params) {
  const Template& data = params.rectification;
  const double clearance =
      params.distal_clearance_mm.value_or(blended(data.tsb_distal_clearance_mm, data.ptb_distal_clearance_mm, params));
  const double reach = std::max(kDistalReach * size.girth_mm, 3.0 * clearance);
  const double bottom = bounding_box(limb.surface).lowest.z();
  Values room(limb.surface.vertices.size(), 0.0);
  if (clearance > 0.0)
    for (std::size_t i = 0; i < room.size(); ++i)
      room[i] = fourth_power(clearance * bump((limb.surface.vertices[i].z() - bottom) / reach));
  return room;
}

}  // namespace

RegionChanges region_changes(const Limb& limb, const LimbSize& size, const RectifyParams& params,
                             const Progress& progress) {
  const std::size_t count = limb.surface.vertices.size();
  RegionChanges changes;
  const std::vector<Site> sites = sites_of(limb, size, params, changes.not_placed);
  progress(0.3);
  std::vector<std::vector<Reached>> reached(sites.size());
  if (!sites.empty()) {
    const TrianglesAround around = triangles_around(limb.surface);
    parallel_for(sites.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t k = begin; k < end; ++k)
        reached[k] = reached_within(limb.surface, around, sites[k].line, sites[k].all_mm());
    });
  }
  progress(0.8);

  changes.free.assign(count, 1.0);
  Values build = distal_room(limb, size, params);
  Values carve(count, 0.0);
  Values spared(count, 1.0);  // of carves: gentler than of the reduction, as a carve may lie close beside a relief
  for (std::size_t k = 0; k < sites.size(); ++k) {
    const Site& site = sites[k];
    Values& sum = site.amount_mm < 0.0 ? carve : build;
    for (const auto& [vertex, distance] : reached[k]) {
      sum[vertex] += fourth_power(site.amount_mm * bump(distance / site.all_mm()));
      if (!site.region->relief) continue;
      changes.free[vertex] *= 1.0 - fade((distance - site.reach_mm - site.guard_mm) / site.fade_mm);
      spared[vertex] *= 1.0 - bump(std::max(0.0, distance - site.reach_mm) / (site.guard_mm + site.fade_mm));
    }
    for (const Placement& place : site.region->places) changes.used.insert(place.landmark);
    if (site.amount_mm < -kLeastCarveMm) changes.carving.push_back(site.region->name);
    const Eigen::Vector3d& middle = site.line[site.line.size() / 2];
    const auto nearest =
        std::min_element(reached[k].begin(), reached[k].end(), [&](const Reached& a, const Reached& b) {
          const std::vector<Eigen::Vector3d>& at = limb.surface.vertices;
          return (at[a.vertex] - middle).squaredNorm() < (at[b.vertex] - middle).squaredNorm();
        });
    changes.middle_vertex.push_back(nearest == reached[k].end() ? 0 : nearest->vertex);
    changes.placed.push_back({site.region->name, middle, site.reach_mm, site.amount_mm, site.region->wall_mm,
                              is_unverified(site.region->provenance)});
  }
  changes.change_mm.resize(count);
  parallel_for(count, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      changes.change_mm[i] = fourth_root(build[i]) - spared[i] * fourth_root(carve[i]);
  });
  return changes;
}

}  // namespace fit::detail
