#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "scanners/detail/byte_file.h"

namespace fit {

/// Reads the messages of a rosbag 2.0 file in their order (wiki.ros.org/Bags/Format/2.0): chunks that are plain, lz4 or
/// bz2. Needs no index, so a bag whose recorder died is read as far as it goes.
class Rosbag {
 public:
  struct Message {
    std::string_view topic;
    std::string_view type;  ///< "sensor_msgs/Image"
    double time_s = 0.0;
    std::string_view data;  ///< until the next call
  };

  /// Throws Error::io, Error::bad_input when it is no rosbag 2.0.
  explicit Rosbag(const std::filesystem::path& path);

  /// False at the end, or where what follows is damaged; `damaged()` tells which.
  bool next(Message& message);

  /// Starts again.
  void rewind();

  bool damaged() const { return damaged_; }

 private:
  struct Connection {
    std::string topic;
    std::string type;
  };

  bool next_record(Message& message);
  bool read_file_record();
  bool open_chunk(std::string_view compression, std::uint64_t size);
  void add_connection(std::string_view header, std::string_view data);

  ByteFile file_;
  std::uint64_t at_ = 0;
  std::string packed_;
  std::string chunk_;          ///< messages of the present chunk
  std::string_view in_chunk_;  ///< what is left of it
  std::string header_;
  std::map<std::uint32_t, Connection> connections_;
  bool damaged_ = false;
};

}  // namespace fit
