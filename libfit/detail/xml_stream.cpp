#include "libfit/detail/xml_stream.h"

#include <algorithm>
#include <cctype>

#include "libfit/detail/mesh_formats.h"

namespace fit::detail {

namespace {

constexpr std::size_t longest_token = std::size_t{1} << 20;
constexpr char separator = '|';
constexpr std::string_view xml_space = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view xsi_space = "http://www.w3.org/2001/XMLSchema-instance";

bool is_unicode(std::string_view encoding) {
  std::string upper(encoding);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper == "UTF-8" || upper == "UTF-16" || upper == "UTF-16LE" || upper == "UTF-16BE";
}

}  // namespace

XmlName split_name(const char* name) {
  const std::string_view whole(name);
  const std::size_t at = whole.rfind(separator);
  if (at == whole.npos) return {{}, whole};
  return {whole.substr(0, at), whole.substr(at + 1)};
}

std::optional<std::string_view> XmlAttributes::find(std::string_view local, std::string_view space) const {
  for (const char** pair = pairs_; *pair; pair += 2) {
    const XmlName name = split_name(pair[0]);
    if (name.local == local && name.space == space) return pair[1];
  }
  return {};
}

template <class Work>
void XmlStream::guarded(Work work) {
  if (failure_) return;
  try {
    work();
  } catch (...) {
    failure_ = std::current_exception();
    XML_StopParser(parser_.get(), XML_FALSE);
  }
}

XmlStream::XmlStream(std::string part, Handlers handlers)
    : parser_(XML_ParserCreateNS(nullptr, separator), &XML_ParserFree),
      part_(std::move(part)),
      handlers_(std::move(handlers)) {
  if (!parser_) throw std::bad_alloc();
  XML_Parser parser = parser_.get();
  XML_SetUserData(parser, this);
  XML_SetElementHandler(
      parser,
      [](void* self, const char* name, const char** attributes) {
        auto& stream = *static_cast<XmlStream*>(self);
        stream.guarded([&] {
          for (const char** pair = attributes; *pair; pair += 2) {
            const XmlName attribute = split_name(pair[0]);
            if (attribute.space == xsi_space || (attribute.space == xml_space && attribute.local != "lang"))
              stream.refuse_here(fmt::format("has the attribute '{}', which 3MF does not allow", attribute.local));
          }
          stream.handlers_.begin(split_name(name), XmlAttributes(attributes));
        });
      },
      [](void* self, const char*) {
        auto& stream = *static_cast<XmlStream*>(self);
        stream.guarded([&] { stream.handlers_.end(); });
      });
  XML_SetStartNamespaceDeclHandler(parser, [](void* self, const char* prefix, const char* space) {
    auto& stream = *static_cast<XmlStream*>(self);
    stream.guarded([&] {
      if (stream.handlers_.declare) stream.handlers_.declare(prefix ? prefix : "", space ? space : "");
    });
  });
  XML_SetStartDoctypeDeclHandler(parser, [](void* self, const char*, const char*, const char*, int) {
    auto& stream = *static_cast<XmlStream*>(self);
    stream.guarded([&] { stream.refuse_here("has a document type definition, which 3MF does not allow"); });
  });
  XML_SetXmlDeclHandler(parser, [](void* self, const char*, const char* encoding, int) {
    auto& stream = *static_cast<XmlStream*>(self);
    stream.guarded([&] {
      if (encoding && !is_unicode(encoding))
        stream.refuse_here(
            fmt::format("says that it is written in '{}'; 3MF allows UTF-8 and UTF-16", one_line(encoding)));
    });
  });
}

void XmlStream::refuse_here(const std::string& what) const {
  refuse("line {} of its part '{}' {}", XML_GetCurrentLineNumber(parser_.get()), part_, what);
}

void XmlStream::parse(std::string_view piece, bool is_last) {
  const XML_Status status = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), is_last);
  if (failure_) std::rethrow_exception(failure_);
  fed_ += piece.size();
  // The parser starts again from the beginning of a token that is not complete, piece after piece.
  const XML_Index done = XML_GetCurrentByteIndex(parser_.get());
  if (done >= 0 && fed_ - static_cast<std::size_t>(done) > longest_token)
    refuse_here("has more than 1 MB in one piece");
  if (status == XML_STATUS_OK) return;
  refuse_here(fmt::format("is not proper XML ({})", XML_ErrorString(XML_GetErrorCode(parser_.get()))));
}

}  // namespace fit::detail
