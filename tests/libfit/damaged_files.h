#pragma once

// Damaged files: seeds changed at random by a seeded mutator. A reader gives what it reads or throws Error; it does not
// crash, hang, or take more memory than the file's size allows. FIT_MUTATIONS says how many changes a reader gets (600
// without it; 10,000 under the sanitizers before a release). Included once a program: it replaces operator new.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "libfit/error.h"

namespace {

/// Bytes taken by `new` and not given back, and the most there were.
std::size_t taken = 0;
std::size_t most_taken = 0;

}  // namespace

// Counts memory: such a test is single-threaded but for the pieces of large OBJ files, and its seeds are small.
void* operator new(std::size_t size) {
  auto* block = static_cast<std::size_t*>(std::malloc(size + 16));
  if (!block) throw std::bad_alloc();
  *block = size;
  taken += size;
  most_taken = std::max(most_taken, taken);
  return block + 2;
}
void operator delete(void* memory) noexcept {
  if (!memory) return;
  auto* block = static_cast<std::size_t*>(memory) - 2;
  taken -= *block;
  std::free(block);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace fit {

/// Changes bytes as damage and carelessness do.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string change(std::string bytes) {
    for (int changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) change_once(bytes);
    return bytes;
  }

  int below(std::size_t limit) { return static_cast<int>(random_() % limit); }

 private:
  void change_once(std::string& bytes) {
    static const std::vector<std::string> numbers{"-1",    "0",   "4294967295", "2147483648", "99999999999999999999",
                                                  "nan",   "inf", "1e999",      "-0",         "1e-320",
                                                  "0.1.2", "1,5", "",           " ",          "\n",
                                                  "\\\n",  "/",   "-"};
    const std::size_t at = random_() % bytes.size();
    switch (below(8)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.insert(random_() % bytes.size(), bytes.substr(at, 1 + random_() % 64));
        break;
      case 4:
        bytes.erase(at, 1 + random_() % 64);
        break;
      case 5:
        replace_number(bytes, numbers[random_() % numbers.size()]);
        break;
      case 6:  // the header, where the counts are
        bytes[random_() % std::min<std::size_t>(bytes.size(), 200)] = static_cast<char>(below(256));
        break;
      default: {
        const std::uint32_t values[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x7f800000, 0x7fc00000, 1000000};
        if (at + 4 <= bytes.size()) std::memcpy(bytes.data() + at, &values[random_() % 8], 4);
      }
    }
  }

  void replace_number(std::string& bytes, const std::string& number) {
    const std::size_t begin = bytes.find_first_of("0123456789", random_() % bytes.size());
    if (begin == bytes.npos) return;
    const std::size_t end = std::min(bytes.find_first_not_of("0123456789.eE+-", begin), bytes.size());
    bytes.replace(begin, end - begin, number);
  }

  std::mt19937 random_;
};

/// Gives `read` the seeds, changed.
inline void expect_no_harm(const std::string& name, const std::vector<std::string>& seeds,
                           const std::function<void(const std::string&)>& read) {
  const char* const asked = std::getenv("FIT_MUTATIONS");
  const int mutations = asked ? std::atoi(asked) : 600;
  Mutator mutator(12345);
  int survived = 0;
  for (int i = 0; i < mutations; ++i) {
    const std::string bytes = mutator.change(seeds[static_cast<std::size_t>(mutator.below(seeds.size()))]);
    const auto start = std::chrono::steady_clock::now();
    most_taken = taken;
    const std::size_t before = taken;
    try {
      read(bytes);
      ++survived;
    } catch (const Error& error) {
      ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    ASSERT_LT(seconds, 2.0) << name << " change " << i;
    ASSERT_LT(most_taken - before, 4'000'000 + 400 * bytes.size()) << name << " change " << i;
  }
  EXPECT_GT(survived, mutations / 200) << name << ": too few survive to try what comes after the header";
}

}  // namespace fit
