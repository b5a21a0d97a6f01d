#pragma once

#include <nlohmann/json.hpp>

#include "libfit/nearest_name.h"
#include "libfit/params.h"

/// Params structs as JSON, both ways, made from their field lists. Heavy to compile: include it in .cpp files only.
namespace fit {

template <Params S>
nlohmann::ordered_json to_json(const S& params);

/// Values that `json` does not name keep what `params` has. Throws Error::bad_params for an unknown key, a value of the
/// wrong kind or outside its range, naming the key by its whole path below `path`.
template <Params S>
void from_json(const nlohmann::ordered_json& json, S& params, const std::string& path = "");

namespace params_detail {

struct WriteJson {
  nlohmann::ordered_json& json;

  static nlohmann::ordered_json triple(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }
  template <class S> void operator()(const Number<S>& f, double v) const { json[f.name] = v; }
  template <class S> void operator()(const Whole<S>& f, int v) const { json[f.name] = v; }
  template <class S> void operator()(const Switch<S>& f, bool v) const { json[f.name] = v; }
  template <class S> void operator()(const Text<S>& f, const std::string& v) const { json[f.name] = v; }
  template <class S, class E> void operator()(const Choice<S, E>& f, E v) const { json[f.name] = name_of(v); }
  template <class S> void operator()(const Triple<S>& f, const Eigen::Vector3d& v) const { json[f.name] = triple(v); }
  template <class S> void operator()(const OptionalNumber<S>& f, const std::optional<double>& v) const {
    if (v) json[f.name] = *v;
  }
  template <class S, class E> void operator()(const OptionalChoice<S, E>& f, const std::optional<E>& v) const {
    if (v) json[f.name] = name_of(*v);
  }
  template <class S> void operator()(const OptionalTriple<S>& f, const std::optional<Eigen::Vector3d>& v) const {
    if (v) json[f.name] = triple(*v);
  }
  template <class S, class P> void operator()(const Part<S, P>& f, const P& v) const { json[f.name] = to_json(v); }
  template <class S, class P> void operator()(const OptionalPart<S, P>& f, const std::optional<P>& v) const {
    if (v) json[f.name] = to_json(*v);
  }
  template <class S, class P> void operator()(const List<S, P>& f, const std::vector<P>& v) const {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const P& item : v) list.push_back(to_json(item));
    json[f.name] = std::move(list);
  }
  template <class S, class E, class P> void operator()(const Table<S, E, P>& f, const std::map<E, P>& v) const {
    nlohmann::ordered_json table = nlohmann::ordered_json::object();
    for (const auto& [key, item] : v) table[std::string(name_of(key))] = to_json(item);
    json[f.name] = std::move(table);
  }
};

struct ReadJson {
  const nlohmann::ordered_json& json;
  std::string path;
  std::vector<std::string>& known;

  const nlohmann::ordered_json* find(const char* name) const {
    known.emplace_back(name);
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
  }
  std::string at(const char* name) const { return path.empty() ? name : path + "." + name; }
  [[noreturn]] void wrong_kind(const char* name, const char* kind) const {
    throw Error(ErrorKind::bad_params, fmt::format("{} must be {}.", at(name), kind));
  }
  double number(const char* name, const nlohmann::ordered_json& v) const {
    if (!v.is_number()) wrong_kind(name, "a number");
    return v.get<double>();
  }
  std::string text(const char* name, const nlohmann::ordered_json& v) const {
    if (!v.is_string()) wrong_kind(name, "a text in quotes");
    return v.get<std::string>();
  }
  Eigen::Vector3d triple(const char* name, const nlohmann::ordered_json& v) const {
    if (!v.is_array() || v.size() != 3) wrong_kind(name, "three numbers");
    return {number(name, v[0]), number(name, v[1]), number(name, v[2])};
  }

  template <class S> void operator()(const Number<S>& f, double& v) const {
    if (const auto* found = find(f.name)) v = number(f.name, *found);
  }
  template <class S> void operator()(const Whole<S>& f, int& v) const {
    if (const auto* found = find(f.name)) {
      if (!found->is_number_integer()) wrong_kind(f.name, "a whole number");
      const auto value = found->template get<std::int64_t>();
      Validate::range(f.name, static_cast<double>(value), f.lowest, f.highest);
      v = static_cast<int>(value);
    }
  }
  template <class S> void operator()(const Switch<S>& f, bool& v) const {
    if (const auto* found = find(f.name)) {
      if (!found->is_boolean()) wrong_kind(f.name, "true or false");
      v = found->template get<bool>();
    }
  }
  template <class S> void operator()(const Text<S>& f, std::string& v) const {
    if (const auto* found = find(f.name)) v = text(f.name, *found);
  }
  template <class S, class E> void operator()(const Choice<S, E>& f, E& v) const {
    if (const auto* found = find(f.name)) v = value_named<E>(f.name, text(f.name, *found));
  }
  template <class S> void operator()(const Triple<S>& f, Eigen::Vector3d& v) const {
    if (const auto* found = find(f.name)) v = triple(f.name, *found);
  }
  template <class S> void operator()(const OptionalNumber<S>& f, std::optional<double>& v) const {
    if (const auto* found = find(f.name)) v = number(f.name, *found);
  }
  template <class S, class E> void operator()(const OptionalChoice<S, E>& f, std::optional<E>& v) const {
    if (const auto* found = find(f.name)) v = value_named<E>(f.name, text(f.name, *found));
  }
  template <class S> void operator()(const OptionalTriple<S>& f, std::optional<Eigen::Vector3d>& v) const {
    if (const auto* found = find(f.name)) v = triple(f.name, *found);
  }
  template <class S, class P> void operator()(const Part<S, P>& f, P& v) const {
    if (const auto* found = find(f.name)) from_json(*found, v, at(f.name));
  }
  template <class S, class P> void operator()(const OptionalPart<S, P>& f, std::optional<P>& v) const {
    if (const auto* found = find(f.name)) from_json(*found, v.emplace(), at(f.name));
  }
  template <class S, class P> void operator()(const List<S, P>& f, std::vector<P>& v) const {
    if (const auto* found = find(f.name)) {
      if (!found->is_array()) wrong_kind(f.name, "a list");
      v.clear();
      for (const auto& item : *found) from_json(item, v.emplace_back(), fmt::format("{}[{}]", at(f.name), v.size() - 1));
    }
  }
  template <class S, class E, class P> void operator()(const Table<S, E, P>& f, std::map<E, P>& v) const {
    if (const auto* found = find(f.name)) {
      if (!found->is_object()) wrong_kind(f.name, "an object");
      v.clear();
      for (const auto& [key, item] : found->items())
        from_json(item, v[value_named<E>(f.name, key)], at(f.name) + "." + key);
    }
  }
};

}  // namespace params_detail

template <Params S>
nlohmann::ordered_json to_json(const S& params) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for_each_field(params, params_detail::WriteJson{json});
  return json;
}

template <Params S>
void from_json(const nlohmann::ordered_json& json, S& params, const std::string& path) {
  if (!json.is_object())
    throw Error(ErrorKind::bad_params, fmt::format("{} must be an object.", path.empty() ? "The file" : path));
  std::vector<std::string> known;
  for_each_field(params, params_detail::ReadJson{json, path, known});
  for (const auto& [key, value] : json.items()) {
    bool found = false;
    for (const std::string& name : known) found = found || name == key;
    if (!found)
      throw Error(ErrorKind::bad_params, fmt::format("{}{}{} is not a parameter{}", path, path.empty() ? "" : ".", key,
                                                     did_you_mean(key, known)));
  }
  validate(params);
}

}  // namespace fit
