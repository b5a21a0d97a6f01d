#pragma once

#include <fmt/format.h>

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "libfit/error.h"

/// Parameters, said once. A params struct lists its members in `static constexpr auto fields()`, in the order in which
/// they stand in the struct; command line, project file, forms, batch columns and manual are visitors of that list.
/// A member that is not in the list does not compile.
namespace fit {

/// A real number; its unit is the end of its name.
template <class S>
struct Number {
  const char* name;
  double S::*member;
  double lowest;
  double highest;
  const char* help;
};

/// A real number without a default: it is given, or it is not there.
template <class S>
struct OptionalNumber {
  const char* name;
  std::optional<double> S::*member;
  double lowest;
  double highest;
  const char* help;
};

template <class S>
struct Whole {
  const char* name;
  int S::*member;
  int lowest;
  int highest;
  const char* help;
};

template <class S>
struct Switch {
  const char* name;
  bool S::*member;
  const char* help;
};

/// A short text of printable characters.
template <class S>
struct Text {
  const char* name;
  std::string S::*member;
  const char* help;
};

/// The names of an enum's values, in their order: specialise it beside each enum that is a parameter.
/// `static constexpr std::array<std::string_view, N> names`.
template <class E>
struct EnumNames;

template <class S, class E>
struct Choice {
  const char* name;
  E S::*member;
  const char* help;
};

/// A choice without a default.
template <class S, class E>
struct OptionalChoice {
  const char* name;
  std::optional<E> S::*member;
  const char* help;
};

/// Three numbers: a point or a direction.
template <class S>
struct Triple {
  const char* name;
  Eigen::Vector3d S::*member;
  const char* help;
};

template <class S>
struct OptionalTriple {
  const char* name;
  std::optional<Eigen::Vector3d> S::*member;
  const char* help;
};

/// Another params struct inside this one.
template <class S, class P>
struct Part {
  const char* name;
  P S::*member;
  const char* help;
};

/// A part that may be missing.
template <class S, class P>
struct OptionalPart {
  const char* name;
  std::optional<P> S::*member;
  const char* help;
};

/// Any number of params structs of one kind.
template <class S, class P>
struct List {
  const char* name;
  std::vector<P> S::*member;
  const char* help;
};

/// Params structs of one kind, each under a value of an enum.
template <class S, class E, class P>
struct Table {
  const char* name;
  std::map<E, P> S::*member;
  const char* help;
};

// CTAD for the aggregates above (g++ 12 deduces them; clang 14 needs the guides).
template <class S> Number(const char*, double S::*, double, double, const char*) -> Number<S>;
template <class S> OptionalNumber(const char*, std::optional<double> S::*, double, double, const char*) -> OptionalNumber<S>;
template <class S> Whole(const char*, int S::*, int, int, const char*) -> Whole<S>;
template <class S> Switch(const char*, bool S::*, const char*) -> Switch<S>;
template <class S> Text(const char*, std::string S::*, const char*) -> Text<S>;
template <class S, class E> Choice(const char*, E S::*, const char*) -> Choice<S, E>;
template <class S, class E> OptionalChoice(const char*, std::optional<E> S::*, const char*) -> OptionalChoice<S, E>;
template <class S> Triple(const char*, Eigen::Vector3d S::*, const char*) -> Triple<S>;
template <class S> OptionalTriple(const char*, std::optional<Eigen::Vector3d> S::*, const char*) -> OptionalTriple<S>;
template <class S, class P> Part(const char*, P S::*, const char*) -> Part<S, P>;
template <class S, class P> OptionalPart(const char*, std::optional<P> S::*, const char*) -> OptionalPart<S, P>;
template <class S, class P> List(const char*, std::vector<P> S::*, const char*) -> List<S, P>;
template <class S, class E, class P> Table(const char*, std::map<E, P> S::*, const char*) -> Table<S, E, P>;

namespace params_detail {

/// Turns into a member of any type.
struct AnyMember {
  template <class T>
  operator T() const;
};

template <class S, class... Extra, class... Field>
constexpr bool takes_members(const std::tuple<Field...>*) {
  return requires { S{std::declval<std::remove_cvref_t<decltype(std::declval<S&>().*(std::declval<Field>().member))>>()..., Extra{}...}; };
}

/// Whether the fields are all the members of S, in their order: an aggregate takes that many initialisers of those types,
/// and not one more.
template <class S>
constexpr bool describes_every_member() {
  constexpr const decltype(S::fields())* fields = nullptr;
  return takes_members<S>(fields) && !takes_members<S, AnyMember>(fields);
}

}  // namespace params_detail

/// A struct whose members are all described by its `fields()`.
template <class S>
concept Params = requires { S::fields(); };

/// Calls `visit(field, value)` for each member of `params`, in order. The only way that a field list is read.
template <class S, class Visit>
void for_each_field(S& params, Visit&& visit) {
  using Plain = std::remove_const_t<S>;
  static_assert(params_detail::describes_every_member<Plain>(),
                "every member of a params struct must be described in its fields(), in the struct's order");
  std::apply([&](const auto&... field) { (visit(field, params.*(field.member)), ...); }, Plain::fields());
}

template <class E>
std::string_view name_of(E value) {
  return EnumNames<E>::names[static_cast<std::size_t>(value)];
}

/// Throws Error::bad_params naming the field, what was said and what may be said.
template <class E>
E value_named(const char* field, std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < EnumNames<E>::names.size(); ++i) {
    if (EnumNames<E>::names[i] == name) return static_cast<E>(i);
    known += (i ? ", " : "") + std::string(EnumNames<E>::names[i]);
  }
  throw Error(ErrorKind::bad_params, fmt::format("{} is '{}'; it must be one of: {}.", field, name, known));
}

namespace params_detail {

struct Validate {
  static void range(const char* name, double value, double lowest, double highest) {
    if (!(value >= lowest && value <= highest))
      throw Error(ErrorKind::bad_params, fmt::format("{} is {:g}; it must lie between {:g} and {:g}.", name, value, lowest, highest));
  }
  template <class S> void operator()(const Number<S>& f, double v) const { range(f.name, v, f.lowest, f.highest); }
  template <class S> void operator()(const Whole<S>& f, int v) const { range(f.name, v, f.lowest, f.highest); }
  template <class S> void operator()(const OptionalNumber<S>& f, const std::optional<double>& v) const {
    if (v) range(f.name, *v, f.lowest, f.highest);
  }
  template <class S> void operator()(const Triple<S>& f, const Eigen::Vector3d& v) const { finite(f.name, v); }
  template <class S> void operator()(const OptionalTriple<S>& f, const std::optional<Eigen::Vector3d>& v) const {
    if (v) finite(f.name, *v);
  }
  template <class S> void operator()(const Text<S>& f, const std::string& v) const {
    for (unsigned char c : v)
      if (c < 32 || c == 127) throw Error(ErrorKind::bad_params, fmt::format("{} holds a control character.", f.name));
  }
  template <class S, class P> void operator()(const Part<S, P>&, const P& v) const { for_each_field(v, *this); }
  template <class S, class P> void operator()(const OptionalPart<S, P>&, const std::optional<P>& v) const {
    if (v) for_each_field(*v, *this);
  }
  template <class S, class P> void operator()(const List<S, P>&, const std::vector<P>& v) const {
    for (const P& item : v) for_each_field(item, *this);
  }
  template <class S, class E, class P> void operator()(const Table<S, E, P>&, const std::map<E, P>& v) const {
    for (const auto& [key, item] : v) for_each_field(item, *this);
  }
  template <class F, class V> void operator()(const F&, const V&) const {}

  static void finite(const char* name, const Eigen::Vector3d& v) {
    if (!v.allFinite()) throw Error(ErrorKind::bad_params, fmt::format("{} is not three numbers.", name));
  }
};

}  // namespace params_detail

/// Throws Error::bad_params for the first value that is not a number or lies outside its range.
template <Params S>
void validate(const S& params) {
  for_each_field(params, params_detail::Validate{});
}

}  // namespace fit
