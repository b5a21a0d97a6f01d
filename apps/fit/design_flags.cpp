#include "apps/fit/design_flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "apps/fit/number_text.h"
#include "apps/slicing/shrinkage.h"
#include "apps/slicing/slice.h"
#include "libfit/compare.h"
#include "libfit/file.h"
#include "libfit/nearest_name.h"
#include "libfit/params_json.h"
#include "libfit/tape_file.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/fuse.h"

namespace fit::cli {

namespace {

std::string unit_of(std::string_view name) {
  for (const char* unit : {"g_cm3", "mm2", "mm", "deg", "percent", "kg", "kpa"})
    if (name.ends_with(std::string("_") + unit)) return std::string_view(unit) == "g_cm3" ? "g/cm3" : unit;
  return "NUMBER";
}

template <class E>
std::string choices() {
  std::string all;
  for (std::string_view name : EnumNames<E>::names) all += (all.empty() ? "" : "|") + std::string(name);
  return all;
}

std::string without_dot(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

/// Makes the flags.
struct Describe {
  std::vector<Option>& options;
  std::string group = "What the scan is";

  void add(const char* name, const std::string& help, const std::string& value_name,
           Option::Kind kind = Option::Kind::value) const {
    options.push_back({name, help, value_name, group, kind});
  }
  static std::string range(double lowest, double highest) { return fmt::format("{:g} to {:g}", lowest, highest); }

  template <class S>
  void operator()(const Number<S>& f, double v) const {
    add(f.name, fmt::format("{} {}; {:g} unless said.", f.help, range(f.lowest, f.highest), v), unit_of(f.name));
  }
  template <class S>
  void operator()(const OptionalNumber<S>& f, const std::optional<double>&) const {
    add(f.name, fmt::format("{} {}.", f.help, range(f.lowest, f.highest)), unit_of(f.name));
  }
  template <class S>
  void operator()(const Whole<S>& f, int v) const {
    add(f.name, fmt::format("{} {}; {} unless said.", f.help, range(f.lowest, f.highest), v), "NUMBER");
  }
  template <class S>
  void operator()(const Switch<S>& f, bool v) const {
    add(f.name, fmt::format("{} {} unless said.", f.help, v ? "On" : "Off"), "", Option::Kind::on_off);
  }
  template <class S>
  void operator()(const Text<S>& f, const std::string&) const {
    add(f.name, f.help, "TEXT");
  }
  template <class S, class E>
  void operator()(const Choice<S, E>& f, E v) const {
    add(f.name, fmt::format("{} {} unless said.", f.help, name_of(v)), choices<E>());
  }
  template <class S, class E>
  void operator()(const OptionalChoice<S, E>& f, const std::optional<E>&) const {
    add(f.name, f.help, choices<E>());
  }
  template <class S>
  void operator()(const Triple<S>& f, const Eigen::Vector3d&) const {
    add(f.name, f.help, "X,Y,Z");
  }
  template <class S>
  void operator()(const OptionalTriple<S>& f, const std::optional<Eigen::Vector3d>&) const {
    add(f.name, f.help, "X,Y,Z");
  }
  template <class S, class P>
  void operator()(const Part<S, P>& f, const P& v) const {
    for_each_field(v, Describe{options, without_dot(f.help)});
  }
  /// A value that is data of its own is chosen by name, and can be changed piece by piece.
  void profile(const char* name, const char* help, const std::vector<std::string>& known) const {
    add(name, fmt::format("{} One of: {}; or a JSON file of your own.", help, fmt::join(known, ", ")), "NAME");
  }
  void operator()(const Part<RectifyParams, Template>&, const Template& v) const {
    profile("template", "The template; that of the level unless said.", template_names());
    for_each_field(v, Describe{options, group});
  }
  void operator()(const Part<AttachParams, Block>&, const Block& v) const {
    profile("block", "What joins the socket to the prosthesis below it.", block_names());
    for_each_field(v, Describe{options, group});
  }
  void operator()(const OptionalPart<Design, Printer>& f, const std::optional<Printer>&) const {
    const Describe describe{options, without_dot(f.help)};
    describe.profile(f.name, "The printer.", printer_names());
    const Printer defaults;
    for_each_field(defaults, describe);
  }
  void operator()(const OptionalPart<Design, Material>& f, const std::optional<Material>&) const {
    const Describe describe{options, without_dot(f.help)};
    describe.profile(f.name, "The material.", material_names());
    const Material defaults;
    for_each_field(defaults, describe);
  }
  void operator()(const List<TapeParams, TapeGirth>& f, const std::vector<TapeGirth>&) const {
    add(f.name,
        "Girths read by hand, a file (CSV with below_mpt_mm,girth_mm, or JSON), or in words: \"40:312 80:298\"; the "
        "scan is "
        "scaled to them.",
        "FILE");
  }
  void operator()(const List<Design, Override>&, const std::vector<Override>&) const {
    add("override", "Prints in spite of the finding of that code; the reason is kept with the case.", "CODE=REASON",
        Option::Kind::repeated);
  }
  template <class S, class P>
  void operator()(const List<S, P>& f, const std::vector<P>&) const {
    add(f.name, fmt::format("{} A JSON list, or a file that holds one.", f.help), "LIST");
  }
  void operator()(const Table<Design, Landmark, LandmarkPlace>& f, const Landmarks&) const {
    add(f.name, "Landmarks that a person placed, a file as `fit landmarks` writes it.", "FILE");
    add("landmarks_confirmed", "A person looked at the landmarks that `fit landmarks` proposes and agrees.", "",
        Option::Kind::on);
  }
};

[[noreturn]] void refuse(const std::string& sentence) { throw Error(ErrorKind::bad_params, sentence); }

template <class Value>
Value number_from(const std::string& flag, const std::string& text, const char* kind) {
  const std::string latin = with_latin_digits(text);
  const char* begin = latin.data() + (latin.starts_with('+') ? 1 : 0);
  const char* end = latin.data() + latin.size();
  Value value{};
  const auto [stop, problem] = std::from_chars(begin, end, value);
  if (problem != std::errc() || stop != end) {
    const bool comma = std::count(latin.begin(), latin.end(), ',') == 1;
    refuse(
        fmt::format("{} is '{}', which is not {}{}.", flag, text, kind, comma ? "; write a point, not a comma" : ""));
  }
  return value;
}

Eigen::Vector3d triple_from(const std::string& flag, const std::string& text) {
  Eigen::Vector3d triple;
  std::size_t begin = 0;
  for (int i = 0; i < 3; ++i) {
    const std::size_t end = i < 2 ? text.find(',', begin) : text.size();
    if (end == std::string::npos) refuse(fmt::format("{} is '{}'; it must be three numbers: X,Y,Z.", flag, text));
    triple[i] = number_from<double>(flag, text.substr(begin, end - begin), "three numbers: X,Y,Z");
    begin = end + 1;
  }
  return triple;
}

nlohmann::ordered_json json_from(const std::string& flag, const std::string& text) {
  const bool is_json = text.starts_with('[') || text.starts_with('{');
  const std::string source = is_json ? text : read_file(text);
  try {
    return nlohmann::ordered_json::parse(source);
  } catch (const nlohmann::json::exception&) {
    refuse(fmt::format("{} {} is not JSON.", flag, is_json ? "'" + text + "'" : text));
  }
}

/// "40:312 80:298": 312 mm round the limb 40 mm below the mid-patellar tendon, and so on.
bool is_tape_in_words(const std::string& text) {
  return !text.empty() && text.find(':') != std::string::npos &&
         text.find_first_not_of("0123456789.,:- ") == std::string::npos;
}

std::string tape_csv(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '\n');
  std::replace(words.begin(), words.end(), ':', ',');
  return "below_mpt_mm,girth_mm\n" + words + "\n";
}

Override override_from(const std::string& text) {
  const auto equals = text.find('=');
  const std::string code = text.substr(0, equals);
  const auto codes = finding_codes();
  if (std::find(codes.begin(), codes.end(), code) == codes.end())
    refuse(fmt::format("--override '{}' is not the code of a finding{}", code, did_you_mean(code, codes)));
  if (!can_be_overridden(code)) refuse(fmt::format("The finding '{}' cannot be overridden.", code));
  const std::string reason = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (reason.find_first_not_of(' ') == std::string::npos)
    refuse(fmt::format("--override {} needs a reason: --override {}=\"why the socket is made all the same\".", code,
                       code));
  return {code, reason};
}

/// Applies what was said.
struct Apply {
  const Arguments& said;

  template <class Use>
  void use(const char* name, Use&& use_text) const {
    if (const auto text = said.find(name)) use_text(flag_of(name), *text);
  }
  static double in_range(const std::string& flag, double value, double lowest, double highest) {
    params_detail::Validate::range(flag.c_str(), value, lowest, highest);
    return value;
  }

  template <class S>
  void operator()(const Number<S>& f, double& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) {
      v = in_range(flag, number_from<double>(flag, text, "a number"), f.lowest, f.highest);
    });
  }
  template <class S>
  void operator()(const OptionalNumber<S>& f, std::optional<double>& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) {
      v = in_range(flag, number_from<double>(flag, text, "a number"), f.lowest, f.highest);
    });
  }
  template <class S>
  void operator()(const Whole<S>& f, int& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) {
      v = number_from<int>(flag, text, "a whole number");
      in_range(flag, v, f.lowest, f.highest);
    });
  }
  template <class S>
  void operator()(const Switch<S>& f, bool& v) const {
    use(f.name, [&](const std::string&, const std::string& text) { v = text == "true"; });
  }
  template <class S>
  void operator()(const Text<S>& f, std::string& v) const {
    use(f.name, [&](const std::string&, const std::string& text) { v = text; });
  }
  template <class S, class E>
  void operator()(const Choice<S, E>& f, E& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) { v = value_named<E>(flag.c_str(), text); });
  }
  template <class S, class E>
  void operator()(const OptionalChoice<S, E>& f, std::optional<E>& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) { v = value_named<E>(flag.c_str(), text); });
  }
  template <class S>
  void operator()(const Triple<S>& f, Eigen::Vector3d& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) { v = triple_from(flag, text); });
  }
  template <class S>
  void operator()(const OptionalTriple<S>& f, std::optional<Eigen::Vector3d>& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) { v = triple_from(flag, text); });
  }
  template <class S, class P>
  void operator()(const Part<S, P>&, P& v) const {
    for_each_field(v, *this);
  }
  template <class S, class P>
  void operator()(const OptionalPart<S, P>&, std::optional<P>& v) const {
    P part = v.value_or(P{});
    const P before = part;
    for_each_field(part, *this);
    if (v || part != before) v = part;
  }
  void operator()(const Part<Design, TapeParams>&, TapeParams& v) const {
    use("tape", [&](const std::string&, const std::string& path) {
      const TapeFile file = is_tape_in_words(path) ? parse_tape(tape_csv(path), "--tape") : read_tape(path);
      v.tape = file.tape;
      v.tape_over = file.tape_over.value_or(v.tape_over);
    });
    for_each_field(v, *this);
  }
  /// Read with the rest of its file.
  void operator()(const List<TapeParams, TapeGirth>&, std::vector<TapeGirth>&) const {}
  void operator()(const List<Design, Override>&, std::vector<Override>& v) const {
    for (const std::string& text : said.all("override")) {
      Override decision = override_from(text);
      std::erase_if(v, [&](const Override& earlier) { return earlier.finding == decision.finding; });
      v.push_back(std::move(decision));
    }
  }
  template <class S, class P>
  void operator()(const List<S, P>& f, std::vector<P>& v) const {
    whole(f, v);
  }
  /// They may need the limb found first: see place_landmarks.
  void operator()(const Table<Design, Landmark, LandmarkPlace>&, Landmarks&) const {}

  /// A list is replaced as a whole, read as the project file reads it.
  template <class Field, class V>
  void whole(const Field& f, V& v) const {
    use(f.name, [&](const std::string& flag, const std::string& text) {
      const nlohmann::ordered_json json{{f.name, json_from(flag, text)}};
      std::vector<std::string> known;
      params_detail::ReadJson{json, "", known}(f, v);
    });
  }
};

/// Calls `visit` for the fields of a Design that are named, or for all.
template <class Visit>
struct Named {
  std::initializer_list<std::string_view> parts;
  Visit visit;
  template <class F, class V>
  void operator()(const F& field, V& value) const {
    if (parts.size() == 0 || std::find(parts.begin(), parts.end(), field.name) != parts.end()) visit(field, value);
  }
};

}  // namespace

std::vector<Option> design_options(std::initializer_list<std::string_view> parts) {
  std::vector<Option> options;
  const Design defaults;
  for_each_field(defaults, Named<Describe>{parts, Describe{options}});
  return options;
}

void apply_choices(const Arguments& said, Design& design) {
  Design asked = design;
  apply_flags(said, asked);
  if (const auto name = said.find("template"))
    design.rectify.rectification = load_template(*name);
  else if (design.rectify.rectification.template_name.empty() && asked.locate.level)
    design.rectify.rectification = load_template(default_template(*asked.locate.level));
  if (const auto name = said.find("block"))
    design.attach.block = load_block(*name);
  else if (design.attach.block.block_name.empty())
    design.attach.block = load_block(kDefaultBlock);
  if (const auto name = said.find("printer")) design.printer = load_printer(*name);
  if (const auto name = said.find("material")) design.material = load_material(*name);
  apply_flags(said, design);
}

template <Params S>
std::vector<Option> options_of(const S& defaults, const std::string& group) {
  std::vector<Option> options;
  for_each_field(defaults, Describe{options, group});
  return options;
}

template <Params S>
void apply_flags(const Arguments& said, S& params) {
  for_each_field(params, Apply{said});
  validate(params);
}

template void apply_flags(const Arguments&, Design&);
template std::vector<Option> options_of(const GenerateParams&, const std::string&);
template void apply_flags(const Arguments&, GenerateParams&);
template std::vector<Option> options_of(const AopSampling&, const std::string&);
template void apply_flags(const Arguments&, AopSampling&);
template std::vector<Option> options_of(const FuseParams&, const std::string&);
template void apply_flags(const Arguments&, FuseParams&);
template std::vector<Option> options_of(const CompareParams&, const std::string&);
template void apply_flags(const Arguments&, CompareParams&);
template std::vector<Option> options_of(const RingParams&, const std::string&);
template void apply_flags(const Arguments&, RingParams&);
template std::vector<Option> options_of(const RingMeasured&, const std::string&);
template void apply_flags(const Arguments&, RingMeasured&);
template std::vector<Option> options_of(const SliceParams&, const std::string&);
template void apply_flags(const Arguments&, SliceParams&);

}  // namespace fit::cli
