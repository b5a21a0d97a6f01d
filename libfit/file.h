#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fit {

/// The whole of a file. Throws Error::io: no such file, no permission, a directory, larger than 8 GB.
std::string read_file(const std::filesystem::path& path);

/// Writes a file so that it appears whole or not at all, even when the power fails: to a temporary name beside it,
/// fsync, read back and compare, rename, fsync of the folder. Throws Error::io (no space, no permission), and leaves
/// nothing behind.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// SHA-256 as 64 lower-case hex digits.
std::string sha256(std::string_view bytes);

/// The same of a file, however large; it is read piece by piece. Throws Error::io.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace fit
