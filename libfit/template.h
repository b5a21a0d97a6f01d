#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libfit/landmarks.h"
#include "libfit/params.h"

namespace fit {

/// How the provenance of a value begins that no source stands behind.
inline constexpr const char* kUnverified = "unverified starting value";
inline bool is_unverified(const std::string& provenance) { return provenance.starts_with(kUnverified); }

/// A place on the skin, said from a landmark, so that it fits limbs of any size and either side.
struct Placement {
  Landmark landmark = Landmark::mid_patellar_tendon;
  double up_length_fraction = 0.0;     ///< of the limb's length, towards proximal
  double up_girth_fraction = 0.0;      ///< of the girth at MPT, towards proximal
  double around_girth_fraction = 0.0;  ///< of the girth there: from anterior over lateral to posterior

  bool operator==(const Placement&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Choice{"landmark", &Placement::landmark, "The landmark it is said from."},
        Number{"up_length_fraction", &Placement::up_length_fraction, -2.0, 2.0, "Up from it, of the limb's length."},
        Number{"up_girth_fraction", &Placement::up_girth_fraction, -1.0, 1.0, "Up from it, of the girth at MPT."},
        Number{"around_girth_fraction", &Placement::around_girth_fraction, -0.5, 0.5,
               "Around from it, of the girth there, from anterior over lateral to posterior."},
    };
  }
};

/// A carve or a build-up: full at its places and on the line through them, falling off smoothly over the skin.
struct Region {
  std::string name;
  std::vector<Placement> places;
  double reach_girth_fraction = 0.08;  ///< of the girth at MPT: how far over the skin it reaches
  double tsb_mm = 0.0;                 ///< - carve, + build-up, where the whole surface bears (TSB)
  double ptb_mm = 0.0;                 ///< the same where the patellar tendon bears (PTB)
  bool relief = false;                 ///< neither the circumference reduction nor a carve moves it inward
  std::optional<double> wall_mm;       ///< the socket's wall there, where it differs
  std::string provenance = kUnverified;

  bool operator==(const Region&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"name", &Region::name, "What it is called in findings and the report."},
        List{"places", &Region::places, "Its place, or the places that its line runs through."},
        Number{"reach_girth_fraction", &Region::reach_girth_fraction, 0.005, 0.5,
               "How far it reaches over the skin, of the girth at MPT."},
        Number{"tsb_mm", &Region::tsb_mm, -15.0, 15.0, "Carve (-) or build-up (+) in a TSB socket."},
        Number{"ptb_mm", &Region::ptb_mm, -15.0, 15.0, "Carve (-) or build-up (+) in a PTB socket."},
        Switch{"relief", &Region::relief, "Neither the reduction nor a carve moves it inward."},
        OptionalNumber{"wall_mm", &Region::wall_mm, 1.0, 20.0, "The socket's wall there, where it differs."},
        Text{"provenance", &Region::provenance, "Where the values come from."},
    };
  }
};

/// A circumference reduction at one station under a liner of one thickness; between them it is linear in both, beyond
/// them the nearest holds.
struct Reduction {
  std::optional<double> for_liner_mm;  ///< any liner when not given
  double station = 0.0;                ///< fraction of the way from distal end (0) to MPT (1); may be above 1
  double reduction_percent = 0.0;      ///< of the girth over the liner; negative enlarges
  std::string provenance = kUnverified;

  bool operator==(const Reduction&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalNumber{"for_liner_mm", &Reduction::for_liner_mm, 0.0, 15.0, "The liner it is for; any when not given."},
        Number{"station", &Reduction::station, -0.2, 2.0, "Fraction of the way from distal end (0) to MPT (1)."},
        Number{"reduction_percent", &Reduction::reduction_percent, -10.0, 15.0,
               "Of the girth over the liner; negative enlarges."},
        Text{"provenance", &Reduction::provenance, "Where the value comes from."},
    };
  }
};

/// A point of the trimline; between the points it runs smoothly and never beyond their heights.
struct TrimPoint {
  double angle_deg = 0.0;  ///< about the limb's axis: 0 anterior, 90 lateral, 180 posterior, 270 medial
  Landmark landmark = Landmark::mid_patellar_tendon;
  double up_girth_fraction = 0.0;  ///< up from the landmark, of the girth at MPT
  std::string provenance = kUnverified;

  bool operator==(const TrimPoint&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"angle_deg", &TrimPoint::angle_deg, 0.0, 360.0,
               "About the limb's axis: 0 anterior, 90 lateral, 180 posterior, 270 medial."},
        Choice{"landmark", &TrimPoint::landmark, "The landmark that its height is said from."},
        Number{"up_girth_fraction", &TrimPoint::up_girth_fraction, -1.0, 1.0, "Up from it, of the girth at MPT."},
        Text{"provenance", &TrimPoint::provenance, "Where the value comes from."},
    };
  }
};

/// Data of a socket style, read from models/templates/ and kept in the Design as a value. One that is empty changes
/// nothing and cuts flat below the opening.
struct Template {
  std::string template_name;
  std::optional<Level> template_level;  ///< any level when not given
  std::vector<Reduction> reductions;
  double ptb_reduction_share = 1.0;  ///< of the reductions that a PTB socket keeps, as its regions bear
  std::vector<Region> regions;
  double tsb_distal_clearance_mm = 0.0;
  double ptb_distal_clearance_mm = 0.0;
  std::string distal_clearance_provenance = kUnverified;
  std::vector<TrimPoint> trim_points;

  bool operator==(const Template&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"template_name", &Template::template_name, "Name of the template."},
        OptionalChoice{"template_level", &Template::template_level, "The level of amputation it is for."},
        List{"reductions", &Template::reductions, "Circumference reductions by liner and station."},
        Number{"ptb_reduction_share", &Template::ptb_reduction_share, 0.0, 1.0,
               "Share of the reductions that a PTB socket keeps, as its regions bear."},
        List{"regions", &Template::regions, "Carves and build-ups."},
        Number{"tsb_distal_clearance_mm", &Template::tsb_distal_clearance_mm, 0.0, 30.0,
               "Room below the distal end in a TSB socket."},
        Number{"ptb_distal_clearance_mm", &Template::ptb_distal_clearance_mm, 0.0, 30.0,
               "Room below the distal end in a PTB socket."},
        Text{"distal_clearance_provenance", &Template::distal_clearance_provenance, "Where the clearances come from."},
        List{"trim_points", &Template::trim_points, "Points of the trimline, in the order of their angles."},
    };
  }
};

}  // namespace fit
