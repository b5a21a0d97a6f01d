#include "scanners/detail/rosbag.h"

#include <bzlib.h>
#include <lz4frame.h>

#include <algorithm>
#include <optional>

#include "libfit/error.h"
#include "scanners/detail/bytes.h"

namespace fit {

namespace {

constexpr std::string_view magic = "#ROSBAG V2.0\n";
constexpr std::uint64_t largest_chunk = 1u << 28;  // recorders make chunks of under 1 MB and one image more
constexpr std::uint64_t largest_header = 1u << 20;
enum Op : std::uint8_t { op_message = 2, op_chunk = 5, op_connection = 7 };

/// A field of a record's header; none when it is not there.
std::optional<std::string_view> field(std::string_view header, std::string_view name) {
  Bytes bytes(header);
  while (!bytes.empty()) {
    const std::string_view text = bytes.text32();
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) throw Error(ErrorKind::bad_input, "a header field has no name");
    if (text.substr(0, equals) == name) return text.substr(equals + 1);
  }
  return std::nullopt;
}

template <class T>
T number(std::string_view header, std::string_view name) {
  const auto value = field(header, name);
  if (!value) throw Error(ErrorKind::bad_input, "a header lacks a field");
  return Bytes(*value).little<T>();
}

bool unpack_lz4(std::string_view packed, std::string& bytes) {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) return false;
  std::size_t done = 0;
  std::size_t hint = 1;
  while (hint != 0) {
    std::size_t out = bytes.size() - done;
    std::size_t in = packed.size();
    hint = LZ4F_decompress(context, bytes.data() + done, &out, packed.data(), &in, nullptr);
    if (LZ4F_isError(hint) || (in == 0 && out == 0)) break;
    done += out;
    packed.remove_prefix(in);
  }
  LZ4F_freeDecompressionContext(context);
  return !LZ4F_isError(hint) && done == bytes.size();
}

bool unpack_bz2(std::string& packed, std::string& bytes) {
  auto size = static_cast<unsigned>(bytes.size());
  return BZ2_bzBuffToBuffDecompress(bytes.data(), &size, packed.data(), static_cast<unsigned>(packed.size()), 0, 0) ==
             BZ_OK &&
         size == bytes.size();
}

}  // namespace

Rosbag::Rosbag(const std::filesystem::path& path) : file_(path) {
  if (!file_.holds(0, magic.size()) || file_.read(0, magic.size()) != magic)
    refuse_recording(path, "ROS bag", "it is no rosbag of version 2.0");
  rewind();
}

void Rosbag::rewind() {
  at_ = magic.size();
  in_chunk_ = {};
  damaged_ = false;
}

void Rosbag::add_connection(std::string_view header, std::string_view data) {
  if (connections_.size() > 10000) throw Error(ErrorKind::bad_input, "it has too many topics");
  connections_[number<std::uint32_t>(header, "conn")] = {std::string(field(header, "topic").value_or("")),
                                                         std::string(field(data, "type").value_or(""))};
}

bool Rosbag::open_chunk(std::string_view compression, std::uint64_t size) {
  const bool plain = compression == "none";
  // lz4 packs no more than 255 to 1 and bz2 little more on real data: a larger word in a header is damage.
  if (size > largest_chunk || size > 4096 * packed_.size()) return false;
  chunk_.resize(plain ? 0 : size);
  if (plain)
    std::swap(chunk_, packed_);
  else if (!(compression == "lz4" && unpack_lz4(packed_, chunk_)) &&
           !(compression == "bz2" && unpack_bz2(packed_, chunk_)))
    return false;
  in_chunk_ = chunk_;
  return true;
}

/// One record of the file itself; false at its end. Throws Error::bad_input on damage.
bool Rosbag::read_file_record() {
  if (at_ == file_.size()) return false;
  const auto length = [&] { return Bytes(file_.read(at_, 4)).little<std::uint32_t>(); };
  const std::uint64_t header_length = length();
  if (header_length > largest_header) throw Error(ErrorKind::bad_input, "a header is too long");
  file_.read(at_ + 4, header_length, header_);
  at_ += 4 + header_length;
  const std::uint64_t data_length = length();
  if (!file_.holds(at_ + 4, data_length)) throw Error(ErrorKind::bad_input, "a record ends too early");
  const auto op = number<std::uint8_t>(header_, "op");
  if (op == op_chunk) {
    if (data_length > largest_chunk) throw Error(ErrorKind::bad_input, "a chunk is too long");
    file_.read(at_ + 4, data_length, packed_);
    const bool good = open_chunk(field(header_, "compression").value_or(""), number<std::uint32_t>(header_, "size"));
    if (!good) damaged_ = true;  // this chunk is lost; the next begins behind it
  } else if (op == op_connection && data_length <= largest_header) {
    file_.read(at_ + 4, data_length, packed_);
    add_connection(header_, packed_);
  }
  at_ += 4 + data_length;
  return true;
}

/// One record of the present chunk; false when it is no message.
bool Rosbag::next_record(Message& message) {
  Bytes bytes(in_chunk_);
  const std::string_view header = bytes.text32();
  const std::string_view data = bytes.text32();
  in_chunk_.remove_prefix(in_chunk_.size() - bytes.left());
  const auto op = number<std::uint8_t>(header, "op");
  if (op == op_connection) add_connection(header, data);
  if (op != op_message) return false;
  const auto connection = connections_.find(number<std::uint32_t>(header, "conn"));
  if (connection == connections_.end()) return false;
  const std::string_view time = field(header, "time").value_or("");
  Bytes clock(time);
  const double seconds = clock.little<std::uint32_t>();
  message = {connection->second.topic, connection->second.type, seconds + 1e-9 * clock.little<std::uint32_t>(), data};
  return true;
}

bool Rosbag::next(Message& message) {
  for (;;) {
    try {
      while (!in_chunk_.empty())
        if (next_record(message)) return true;
    } catch (const Error&) {
      in_chunk_ = {};
      damaged_ = true;
    }
    try {
      if (!read_file_record()) return false;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::io) throw;
      damaged_ = true;
      at_ = file_.size();
      return false;
    }
  }
}

}  // namespace fit
