#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "apps/report/html.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"
#include "libfit/params_json.h"

namespace fit::report {

namespace {

using Json = nlohmann::ordered_json;

/// Where the defaults that touch a patient come from, by the field's name.
const std::map<std::string_view, std::string_view>& sources() {
  static const std::map<std::string_view, std::string_view> table{
      {"adduction_deg", kUnverified},
      {"block_gap_mm", kUnverified},
      {"distal_wall_mm", kUnverified},
      {"flexion_deg", "contracture + 5 deg, bench alignment"},
      {"trimline_wall_mm", "Prosthesis 2022, 4:589"},
      {"sock_table", kUnverified},
      {"wall_mm", "Prosthesis 2022, 4:589"},
  };
  return table;
}

bool says_nothing(const Json& value) {
  return value.is_null() || value == false || value == 0.0 || value == "" || (value.is_array() && value.empty());
}

std::string plain(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return text(value.get<bool>() ? "parameters.yes" : "parameters.no");
  if (value.is_number_float()) return number(value.get<double>(), 3);
  std::string list;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items())
      if (!says_nothing(member))
        list += (list.empty() ? "" : ", ") + (member.is_string() ? "" : key + " ") + plain(member);
    return list;
  }
  if (!value.is_array()) return value.dump();
  const bool of_objects = !value.empty() && value[0].is_object();
  for (const Json& item : value) list += (list.empty() ? "" : of_objects ? "; " : ", ") + plain(item);
  return list;
}

constexpr const char* kProvenance = "provenance";

/// The members by which some item of a list differs from nothing, in their order; where each comes from stands last.
std::vector<std::string> columns_of(const Json& items) {
  std::vector<std::string> columns;
  for (const auto& [key, unused] : items.front().items())
    if (key != kProvenance && std::any_of(items.begin(), items.end(), [&](const Json& item) {
          return item.contains(key) && !says_nothing(item[key]);
        }))
      columns.push_back(key);
  return columns;
}

bool is_unverified_text(const std::string& said) { return said.find(kUnverified) != std::string::npos; }

/// A table of its own for the items of a list, a column a member. `from` says where an item comes from that does not
/// say so itself.
std::string table_of(const Json& items, const std::string& from) {
  const std::vector<std::string> columns = columns_of(items);
  std::string html = "<table class=\"items\"><tr>";
  for (const std::string& column : columns) html += fmt::format("<th>{}</th>", escaped(column));
  html += fmt::format("<th>{}</th></tr>", escaped(text("parameters.provenance")));
  for (const Json& item : items) {
    html += "<tr>";
    for (const std::string& column : columns)
      html += fmt::format("<td>{}</td>", item.contains(column) ? escaped(plain(item[column])) : "");
    const std::string origin = item.contains(kProvenance) ? plain(item[kProvenance]) : from;
    html +=
        fmt::format("<td{}>{}</td></tr>", is_unverified_text(origin) ? " class=\"unverified\"" : "", escaped(origin));
  }
  return html + "</table>";
}

/// Rows of the table: walks the field lists of a design beside those of an untouched one.
class Rows {
 public:
  template <Params S>
  void add(const S& params, const S& defaults, bool in_template) {
    std::apply(
        [&](const auto&... field) { (one(field, params.*(field.member), defaults.*(field.member), in_template), ...); },
        S::fields());
  }
  std::string html() const { return html_; }

 private:
  template <class S, class P>
  void one(const Part<S, P>& field, const P& value, const P& fallback, bool in_template) {
    heading(field.help);
    add(value, fallback, in_template || std::string_view(field.name) == "rectification");
  }
  template <class S, class P>
  void one(const OptionalPart<S, P>& field, const std::optional<P>& value, const std::optional<P>&, bool) {
    if (!value) return;
    heading(field.help);
    add(*value, *value, true);
  }
  template <class S, class P>
  void one(const List<S, P>& field, const std::vector<P>& items, const std::vector<P>& fallback, bool in_template) {
    if (items.empty()) return;
    Json list = Json::array();
    for (const P& item : items) list.push_back(to_json(item));
    const std::string from = in_template         ? text("parameters.from_template")
                             : items == fallback ? origin(field.name)
                                                 : text("parameters.decided");
    html_ += std::exchange(heading_, "");
    html_ += fmt::format("<tr><td><code>{}</code></td><td colspan=\"3\" class=\"help\">{}{}</td></tr>",
                         escaped(field.name), escaped(field.help), table_of(list, from));
  }
  // Landmarks have a table of their own.
  template <class S, class E, class P>
  void one(const Table<S, E, P>&, const std::map<E, P>&, const std::map<E, P>&, bool) {}
  template <class F, class V>
  void one(const F& field, const V& value, const V& fallback, bool in_template) {
    Json json = Json::object();
    params_detail::WriteJson{json}(field, value);
    if (json.empty()) return;
    row(field.name, field.help, plain(json.begin().value()),
        in_template         ? text("parameters.from_template")
        : value == fallback ? origin(field.name)
                            : text("parameters.decided"));
  }

  static std::string origin(std::string_view name) {
    const auto found = sources().find(name);
    if (found == sources().end()) return text("parameters.default");
    return text("parameters.source", {{"source", std::string(found->second)}});
  }
  void heading(std::string_view help) {
    heading_ = fmt::format("<tr class=\"part\"><th colspan=\"4\">{}</th></tr>", escaped(help));
  }
  void row(std::string_view name, std::string_view help, const std::string& value, const std::string& from) {
    const bool unverified = is_unverified_text(from + value);
    html_ += std::exchange(heading_, "");
    html_ += fmt::format(
        "<tr{}><td><code>{}</code></td><td class=\"value\">{}</td><td>{}</td><td class=\"help\">{}</td></tr>",
        unverified ? " class=\"unverified\"" : "", escaped(name), escaped(value), escaped(from), escaped(help));
  }

  std::string heading_, html_;  // a heading waits for its first row
};

}  // namespace

std::string parameter_table(const ReportInput& input) {
  Rows rows;
  rows.add(input.design, Design{}, false);
  return fmt::format(
      "<h2>{}</h2><p class=\"small-print\">{}</p><table "
      "class=\"parameters\"><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>{}</tbody></"
      "table>",
      escaped(text("parameters.title")), escaped(text("parameters.note")), escaped(text("parameters.name")),
      escaped(text("parameters.value")), escaped(text("parameters.provenance")), escaped(text("parameters.what")),
      rows.html());
}

}  // namespace fit::report
