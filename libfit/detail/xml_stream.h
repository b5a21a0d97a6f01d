#pragma once

#include <expat.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fit::detail {

/// A name with the namespace it stands in; views into the parser's memory, valid during one call.
struct XmlName {
  std::string_view space;
  std::string_view local;
};

/// The attributes of an element, during the call that gives them.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}

  /// Of an attribute without a prefix, or with one in the namespace `space`.
  std::optional<std::string_view> find(std::string_view local, std::string_view space = {}) const;
  const char** pairs() const { return pairs_; }

 private:
  const char** pairs_;
};

/// "uri|local", as the parser gives it, in its two parts.
XmlName split_name(const char* name);

/// XML given piece by piece. Refuses, with a clause naming `part` and the line: what is not well formed, encodings
/// other than UTF-8 and UTF-16, document type definitions (and with them entities), attributes of the namespaces xml
/// (but xml:lang) and xsi, as the 3MF core specification asks in 2.3.
class XmlStream {
 public:
  struct Handlers {
    std::function<void(const XmlName&, const XmlAttributes&)> begin;
    std::function<void()> end;
    std::function<void(std::string_view prefix, std::string_view space)> declare = {};
  };

  XmlStream(std::string part, Handlers handlers);

  void take(std::string_view piece) { parse(piece, false); }
  void finish() { parse({}, true); }

  /// Throws (a clause) that names the part and the line.
  [[noreturn]] void refuse_here(const std::string& what) const;

 private:
  void parse(std::string_view piece, bool is_last);
  template <class Work>
  void guarded(Work work);

  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  std::string part_;
  Handlers handlers_;
  std::size_t fed_ = 0;
  std::exception_ptr failure_;  ///< waits until the C library has returned
};

}  // namespace fit::detail
