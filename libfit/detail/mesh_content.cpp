#include <algorithm>
#include <cctype>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/text_numbers.h"

namespace fit::detail {

namespace {

/// Beginnings of files that are no meshes, or none that Fit reads.
struct Stranger {
  std::string_view beginning;
  const char* what;
};
constexpr Stranger strangers[] = {
    {"\x1f\x8b", "it is compressed with gzip; unpack it first"},
    {"7z\xbc\xaf", "it is compressed with 7-Zip; unpack it first"},
    {"Rar!", "it is compressed with RAR; unpack it first"},
    {"glTF", "it is a glTF file; export the scan as STL, PLY, OBJ, OFF or 3MF"},
    {"Kaydara FBX", "it is an FBX file; export the scan as STL, PLY, OBJ, OFF or 3MF"},
    {"ISO-10303", "it is a STEP file; export the scan as STL, PLY, OBJ, OFF or 3MF"},
    {"%PDF", "it is a PDF document, not a mesh"},
    {"\x89PNG", "it is a picture, not a mesh"},
    {"\xff\xd8\xff", "it is a picture, not a mesh"},
    {"version https://git-lfs", "it only points to a file that was not downloaded"},
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_text(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 4096);
  const auto odd =
      std::ranges::count_if(start, [](unsigned char c) { return (c < 32 && !std::isspace(c)) || c == 127; });
  return start.find('\0') == start.npos && static_cast<std::size_t>(odd) * 50 <= start.size();
}

/// Text of 16-bit units as bytes; what is not ASCII has no meaning in mesh files and becomes '?'.
std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
    const auto high = static_cast<unsigned char>(bytes[big_endian ? i : i + 1]);
    const auto low = static_cast<unsigned char>(bytes[big_endian ? i + 1 : i]);
    text += high == 0 && low < 128 ? static_cast<char>(low) : '?';
  }
  return text;
}

/// Whether some line of the text begins as one of an OBJ's geometry does.
bool looks_like_obj(std::string_view bytes) {
  TextCursor text(bytes.substr(0, std::size_t{1} << 20));
  for (; text.find_content('#'); text.next_line()) {
    const std::string_view word = text.word();
    for (std::string_view known : {"v", "vn", "vt", "vp", "f", "o", "g", "mtllib", "usemtl"})
      if (word == known) return true;
  }
  return false;
}

bool is_off_word(std::string_view word) {
  return word.ends_with("OFF") && word.size() <= 7 && word.find_first_not_of("STCN4nOF") == word.npos;
}

MeshFile read_aop_mesh(std::string_view bytes) {
  MeshFile file;
  file.format = "AAOP";
  file.declared_unit = Unit::millimetre;
  file.aop = parse_aop(bytes);
  AopSurface made = aop_surface(*file.aop);
  file.mesh = std::move(made.surface);
  file.findings = std::move(made.findings);
  return file;
}

MeshFile read_text(std::string_view bytes, std::string_view ending, const Progress& progress) {
  TextCursor text(bytes);
  if (!text.find_content('#')) refuse("it holds no surface");
  TextCursor ahead = text;
  const std::string word = lower(ahead.word());
  const std::string_view start = bytes.substr(static_cast<std::size_t>(text.position() - bytes.data()), 512);
  if (word == "solid" || word == "facet") return read_ascii_stl(bytes, progress);
  if (word == "ply") return read_ply(bytes.substr(static_cast<std::size_t>(text.position() - bytes.data())), progress);
  if (is_off_word(text.word())) return read_off(bytes, progress);
  if (lower(start).starts_with("<!doctype html") || word.starts_with("<html"))
    refuse("it is a page of the web, not a mesh; download the file again");
  if (start.starts_with('<'))
    refuse("it is an XML file, not a mesh that Fit reads; export the scan as STL, PLY, OBJ, OFF or 3MF");
  if (start.starts_with('{'))
    refuse("it is a JSON file, not a mesh that Fit reads; export the scan as STL, PLY, OBJ, OFF or 3MF");
  if (ending == ".obj" || looks_like_obj(bytes)) return read_obj(bytes, progress);
  refuse("it is not a mesh that Fit knows; give an STL, PLY, OBJ, OFF, 3MF or AAOP file");
}

}  // namespace

MeshFile read_by_content(std::string_view bytes, std::string_view ending, const Progress& progress) {
  if (bytes.empty()) refuse("it is empty");
  if (is_exact_binary_stl(bytes)) return read_binary_stl(bytes, progress);
  if (bytes.starts_with("PK")) return read_3mf(bytes, progress);
  for (const Stranger& stranger : strangers)
    if (bytes.starts_with(stranger.beginning)) refuse("{}", stranger.what);
  if (bytes.starts_with("AAOP")) return read_aop_mesh(bytes);
  if (bytes.starts_with("ply\n") || bytes.starts_with("ply\r")) return read_ply(bytes, progress);
  if (bytes.starts_with("\xfe\xff") || bytes.starts_with("\xff\xfe"))
    return read_text(from_utf16(bytes, bytes.starts_with("\xfe\xff")), ending, progress);
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  if (is_text(bytes)) return read_text(bytes, ending, progress);
  if (ending == ".stl") return read_binary_stl(bytes, progress);
  refuse("it is not a mesh that Fit knows; give an STL, PLY, OBJ, OFF, 3MF or AAOP file");
}

}  // namespace fit::detail
