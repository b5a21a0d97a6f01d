#include "apps/report/texts.h"

#include <fmt/format.h>

#include <map>

#include "libfit/error.h"

namespace fit {

namespace {

const std::map<std::string_view, std::string_view>& english() {
  static const std::map<std::string_view, std::string_view> texts{
      {"abbreviation.adductor_longus_tendon", "AL"},
      {"abbreviation.anterior_distal_tibia", "DT"},
      {"abbreviation.distal_end", "DE"},
      {"abbreviation.distal_fibula", "DF"},
      {"abbreviation.fibular_head", "FH"},
      {"abbreviation.greater_trochanter", "GT"},
      {"abbreviation.ischial_tuberosity", "IT"},
      {"abbreviation.lateral_condyle", "LC"},
      {"abbreviation.medial_condyle", "MC"},
      {"abbreviation.medial_tibial_flare", "MTF"},
      {"abbreviation.mid_patellar_tendon", "MPT"},
      {"abbreviation.perineum", "PE"},
      {"abbreviation.popliteal_fossa", "PF"},
      {"abbreviation.tibial_crest", "TC"},
      {"abbreviation.tibial_tubercle", "TT"},
      {"card.changes", "The biggest changes"},
      {"card.check_socket",
       "This is a check socket. It is worn for the first time under the eyes of a trained prosthetist, unloaded before "
       "loaded, and the skin is looked at after a few minutes. No compliance with ISO 10328 or any other standard is "
       "claimed."},
      {"card.findings", "Findings"},
      {"card.forbidden", "Not to be printed"},
      {"card.forbidden_why", "{count} of the findings below forbid printing; no print file was made."},
      {"card.forbidden_why_one", "One of the findings below forbids printing; no print file was made."},
      {"card.may_be_tried", "May be printed as a check socket"},
      {"card.more_findings", "and {count} more, in full under Findings."},
      {"card.no_changes", "The socket's inner surface has the shape of the limb."},
      {"card.no_findings", "Nothing else was found that stands in the way."},
      {"card.no_socket", "No socket yet"},
      {"card.no_socket_why", "The case was taken only as far as the limb or the positive."},
      {"card.not_confirmed", "Not confirmed"},
      {"card.all_confirmed", "All landmarks were placed or confirmed by a person."},
      {"card.landmarks_not_confirmed", "Landmarks not confirmed by a person: {names}."},
      {"card.invented",
       "{area} cm2 of the limb's surface was not seen by the scanner and was filled in; it is hatched in the "
       "pictures."},
      {"card.frame_unsure", "The limb's axis was found with a confidence of {percent} % only."},
      {"card.mass_unknown", "The body mass was not given, so the wall was not held against it."},
      {"card.unverified",
       "Values of the template that no source stands behind: {count}. They are marked under All parameters."},
      {"card.overridden", "Printed in spite of a finding"},
      {"card.reason", "Reason given: {reason}"},
      {"card.sign", "Decision"},
      {"card.sign_date", "Date"},
      {"card.sign_fit", "fit it"},
      {"card.sign_change", "change it"},
      {"card.sign_name", "Prosthetist"},
      {"card.sign_signature", "Signature"},
      {"card.warned_why", "{count} points below need a look first."},
      {"card.warned_why_one", "One point below needs a look first."},
      {"card.clear_why", "No finding stands in the way."},
      {"change.allowance", "Liner and socks add {mm} mm all round; the changes above do not count it."},
      {"change.built_up", "Built up by up to {mm} mm, {place}."},
      {"change.girth_larger", "Girth {height} mm above the distal end: larger by {percent} % ({mm} mm)."},
      {"change.girth_smaller", "Girth {height} mm above the distal end: smaller by {percent} % ({mm} mm)."},
      {"change.pressed_in", "Pressed in by up to {mm} mm, {place}."},
      {"change.volume_larger", "Volume from the distal end up to {height} mm: larger by {percent} % ({ml} ml)."},
      {"change.volume_smaller", "Volume from the distal end up to {height} mm: smaller by {percent} % ({ml} ml)."},
      {"direction.anterior", "anterior"},
      {"direction.lateral", "lateral"},
      {"direction.medial", "medial"},
      {"direction.posterior", "posterior"},
      {"findings.code", "Code"},
      {"findings.remedy", "What to do:"},
      {"findings.severity.forbid", "forbids printing"},
      {"findings.severity.note", "note"},
      {"findings.severity.warn", "look first"},
      {"findings.title", "All findings, and what to do"},
      {"landmark.adductor_longus_tendon", "adductor longus tendon"},
      {"landmark.anterior_distal_tibia", "anterior distal tibia"},
      {"landmark.distal_end", "distal end"},
      {"landmark.distal_fibula", "distal fibula"},
      {"landmark.fibular_head", "fibular head"},
      {"landmark.greater_trochanter", "greater trochanter"},
      {"landmark.ischial_tuberosity", "ischial tuberosity"},
      {"landmark.lateral_condyle", "lateral condyle"},
      {"landmark.medial_condyle", "medial condyle"},
      {"landmark.medial_tibial_flare", "medial tibial flare"},
      {"landmark.mid_patellar_tendon", "mid-patellar tendon"},
      {"landmark.perineum", "perineum"},
      {"landmark.popliteal_fossa", "popliteal fossa"},
      {"landmark.tibial_crest", "tibial crest"},
      {"landmark.tibial_tubercle", "tibial tubercle"},
      {"landmarks.confidence", "Confidence"},
      {"landmarks.confirmed", "placed or confirmed by a person"},
      {"landmarks.height", "Above the distal end, mm"},
      {"landmarks.name", "Landmark"},
      {"landmarks.proposed", "proposed by the program"},
      {"landmarks.title", "Landmarks"},
      {"landmarks.who", "By whom"},
      {"leg.proximal", "proximal"},
      {"leg.seen_from_the_front", "seen from the front"},
      {"level.transfemoral", "transfemoral"},
      {"level.transhumeral", "transhumeral"},
      {"level.transradial", "transradial"},
      {"level.transtibial", "transtibial"},
      {"measure.after", "Positive (inside of the socket)"},
      {"measure.ap", "AP, mm"},
      {"measure.area", "Area, cm2"},
      {"measure.before", "Limb"},
      {"measure.girth", "Girth, mm"},
      {"measure.girth_change", "Girth changed"},
      {"measure.height", "Height, mm"},
      {"measure.larger", "+{percent} %"},
      {"measure.ml", "ML, mm"},
      {"measure.note",
       "Heights are above the distal end, along the limb's axis. A girth is what a tape reads. The change is of the "
       "girth "
       "over liner and socks ({mm} mm)."},
      {"measure.same", "0 %"},
      {"measure.smaller", "\u2212{percent} %"},
      {"measure.title", "Measurements before and after"},
      {"measure.volume", "Volume below, ml"},
      {"parameters.decided", "decided for this case"},
      {"parameters.default", "the program's default"},
      {"parameters.from_template", "from the template"},
      {"parameters.name", "Parameter"},
      {"parameters.note",
       "Values that no published source confirms are marked as unverified starting values: they are a place to begin, "
       "not "
       "a recommendation."},
      {"parameters.provenance", "Where it comes from"},
      {"parameters.source", "the program's default; {source}"},
      {"parameters.template_source", "from the template; {source}"},
      {"parameters.title", "All parameters"},
      {"parameters.value", "Value"},
      {"pictures.change", "Change from limb to positive"},
      {"pictures.change_legend",
       "Blue: pressed in. White: as the limb. Orange: built up. Here from {lowest} mm in to {highest} mm out; liner "
       "and socks are not in it."},
      {"pictures.from_above", "From above"},
      {"pictures.hatched", "Hatched: surface that the scanner did not see, filled in ({area} cm2)."},
      {"pictures.limb", "The limb"},
      {"pictures.limb_note", "Dots: landmarks. Line: where the socket ends."},
      {"pictures.nothing_invented", "All of the surface was seen by the scanner."},
      {"pictures.scale", "50 mm"},
      {"pictures.sections", "Sections"},
      {"pictures.sections_note",
       "Thin brown: limb. Thick blue: positive, the inside of the socket. Grey: the wall. Heights are above the distal "
       "end."},
      {"pictures.section_at", "{height} mm up"},
      {"pictures.section_frontal", "Frontal, through the axis"},
      {"pictures.section_sagittal", "Sagittal, through the axis"},
      {"pictures.socket", "The socket"},
      {"pictures.view", "{direction} view"},
      {"pictures.wall", "Thickness of the wall"},
      {"pictures.wall_legend",
       "{asked} mm were asked. Thinnest {lowest} mm, thickest {highest} mm. Grey: rim, holes and text, where a "
       "thickness has "
       "no meaning."},
      {"place.at_height", "{height} mm above the distal end on the {direction} side"},
      {"place.region", "at the region \u201c{region}\u201d"},
      {"place.near", "near the {landmark}"},
      {"card.notes", "Notes"},
      {"card.print", "Printing takes {hours} h {minutes} min and {grams} g of filament."},
      {"pictures.pressed_in", "pressed in"},
      {"pictures.built_up", "built up"},
      {"pictures.thin", "thin"},
      {"pictures.thick", "thick, and block"},
      {"parameters.yes", "yes"},
      {"parameters.no", "no"},
      {"parameters.what", "What it is"},
      {"report.case", "Case {code}"},
      {"report.claim",
       "Fit shapes a socket and checks it against the figures in this report. No compliance with ISO 10328 or any "
       "other "
       "standard, and no conformity with any regulation of medical devices, is claimed. The person who signs has "
       "judged the "
       "socket."},
      {"report.title", "Socket report"},
      {"side.left", "left"},
      {"side.left_letter", "L"},
      {"side.right", "right"},
      {"side.right_letter", "R"},
      {"strip.how",
       "Print at 100 %, without fitting to the page; the two rulers must be 100 mm long. Cut the strip out and stand "
       "it "
       "on the table beside the socket. At each line a tape round the outside reads the first number, the cavity's "
       "girth "
       "is the second; the small figure is the height, all in mm."},
      {"strip.ruler", "100 mm"},
      {"strip.title", "Girths of the printed socket"},
      {"versions.files", "Files of this case (SHA-256)"},
      {"versions.title", "Versions and hashes"},
      {"versions.with", "Made with"},
  };
  return texts;
}

}  // namespace

std::string text(std::string_view key, std::initializer_list<Filling> fillings) {
  const auto found = english().find(key);
  if (found == english().end()) throw Error(ErrorKind::bad_params, fmt::format("The report has no text '{}'.", key));
  std::string result(found->second);
  for (const Filling& filling : fillings) {
    const std::string hole = fmt::format("{{{}}}", filling.hole);
    if (const std::size_t at = result.find(hole); at != std::string::npos)
      result.replace(at, hole.size(), filling.value);
  }
  return result;
}

std::string fixed(double value, int decimals) { return fmt::format("{:.{}f}", value, decimals); }

std::string number(double value, int decimals) {
  std::string said = fmt::format("{:.{}f}", value, decimals);
  if (said.find('.') != std::string::npos) {
    while (said.back() == '0') said.pop_back();
    if (said.back() == '.') said.pop_back();
  }
  return said == "-0" ? "0" : said;
}

}  // namespace fit
