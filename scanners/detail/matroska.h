#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "scanners/detail/byte_file.h"

namespace fit {

/// As much of Matroska (RFC 9559) as the recordings of depth cameras need: tracks, tags, attachments and blocks,
/// without lacing or encryption.
class Matroska {
 public:
  struct Track {
    std::uint64_t number = 0;
    std::string name;
    std::string codec;          ///< "V_MS/VFW/FOURCC"
    std::string codec_private;  ///< of that codec, a BITMAPINFOHEADER
    int width = 0;
    int height = 0;
  };
  struct Block {
    std::uint64_t track = 0;
    double time_s = 0.0;
    std::string data;
  };

  /// Reads all up to the first cluster. Throws Error::io, Error::bad_input.
  explicit Matroska(const std::filesystem::path& path);

  const std::vector<Track>& tracks() const { return tracks_; }
  const std::map<std::string, std::string>& tags() const { return tags_; }
  const std::map<std::string, std::string>& attachments() const { return attachments_; }  ///< contents by file name

  /// False at the end, or where what follows is damaged; `damaged()` tells which.
  bool next(Block& block);
  bool damaged() const { return damaged_; }

 private:
  struct Element {
    std::uint32_t id = 0;
    std::uint64_t begin = 0;  ///< of its content
    std::uint64_t end = 0;
  };
  using Visit = std::function<void(const Element&)>;

  Element element_at(std::uint64_t offset, std::uint64_t limit);
  void for_each(const Element& parent, const Visit& visit);
  std::uint64_t whole(const Element& element);
  std::string text(const Element& element);
  void read_head(const Element& element);
  void read_track(const Element& element);
  bool read_block(const Element& element, Block& block);

  ByteFile file_;
  std::uint64_t at_ = 0;
  std::uint64_t cluster_time_ = 0;
  double tick_s_ = 1e-3;
  std::vector<Track> tracks_;
  std::map<std::string, std::string> tags_;
  std::map<std::string, std::string> attachments_;
  std::string bytes_;
  bool damaged_ = false;
};

}  // namespace fit
