#include "models/shapes/npy.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>

#include "libfit/error.h"

namespace fit {

namespace {

[[noreturn]] void refuse(const char* what) {
  throw Error(ErrorKind::bad_input, fmt::format("An array in the shape model {}; export the model again.", what));
}

/// What stands behind `'key':` in the header, up to the end of it.
std::string_view after(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) refuse("lacks a part of its header");
  std::string_view rest = header.substr(at + key.size() + 3);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

std::vector<std::size_t> shape_of(std::string_view text) {
  if (!text.starts_with('(')) refuse("has no shape");
  text = text.substr(1, text.find(')') - 1);
  std::vector<std::size_t> shape;
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(", "), text.size()));
    if (text.empty()) break;
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || size > (std::size_t{1} << 31)) refuse("has a shape that is not of whole numbers");
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    shape.push_back(size);
  }
  if (shape.size() > 3) refuse("has more than three dimensions");
  return shape;
}

template <class T>
void take(std::string_view data, NpyArray& array) {
  std::size_t count = 1;
  for (std::size_t size : array.shape) {
    if (size != 0 && count > data.size() / size) refuse("is cut off");
    count *= size;
  }
  if (data.size() != count * sizeof(T)) refuse("is not as long as its header says");
  array.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
    array.values[i] = static_cast<double>(value);
  }
}

template <class T>
std::string bytes_of(const char* type, const std::vector<std::size_t>& shape, const std::vector<T>& values) {
  std::string sizes;
  for (std::size_t size : shape) sizes += fmt::format("{}, ", size);
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", type, sizes);
  // The numbers begin at a whole number of 64 bytes.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() & 255);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return bytes;
}

}  // namespace

NpyArray read_npy(std::string_view bytes) {
  if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY")) refuse("is not in the npy format");
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3) refuse("is of an unknown version of the npy format");
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length =
      version == 1 ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - start) refuse("is cut off");
  const std::string_view header = bytes.substr(start, length), data = bytes.substr(start + length);

  NpyArray array;
  array.shape = shape_of(after(header, "shape"));
  if (!after(header, "fortran_order").starts_with("False")) refuse("is stored by columns");
  const std::string_view type = after(header, "descr").substr(0, 5);
  if (type == "'<f4'") {
    take<float>(data, array);
  } else if (type == "'<f8'") {
    take<double>(data, array);
  } else if (type == "'<i2'") {
    take<std::int16_t>(data, array);
  } else if (type == "'<i4'") {
    take<std::int32_t>(data, array);
  } else if (type == "'<i8'") {
    take<std::int64_t>(data, array);
  } else {
    refuse("holds a kind of number that is not read here");
  }
  return array;
}

std::string npy_of(const std::vector<std::size_t>& shape, const std::vector<double>& values) {
  return bytes_of("<f8", shape, values);
}

std::string npy_of(const std::vector<std::size_t>& shape, const std::vector<std::int32_t>& values) {
  return bytes_of("<i4", shape, values);
}

}  // namespace fit
