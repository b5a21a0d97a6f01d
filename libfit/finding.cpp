#include "libfit/finding.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "libfit/error.h"

namespace fit {

namespace {

struct Entry {
  const char* sentence;
  const char* remedy;
  bool can_be_overridden = true;
};

/// Alphabetical. {name} is replaced by the value of that name: a number with at most one decimal, or a word.
const std::map<std::string, Entry, std::less<>>& catalogue() {
  static const std::map<std::string, Entry, std::less<>> entries{
      {"anterior_by_convention",
       {"Which way is anterior cannot be told from the shape at this level: the frame's y lies along the narrower side.",
        "Check the frame, and give directions of the block with that in mind."}},
      {"aop_detail_lost",
       {"The surface lies up to {most_mm} mm beside what the radii of the .aop file hold.",
        "Take more radii and slices, or send the STL."}},
      {"aop_end_flat",
       {"The axis does not meet the surface in its lowest {flat_mm} mm: the .aop file ends flat above them.",
        "Turn the shape so that its axis runs through its distal end, or send the STL."}},
      {"aop_landmarks_off",
       {"Landmarks of the .aop file whose radius is not that of its surface: {landmarks}. They are kept at their angle "
        "and height, on the surface.",
        "Look at each, and place it anew where it is wrong."}},
      {"aop_not_written",
       {"There is no positive.aop: {why}", "Carve from draping_model.stl, or send positive.ply to the carver."}},
      {"aop_radii_filled",
       {"{radii} radii of the .aop file are zero; they were filled from those beside them.",
        "Look at the place, and have the file made again where it is wrong."}},
      {"aop_side_differs",
       {"The .aop file says {file_side} and the design says {design_side}.",
        "Find out whose limb this is before anything is made."}},
      {"aop_slices_empty", {"{slices} slices of the .aop file hold no shape; they were left out.", ""}},
      {"aop_undercuts",
       {"The surface turns back below itself at {radii} of the .aop file's radii, by up to {depth_mm} mm: a polar grid "
        "cannot hold that, and the outermost surface was taken.",
        "Send the STL where the carver can take one."}},
      {"as_printed",
       {"Read back from the G-code, the inside of the printed socket lies {mean_mm} mm {side} the positive on average, the "
        "middle half of it within {iqr_mm} mm, 95 % within {largest_mm} mm; {seen_percent} % of the wall was seen.",
        ""}},
      {"as_printed_off",
       {"Read back from the G-code, the inside of the printed socket lies {mean_mm} mm {side} the positive on average, the "
        "middle half of it within {iqr_mm} mm; {acceptable_mean_mm} and {acceptable_iqr_mm} mm are held acceptable (Sanders "
        "2012).",
        "Take thinner layers or a finer nozzle, and look at the size compensation in the printer's profile."}},
      {"as_printed_unseen",
       {"Of the inside of the socket only {seen_percent} % was found among the outlines in the G-code: whether it prints as "
        "drawn is not known.",
        "Look at the layers in the slicer's preview before printing."}},
      {"axis_by_walls",
       {"The limb is too wide for its length to show an axis by its cross-sections: the axis of its walls was taken.",
        "Check the alignment on the person, or give the axis with --axis."}},
      {"axis_of_short_limb",
       {"The limb is {length_mm} mm long up to the mid-patellar tendon and {width_mm} mm wide: the axis of so short a "
        "limb leans with every bulge of it.",
        "Check the alignment on the person, or give the axis with --axis."}},
      {"block_beside_socket",
       {"The distal block, {width_mm} mm wide, stands out beside the end of the limb.",
        "Take a smaller block, or shift it below the limb with block_anterior_mm and block_lateral_mm."}},
      {"block_misplaced",
       {"The distal block is not where it was placed: the socket ends {off_mm} mm from its base.",
        "Make the socket again; report it if it happens twice.", false}},
      {"block_missing",
       {"No distal block was chosen, so nothing can be joined to the socket.",
        "Choose a connector, or 'none' for a socket without a block.", false}},
      {"body_mass_beyond",
       {"The person weighs {body_mass_kg} kg, which is more than any test level of ISO 10328 is for.",
        "Do not use a printed socket without a test of its own."}},
      {"body_mass_high",
       {"The person weighs {body_mass_kg} kg (level {level} of ISO 10328); printed walls were studied up to 100 kg.",
        "Have the socket tested, or take another technique."}},
      {"body_mass_level",
       {"The person weighs {body_mass_kg} kg: sockets for them are tested at level {level} of ISO 10328. No compliance "
        "is claimed.",
        ""}},
      {"body_mass_unknown",
       {"The body mass was not given, so the wall was not checked against it.", "Say it with --body-mass-kg."}},
      {"bolt_beside_socket",
       {"Holes of the distal block that do not open into the cavity all round: {holes}.",
        "Take a smaller block, or shift it below the limb with block_anterior_mm and block_lateral_mm."}},
      {"build_up_high",
       {"The positive is built up by {build_up_mm} mm; {most_mm} mm is the most that is usual.",
        "Check the region's value, and that the socket still holds the limb there."}},
      {"camera_focal_assumed",
       {"The recording does not say its camera's focal length; {focal_px} px, the usual of its kind, was taken.",
        "Put an intrinsic.json into the folder, or calibrate the camera with `fit calibrate`."}},
      {"camera_gone",
       {"The camera sent no more after {frames} frames: it was unplugged, or another program took it.",
        "What was seen until then is kept; plug it in and scan again if parts are missing."}},
      {"camera_not_calibrated",
       {"This camera ({device}) was never calibrated: its maker's focal length may make a limb some percent too large or "
        "too small.",
        "Calibrate it once with a printed board (`fit calibrate`), and check the scan against a tape."}},
      {"cap_removed",
       {"The scan was closed by a flat cap of {area_cm2} cm2, taken for the proximal end and removed.", ""}},
      {"carve_deep",
       {"The positive is carved {carve_mm} mm deep; {most_mm} mm is the most that is usual, at the patellar tendon.",
        "Check the region's value and the landmark that it hangs on."}},
      {"carve_unconfirmed",
       {"The template carves ({regions}), and no person has confirmed the landmarks it hangs on: {landmarks}.",
        "Check each landmark on the limb and confirm it; a bar that is carved onto the fibular head injures the peroneal nerve."}},
      {"carving_stock",
       {"The positive with its extension of {extension_mm} mm is carved of a round blank of {diameter_mm} mm, "
        "{length_mm} mm long, {bore}, whose axis lies along the limb's at x {x_mm} and y {y_mm} mm.",
        ""}},
      {"closed_end_cut",
       {"The scan was closed all round; its thicker end, {area_cm2} cm2 of skin, was taken for the proximal one and cut off.",
        "Check that the open end is the proximal one, or cut the scan across above the trimline before it is read."}},
      {"crease_rounded",
       {"The positive has creases narrower than {width_mm} mm, in which the socket would stand as a sharp fin; they were "
        "rounded off, by up to {depth_mm} mm.",
        "Look at the place: smooth the scan there, unless it is a scar."}},
      {"crossings_removed",
       {"The scan crossed itself; pairs of triangles that were cut out and filled anew: {pairs}.", ""}},
      {"crumb_dropped",
       {"A crumb of {volume_mm3} mm3 that did not hang on to the socket was left out.", ""}},
      {"donning_impossible",
       {"The limb cannot get in: its girth of {widest_girth_mm} mm at {widest_height_mm} mm must pass "
        "{narrowest_girth_mm} mm at {narrowest_height_mm} mm, a squeeze of {squeeze_mm} mm in diameter.",
        "Lower the trimline, build up the narrow section, or make a socket that opens."}},
      {"donning_tight",
       {"Getting in takes a squeeze of {squeeze_mm} mm in diameter: {widest_girth_mm} mm of girth at "
        "{widest_height_mm} mm must pass {narrowest_girth_mm} mm at {narrowest_height_mm} mm.",
        "Try it with the person before the socket is finished."}},
      {"draping_model_cut",
       {"The draping model is {height_mm} mm high and the {printer} prints up to {greatest_mm} mm: it is also there in "
        "{pieces} pieces, draping_model_1.stl the most distal, with round keys in draping_model_keys.stl.",
        "Glue each joint with its thick and its thin key, and smooth the seam before draping."}},
      {"draping_model_softens",
       {"A draping model of {material} softens from about {softens_c} degrees, and polypropylene is draped at about "
        "{draping_c} degrees.",
        "Fill it with plaster around its mandrel before draping, and check its girths afterwards; or carve it."}},
      {"draping_model_too_wide",
       {"The draping model is {width_mm} x {depth_mm} mm wide and does not fit the bed of the {printer}.",
        "Have it carved from positive.aop, or print it elsewhere; the socket is not concerned."}},
      {"file_coarse_numbers",
       {"The scan lies so far from its file's origin that the 32-bit numbers there have steps of {step_percent} % of "
        "its size.",
        "Move the scan to the origin in the scanner's program and export it again."}},
      {"file_collapsed_triangles",
       {"Triangles of the file with two corners in the same place were left out: {triangles}.", ""}},
      {"file_faces_left_out", {"Faces of the file with fewer than three corners were left out: {faces}.", ""}},
      {"file_supports_left_out", {"Objects of the file that support a print were left out: {supports}.", ""}},
      {"file_triangle_count",
       {"The file's header promises {promised} triangles and the file holds {held}; all that are there were read.",
        "Check that the scan is whole; export it again if it is not."}},
      {"flat_part_removed",
       {"A flat part {width_mm} mm wide and {area_cm2} cm2 large (floor, table, seat or wall) was removed.", ""}},
      {"fold_bridged",
       {"Folds of the skin, up to {depth_mm} mm deep, close under the liner: the positive bridges them, over {area_cm2} "
        "cm2.",
        "Look at the place: the socket does not hold the skin in the fold."}},
      {"girth_enlarged_far",
       {"The positive is {percent} % wider in girth than the limb with what it wears, at {height_mm} mm; "
        "{most_percent} % is the most that is usual.",
        "Check the reductions, and the liner and socks that were said."}},
      {"girth_reduced_far",
       {"The girth is reduced by {percent} % at {height_mm} mm; {most_percent} % is the most in use, over a thick "
        "liner.",
        "Check the reductions, and the liner and socks that were said."}},
      {"hole_large",
       {"The scan has a hole {width_mm} mm wide; holes up to {limit_mm} mm may be filled by guess.",
        "Scan the limb again all round, or allow wider holes with --largest-hole-mm."}},
      {"holes_filled",
       {"Holes of the scan filled by the curvature around them: {holes}, {area_cm2} cm2 in all; the widest is {width_mm} mm.",
        "Compare the filled skin with the limb before the socket is used."}},
      {"identifier_left_out",
       {"There is no room for the identifier between the distal block and the trimline.",
        "Shorten it, or write it on the socket by hand."}},
      {"knee_doubtful",
       {"The knee was found with {sure_percent} % confidence only, and with it the frame and every landmark.",
        "Place the mid-patellar tendon by hand."}},
      {"landmarks_doubtful",
       {"These landmarks were found with doubt: {landmarks}.", "Look at each on the limb, and place or confirm it."}},
      {"landmarks_unconfirmed",
       {"Landmarks not confirmed by a person: {landmarks}.", "Check each landmark on the limb and confirm it."}},
      {"not_solid", {"{why}", "Close it where it is open before it is printed; `fit repair` mends scans only.", false}},
      {"other_limb_removed",
       {"The scan holds another part that could be a limb, {share_percent} % of the volume of the one kept.",
        "If that one is the residual limb, cut the other away before the scan is read."}},
      {"overhang",
       {"{percent} % of the surface, {area_cm2} cm2, hangs over by more than 45 degrees as it is printed.",
        "Print it with supports there, or turn the block less against the limb."}},
      {"part_bodies",
       {"The file holds {bodies} bodies that do not hang together.", "Check that each of them is meant to be printed."}},
      {"part_wall_thinnest",
       {"The wall is {thinnest_mm} mm at its thinnest, over 1 cm2 and more.", ""}},
      {"parts_joined",
       {"Parts of the skin that the scan held apart and that were joined to the limb: {parts}, {area_cm2} cm2 in all.", ""}},
      {"parts_removed",
       {"Parts of the scan that are not the limb and were left out: {parts}, {area_cm2} cm2 in all.", ""}},
      {"positive_crosses",
       {"The positive crosses itself in {pairs} places: the walls of a deep fold or crease run through each other there.",
        "Clean the scan there, or reduce the allowance, the carve or the build-up beside it.", false}},
      {"printer_too_small",
       {"The print is {width_mm} x {depth_mm} x {height_mm} mm and does not fit the {printer}, however it is turned. "
        "Printers that would do: {printers}.",
        "Take a larger printer, or lower the trimline.", false}},
      {"printer_turn",
       {"The print fits the {printer} when it is turned by {turn_deg} degrees about the vertical; the print files are "
        "turned so.",
        ""}},
      {"printers_all_too_small",
       {"The print is {width_mm} x {depth_mm} x {height_mm} mm and fits none of the printers that are known.",
        "Find a larger printer, or lower the trimline."}},
      {"printers_that_fit",
       {"The print is {width_mm} x {depth_mm} x {height_mm} mm. Printers that would do: {printers}.", ""}},
      {"recording_cut_short",
       {"The recording ends in the middle of a frame, as when its program or the power failed; what is before was read.",
        ""}},
      {"recording_frames_damaged",
       {"{lost} of the recording's {frames} frames are damaged and were left out.", "Copy the recording again."}},
      {"reduction_missed",
       {"The circumference {height_mm} mm above the distal end was to be reduced by {asked_percent} % and is by {reached_percent} %: "
        "what is spared there leaves too little to reduce.",
        "Make the reliefs smaller, or accept the girth that was reached."}},
      {"region_not_placed",
       {"Regions of the template were left out, as their landmarks are not known or their places are beyond the scan: {regions}.",
        "Place the landmarks, or scan higher."}},
      {"relief_carved",
       {"The positive is carved by {carve_mm} mm over the {landmark}, where bone lies under the skin.",
        "Check the landmark, and keep the region free."}},
      {"rim_evened",
       {"The proximal rim of the scan was torn by {roughness_mm} mm; its teeth, {area_cm2} cm2 of skin, were cut off.", ""}},
      {"rim_sharp",
       {"The rim has an edge at which its surface turns by {turn_deg} degrees.",
        "Take a larger radius for the rim, or round it by hand."}},
      {"rim_wall_thin",
       {"The wall is {wall_mm} mm at the trimline; sockets of active people broke there below {least_mm} mm.",
        "Take a trimline wall of {least_mm} mm."}},
      {"scan_lost",
       {"The camera's place was lost {times} times: {lost} of {frames} frames are not in the scan.",
        "Move more slowly, keep the limb in the middle of the picture, and go back to where it was lost."}},
      {"scan_moved",
       {"Views of the same skin lie {residual_mm} mm apart: the limb moved or changed, or the camera's scale is wrong.",
        "Rest the limb, calibrate the camera, and scan again."}},
      {"scan_too_large",
       {"The scan reached further than there is memory for; what came last is not in it.",
        "Say what is to be scanned with --subject-radius-mm, or take larger voxels with --voxel-mm."}},
      {"scan_unseen",
       {"Of the limb's sides and distal end {unseen_percent} % were not seen, most of it {where}.",
        "Scan again, and {advice}; what stays unseen is closed by guess and marked as invented."}},
      {"seams_sewn", {"Seams of the scan were sewn: {corners} corners and {edges} edges of triangles.", ""}},
      {"self_crossing",
       {"The surface crosses itself; pairs of triangles that do: {pairs}.",
        "Make the socket again at another resolution; report it.", false}},
      {"sheets_parted",
       {"Sheets of the scan that met in {edges} edges and {corners} points were parted.", ""}},
      {"shrinkage_compensated",
       {"The print files are drawn larger by what {material} shrinks: {xy_percent} % in the plane of the bed, {z_percent} % "
        "in height.",
        "Measure the first print cold; the report's figures are of the cold socket."}},
      {"side_contradicted",
       {"The limb is said to be a {given} one, and its shape is that of a {seen} one: a wrong click, or a mirrored export.",
        "Check the side on the person and in the scanner's app before anything is made."}},
      {"skin_smoothed",
       {"Waves of the skin shorter than {wave_mm} mm, {noise_um} micrometres high in the mean, were smoothed away; the volume "
        "changed by {volume_per_mille} per mille.",
        ""}},
      {"sliced",
       {"Printing takes about {print_time} and {filament_g} g of {material} in {layers} layers on the {printer}, says "
        "the "
        "slicer.",
        ""}},
      {"sliced_layers_missing",
       {"The slicer left out {gap_mm} mm of the part's height, above {height_mm} mm.",
        "Do not print it; slice again with other settings, and report it.", false}},
      {"sliced_off_bed",
       {"What the slicer prints reaches {beyond_mm} mm beyond the bed of the {printer}.",
        "Take a larger printer, or a smaller brim.", false}},
      {"sliced_size_differs",
       {"The part in the G-code is {difference_mm} mm larger or smaller than the part itself.",
        "Do not print it; check the printer's profile, and report it.", false}},
      {"sliced_too_tall",
       {"The G-code is {printed_height_mm} mm high, and the {printer} prints up to {greatest_height_mm} mm.",
        "Take a taller printer.", false}},
      {"sliced_volume_differs",
       {"The G-code holds {printed_percent} % of the plastic that the part needs.",
        "Do not print it; slice again with other settings, and report it.", false}},
      {"smoothing_not_needed",
       {"The skin was left as scanned: its noise is {noise_um} micrometres, too little to smooth.", ""}},
      {"smoothing_refused",
       {"The skin was left as scanned: smoothed over {wave_mm} mm it would cross itself.", "Smooth over shorter waves."}},
      {"socks_not_added",
       {"The scan was taken over the liner, so nothing was added for {sock_ply} ply of sock.",
        "If the socks were not worn over the liner when it was scanned, reduce less instead."}},
      {"spikes_removed",
       {"Cut out of the scan and filled anew: spikes {spikes}, folds {folds}.", ""}},
      {"tape_factor_large",
       {"The scan had to be changed by {change_percent} % {where} to fit the tape.",
        "Measure again; a scanner is seldom more than 3 % off."}},
      {"tape_scaled", {"The limb was scaled to the tape at {stations} stations, by {change_percent} % in the mean.", ""}},
      {"tape_station_off",
       {"With one factor for the whole limb the girth {below_mm} mm below the mid-patellar tendon is {off_percent} % off "
        "the tape.",
        "Measure there again, or grade the factor along the limb with --tape-scaling graded."}},
      {"template_unverified",
       {"Values of the template '{template}' that no source stands behind: {values}.",
        "They are starting values; decide each for this person."}},
      {"triangles_removed",
       {"Triangles left out: without area {flat}, there twice {repeated}.", ""}},
      {"triangles_turned", {"Triangles that faced the wrong way and were turned over: {triangles}.", ""}},
      {"trimline_low",
       {"The trimline runs {below_mm} mm below the tibial tubercle on the {place} side.",
        "Raise the trimline, or check the landmark of the tubercle."}},
      {"trimline_lowered",
       {"The scan ends too low for the template's trimline: it was lowered by up to {lowered_mm} mm, most on the {place} side, to leave 10 mm "
        "of scan above it.",
        "Scan higher above the knee, or decide whether the lower trimline will do."}},
      {"units_converted",
       {"The file's numbers were read as {unit}: the limb is {length_mm} mm long.",
        "If that is wrong, say the unit with --units."}},
      {"units_doubtful",
       {"The scan's numbers are said to be {unit}, and then it is {length_mm} mm long; {likely} would fit a limb.",
        "Check the unit; say another with --units."}},
      {"units_unknown",
       {"The size of the scan fits no unit of a limb's length: it measures {size} in the file's own numbers.",
        "Say the unit with --units, or check that the file holds a limb.", false}},
      {"void_filled",
       {"A sealed void of {volume_mm3} mm3 between folds of the socket's outer surface was filled.", ""}},
      {"wall_below_material",
       {"The wall is {wall_mm} mm; for {material} it should be {least_mm} mm at least.",
        "Take a thicker wall, or another material."}},
      {"wall_for_activity",
       {"A wall of {wall_mm} mm is too thin for a person of {activity} activity: {least_mm} mm is the least that has "
        "held.",
        "Take a wall of {least_mm} mm."}},
      {"wall_low_activity_only",
       {"A wall of {wall_mm} mm has held at low activity only; under active people such walls broke.",
        "Take 6 mm if the person walks more than a little."}},
      {"wall_missing",
       {"The socket has next to no wall: {thinnest_mm} mm where {asked_mm} mm were asked.",
        "Make the socket again at a finer resolution; report it.", false}},
      {"wall_region_thin",
       {"The wall is {measured_mm} mm at a place where {asked_mm} mm were asked.", "Look at the wall map there."}},
      {"wall_thin",
       {"The wall is {thinnest_mm} mm at its thinnest, where {asked_mm} mm were asked.",
        "Make the socket again at a finer resolution, or take a thicker wall."}},
      {"wall_thinnest", {"The wall is {thinnest_mm} mm at its thinnest; {asked_mm} mm were asked.", ""}},
  };
  return entries;
}

const Entry& entry(const std::string& code) {
  const auto found = catalogue().find(code);
  if (found == catalogue().end())
    throw Error(ErrorKind::bad_params, fmt::format("'{}' is not the code of a finding.", code));
  return found->second;
}

std::string filled(const char* text, const Finding& finding) {
  std::string result = text;
  for (const FindingValue& value : finding.values) {
    const std::string hole = "{" + value.name + "}";
    std::string said = value.word;
    if (said.empty()) {
      said = fmt::format("{:.1f}", value.number);
      if (said.ends_with(".0")) said.resize(said.size() - 2);
      if (said == "-0") said = "0";
    }
    for (std::size_t at = result.find(hole); at != std::string::npos; at = result.find(hole, at + said.size()))
      result.replace(at, hole.size(), said);
  }
  return result;
}

}  // namespace

std::string sentence(const Finding& finding) { return filled(entry(finding.code).sentence, finding); }
std::string remedy(const Finding& finding) { return filled(entry(finding.code).remedy, finding); }

Findings said_once(const Findings& findings) {
  Findings once;
  std::set<std::string> said;
  for (const Finding& finding : findings)
    if (said.insert(finding.code + sentence(finding)).second) once.push_back(finding);
  return once;
}

bool can_be_overridden(const std::string& code) { return entry(code).can_be_overridden; }

std::vector<std::string> finding_codes() {
  std::vector<std::string> codes;
  for (const auto& [code, unused] : catalogue()) codes.push_back(code);
  return codes;
}

}  // namespace fit
