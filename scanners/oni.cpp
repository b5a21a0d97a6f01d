#include <cmath>
#include <cstring>
#include <map>

#include "libfit/error.h"
#include "scanners/detail/byte_file.h"
#include "scanners/detail/bytes.h"
#include "scanners/detail/color_pairing.h"
#include "scanners/detail/image_file.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/mirror.h"
#include "scanners/detail/oni_depth.h"
#include "scanners/detail/yuv.h"
#include "scanners/formats.h"

// OpenNI's recordings, versions 1 and 2 (OpenNI2, Source/Drivers/OniFile/DataRecords.h): after a head of 24 bytes,
// records: magic "NIR", type, node, bytes of fields with this head, bytes of payload, place of an earlier record (32
// bits before version 1.0.1), fields, payload. A node is a stream; its properties follow it.
namespace fit {

namespace {

const char* const format = "OpenNI recording";
constexpr std::uint64_t file_head = 24;
enum Record : std::uint32_t {
  node_added_4 = 0x02,
  int_property = 0x03,
  general_property = 0x06,
  new_data = 0x0a,
  end = 0x0b,
  node_added_5 = 0x0c,
  node_added = 0x0d,
};
enum NodeType : std::uint32_t { depth_node = 2, image_node = 3 };

struct Node {
  std::uint32_t type = 0;
  std::string codec;  ///< "16zT", "16zP", "NONE", "JPEG"
  int width = 0;
  int height = 0;
  int frames_per_s = 0;
  std::uint64_t pixel_format = 0;
  double field_of_view_rad = 0.0;
  std::uint64_t frames = 0;
  bool mirrored = false;
};

class OniCamera : public Camera {
 public:
  explicit OniCamera(const std::filesystem::path& path) : file_(path) {
    const std::string head = file_.read(0, std::min(file_head, file_.size()));
    if (head.size() < file_head) refuse_recording(path, format, "it ends too early");
    Bytes version(std::string_view(head).substr(4));
    const auto major = version.little<std::uint8_t>();
    const auto minor = version.little<std::uint8_t>();
    const auto maintenance = version.little<std::uint16_t>();
    long_head_ = major > 1 || minor > 0 || maintenance > 0;
    learn();
    if (depth_ < 0) refuse_recording(path, format, "it holds no depth image");
    describe();
    at_ = file_head;
    pairing_.reset(color_ >= 0);
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    for (;;) {
      while (!pairing_.ended() && !pairing_.ready()) read_frame();
      if (!pairing_.ready()) return false;
      try {
        decode(pairing_.take(), frame);
        ++read_;
        return true;
      } catch (const Error&) {
        ++lost_;
      }
    }
  }

  Findings findings() const override {
    Findings found = lost_frames(lost_, read_);
    if (pairing_.ended() && cut_) found.push_back({"recording_cut_short", Severity::warn, {}, {}});
    return found;
  }

 private:
  struct Head {
    std::uint32_t type = 0;
    std::uint32_t node = 0;
    std::uint64_t payload_at = 0;
    std::uint32_t payload = 0;
  };

  /// The next record, its fields in `fields_`; false at the end or where what follows is damaged.
  bool next_record(Head& head) {
    const std::uint64_t length = long_head_ ? 28 : 24;
    cut_ = !file_.holds(at_, length);
    if (cut_) return false;
    file_.read(at_, length, fields_);
    Bytes bytes(fields_);
    const bool good = bytes.take(4) == std::string_view("NIR\0", 4);
    head.type = bytes.little<std::uint32_t>();
    head.node = bytes.little<std::uint32_t>();
    const auto fields = bytes.little<std::uint32_t>();
    head.payload = bytes.little<std::uint32_t>();
    head.payload_at = at_ + fields;
    cut_ = !good || fields < length || fields > (1u << 20) || !file_.holds(at_, fields) ||
           !file_.holds(head.payload_at, head.payload);
    if (cut_ || head.type == end) return false;
    file_.read(at_ + length, fields - length, fields_);
    at_ = head.payload_at + head.payload;
    return true;
  }

  void learn() {
    at_ = file_head;
    Head head;
    int data = 0;
    while (data < 200 && next_record(head)) {
      try {
        data += head.type == new_data;
        look(head);
      } catch (const Error&) {  // a damaged property is one that is not known
      }
    }
  }

  void look(const Head& head) {
    Bytes fields(fields_);
    if (head.type == node_added || head.type == node_added_5 || head.type == node_added_4) {
      if (nodes_.size() > 100) return;
      fields.text32();
      Node node;
      node.type = fields.little<std::uint32_t>();
      node.codec = fields.take(4);
      if (head.type != node_added_4) node.frames = fields.little<std::uint32_t>();
      if (node.type == depth_node && depth_ < 0) depth_ = head.node;
      if (node.type == image_node && color_ < 0) color_ = head.node;
      nodes_[head.node] = node;
    } else if (head.type == int_property || head.type == general_property) {
      const auto node = nodes_.find(head.node);
      if (node == nodes_.end()) return;
      std::string_view name = fields.text32();
      name = name.substr(0, name.find('\0'));
      set(node->second, name, fields.text32());
    }
  }

  static void set(Node& node, std::string_view name, std::string_view value) {
    Bytes bytes(value);
    if (name == "xnMapOutputMode") {
      const auto width = bytes.little<std::uint32_t>();
      const auto height = bytes.little<std::uint32_t>();
      check_image_size(width, height);
      node.width = static_cast<int>(width);
      node.height = static_cast<int>(height);
      node.frames_per_s = static_cast<int>(std::min(bytes.little<std::uint32_t>(), 1000u));
    } else if (name == "xnFOV") {
      node.field_of_view_rad = bytes.little<double>();
    } else if (name == "xnMirror") {
      node.mirrored = bytes.little<std::uint32_t>() != 0;
    } else if (name == "oniPixelFormat") {
      node.pixel_format = bytes.little<std::uint64_t>();
    }
  }

  /// The pinhole of a field of view; the usual one of PrimeSense's sensor where it is not said.
  static Intrinsics intrinsics_of(const Node& node, bool& known) {
    known = node.field_of_view_rad > 0.2 && node.field_of_view_rad < 2.8;
    const double f = known ? node.width / (2.0 * std::tan(node.field_of_view_rad / 2.0)) : 575.8 * node.width / 640.0;
    return {node.width, node.height, f, f, (node.width - 1) / 2.0, (node.height - 1) / 2.0};
  }

  void describe() {
    const Node& depth = nodes_[static_cast<std::uint32_t>(depth_)];
    if (depth.width == 0) refuse_recording(file_.path(), format, "it does not say the size of its depth images");
    info_.format = format;
    info_.device = "PrimeSense";
    info_.depth = intrinsics_of(depth, info_.focal_known);
    info_.frames_per_s = depth.frames_per_s;
    if (depth.frames > 0) info_.frames = depth.frames;
    mm_per_count_ = depth.pixel_format == 101 ? 0.1 : 1.0;
    if (color_ < 0 || nodes_[static_cast<std::uint32_t>(color_)].width == 0) {
      color_ = -1;
      return;
    }
    bool known = false;
    info_.color = intrinsics_of(nodes_[static_cast<std::uint32_t>(color_)], known);
  }

  void read_frame() {
    Head head;
    if (!next_record(head)) return pairing_.end();
    if (head.type != new_data || (head.node != depth_ && head.node != color_)) return;
    const std::uint64_t most = 1u << 28;
    if (fields_.size() < 8 || head.payload > most) {
      lost_ += head.node == depth_;
      return;
    }
    const double time_s = 1e-6 * static_cast<double>(Bytes(fields_).little<std::uint64_t>());
    std::string payload = file_.read(head.payload_at, head.payload);
    if (head.node == depth_)
      pairing_.add_depth(time_s, std::move(payload));
    else
      pairing_.add_color(time_s, std::move(payload));
  }

  void decode(const ColorPairing::Pair& pair, Frame& frame) {
    const std::string& codec = nodes_[static_cast<std::uint32_t>(depth_)].codec;
    frame.time_s = pair.depth_s;
    frame.world_from_camera.reset();
    frame.depth.intrinsics = info_.depth;
    frame.depth.mm_per_count = mm_per_count_;
    // Half a byte a pixel is the least there can be, but for runs of 30 equal ones in a byte.
    const auto pixels = static_cast<std::size_t>(info_.depth.width) * static_cast<std::size_t>(info_.depth.height);
    if (pixels / 32 > pair.depth.size()) throw Error(ErrorKind::bad_input, "a depth image is too short");
    frame.depth.counts.resize(pixels);
    if (codec == "16zT" || codec == "16zP") {
      unpack_oni_depth(pair.depth, codec == "16zT", frame.depth.counts);
    } else if (codec == "NONE" && pair.depth.size() == 2 * pixels) {
      std::memcpy(frame.depth.counts.data(), pair.depth.data(), 2 * pixels);
    } else {
      throw Error(ErrorKind::bad_input, "a depth image is packed in a way that is not known");
    }
    frame.color.rgb.clear();
    if (!pair.color.empty()) decode_color(pair, frame);
    if (nodes_[static_cast<std::uint32_t>(depth_)].mirrored) unmirror(frame);
  }

  void decode_color(const ColorPairing::Pair& pair, Frame& frame) {
    const Node& node = nodes_[static_cast<std::uint32_t>(color_)];
    frame.color.time_s = pair.color_s;
    frame.color.intrinsics = *info_.color;
    const auto width = static_cast<std::size_t>(node.width);
    const auto pixels = width * static_cast<std::size_t>(node.height);
    if (node.codec == "JPEG") {
      decode_image(pair.color, image_);
      to_color(image_, frame.color);
    } else if (pair.color.size() == 3 * pixels) {
      frame.color.rgb.assign(pair.color.begin(), pair.color.end());
    } else if (pair.color.size() == 2 * pixels) {  // OpenNI's YUV 4:2:2 begins with U
      frame.color.rgb.resize(3 * pixels);
      for (std::size_t y = 0; y < static_cast<std::size_t>(node.height); ++y)
        rgb_from_yuv422(reinterpret_cast<const std::uint8_t*>(pair.color.data()) + 2 * width * y, width, true,
                        frame.color.rgb.data() + 3 * width * y);
    }
  }

  ByteFile file_;
  CameraInfo info_;
  bool long_head_ = true;
  std::uint64_t at_ = 0;
  std::string fields_;
  std::map<std::uint32_t, Node> nodes_;
  std::int64_t depth_ = -1;
  std::int64_t color_ = -1;
  double mm_per_count_ = 1.0;
  ColorPairing pairing_;
  RawImage image_;
  bool cut_ = false;
  std::size_t read_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace

bool is_oni(std::string_view head) { return head.starts_with("NI10"); }

std::unique_ptr<Camera> open_oni(const std::filesystem::path& path) { return std::make_unique<OniCamera>(path); }

}  // namespace fit
