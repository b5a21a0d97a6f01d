#include "scanners/detail/matroska.h"

#include <algorithm>
#include <bit>

#include "libfit/error.h"

namespace fit {

namespace {

enum Id : std::uint32_t {
  ebml = 0x1a45dfa3,
  segment = 0x18538067,
  info = 0x1549a966,
  timestamp_scale = 0x2ad7b1,
  track_list = 0x1654ae6b,
  track_entry = 0xae,
  track_number = 0xd7,
  track_name = 0x536e,
  codec_id = 0x86,
  codec_private = 0x63a2,
  video = 0xe0,
  pixel_width = 0xb0,
  pixel_height = 0xba,
  tag_list = 0x1254c367,
  tag = 0x7373,
  simple_tag = 0x67c8,
  tag_name = 0x45a3,
  tag_string = 0x4487,
  attachment_list = 0x1941a469,
  attached_file = 0x61a7,
  file_name = 0x466e,
  file_data = 0x465c,
  cluster = 0x1f43b675,
  cluster_timestamp = 0xe7,
  simple_block = 0xa3,
  block_group = 0xa0,
  block = 0xa1,
};

constexpr std::uint64_t largest_text = 1u << 24;
constexpr std::uint64_t largest_block = 1u << 28;

[[noreturn]] void refuse(const char* what) { throw Error(ErrorKind::bad_input, what); }

/// Elements that hold others and that are walked into.
bool is_opened(std::uint32_t id) { return id == segment || id == cluster || id == block_group; }

}  // namespace

/// An element's number and length, each led by zeros that say how long they are. A length of ones alone is not known:
/// the element then reaches to `limit`.
Matroska::Element Matroska::element_at(std::uint64_t offset, std::uint64_t limit) {
  file_.read(offset, std::min<std::uint64_t>(12, file_.size() - std::min(offset, file_.size())), bytes_);
  std::size_t at = 0;
  const auto number = [&](bool keep_mark) {
    if (at >= bytes_.size() || bytes_[at] == 0) refuse("an element has no length");
    const auto first = static_cast<std::uint8_t>(bytes_[at]);
    const int length = std::countl_zero(first) + 1;
    if (at + static_cast<std::size_t>(length) > bytes_.size()) refuse("the file ends in an element");
    std::uint64_t value = keep_mark ? first : first & (0xffu >> length);
    bool ones = (first & (0xffu >> length)) == (0xffu >> length);
    for (int i = 1; i < length; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes_[at + static_cast<std::size_t>(i)]);
      value = value << 8 | byte;
      ones = ones && byte == 0xff;
    }
    at += static_cast<std::size_t>(length);
    return std::pair{value, ones};
  };
  Element element;
  const auto id = number(true).first;
  if (id > 0xffffffffu) refuse("an element is damaged");
  element.id = static_cast<std::uint32_t>(id);
  const auto [length, unknown] = number(false);
  element.begin = offset + at;
  if (!unknown && length > limit - std::min(limit, element.begin)) {
    // A recorder that died leaves the whole and its last cluster longer than the file.
    if (element.id != segment && element.id != cluster) refuse("an element ends too late");
    element.end = limit;
  } else {
    element.end = unknown ? limit : element.begin + length;
  }
  return element;
}

void Matroska::for_each(const Element& parent, const Visit& visit) {
  int count = 0;
  for (std::uint64_t at = parent.begin; at < parent.end && ++count < 10000;) {
    const Element child = element_at(at, parent.end);
    visit(child);
    at = child.end;
  }
}

std::uint64_t Matroska::whole(const Element& element) {
  if (element.end - element.begin > 8) refuse("a number is too long");
  file_.read(element.begin, element.end - element.begin, bytes_);
  std::uint64_t value = 0;
  for (const char byte : bytes_) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

std::string Matroska::text(const Element& element) {
  if (element.end - element.begin > largest_text) refuse("a text is too long");
  std::string value = file_.read(element.begin, element.end - element.begin);
  return value;
}

void Matroska::read_track(const Element& entry) {
  Track track;
  const auto size = [&](const Element& e) { return static_cast<int>(std::min<std::uint64_t>(whole(e), 100000)); };
  for_each(entry, [&](const Element& e) {
    if (e.id == track_number) track.number = whole(e);
    if (e.id == track_name) track.name = text(e).c_str();
    if (e.id == codec_id) track.codec = text(e).c_str();
    if (e.id == codec_private) track.codec_private = text(e);
    if (e.id == video)
      for_each(e, [&](const Element& v) {
        if (v.id == pixel_width) track.width = size(v);
        if (v.id == pixel_height) track.height = size(v);
      });
  });
  if (tracks_.size() < 100) tracks_.push_back(std::move(track));
}

/// What stands before the first cluster.
void Matroska::read_head(const Element& element) {
  if (element.id == info)
    for_each(element, [&](const Element& e) {
      if (e.id == timestamp_scale) tick_s_ = 1e-9 * static_cast<double>(whole(e));
    });
  if (element.id == track_list)
    for_each(element, [&](const Element& e) {
      if (e.id == track_entry) read_track(e);
    });
  if (element.id == tag_list)
    for_each(element, [&](const Element& t) {
      for_each(t, [&](const Element& simple) {
        if (simple.id != simple_tag) return;
        std::string name, value;
        for_each(simple, [&](const Element& e) {
          if (e.id == tag_name) name = text(e).c_str();
          if (e.id == tag_string) value = text(e).c_str();
        });
        if (tags_.size() < 1000) tags_[name] = value;
      });
    });
  if (element.id == attachment_list)
    for_each(element, [&](const Element& file) {
      std::string name, data;
      for_each(file, [&](const Element& e) {
        if (e.id == file_name) name = text(e).c_str();
        if (e.id == file_data) data = text(e);
      });
      if (attachments_.size() < 10) attachments_[name] = std::move(data);
    });
}

Matroska::Matroska(const std::filesystem::path& path) : file_(path) {
  const Element head = element_at(0, file_.size());
  if (head.id != ebml) refuse("it is no Matroska file");
  const Element all = element_at(head.end, file_.size());
  if (all.id != segment) refuse("it holds no segment");
  int count = 0;
  for (at_ = all.begin; at_ < all.end && ++count < 10000;) {
    const Element element = element_at(at_, all.end);
    if (element.id == cluster) break;
    read_head(element);
    at_ = element.end;
  }
}

bool Matroska::read_block(const Element& element, Block& result) {
  if (element.end - element.begin > largest_block || element.end - element.begin < 4) return false;
  file_.read(element.begin, element.end - element.begin, result.data);
  const auto first = static_cast<std::uint8_t>(result.data[0]);
  if (first < 0x80) return false;  // more than 127 tracks
  result.track = first & 0x7f;
  const auto high = static_cast<std::uint8_t>(result.data[1]);
  const auto low = static_cast<std::uint8_t>(result.data[2]);
  const auto after = static_cast<std::int16_t>(high << 8 | low);
  result.time_s = tick_s_ * (static_cast<double>(cluster_time_) + after);
  const bool laced = (result.data[3] & 0x06) != 0;
  result.data.erase(0, 4);
  return !laced;
}

bool Matroska::next(Block& result) {
  while (at_ < file_.size()) {
    try {
      const Element element = element_at(at_, file_.size());
      at_ = is_opened(element.id) ? element.begin : element.end;
      if (element.id == cluster_timestamp) cluster_time_ = whole(element);
      if ((element.id == simple_block || element.id == block) && read_block(element, result)) return true;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::io) throw;
      damaged_ = true;
      at_ = file_.size();
    }
  }
  return false;
}

}  // namespace fit
