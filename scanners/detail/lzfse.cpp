#include "scanners/detail/lzfse.h"

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "libfit/error.h"
#include "scanners/detail/bytes.h"

namespace fit {

namespace {

[[noreturn]] void damaged() { throw Error(ErrorKind::bad_input, "packed depth is damaged"); }

/// What was unpacked so far, with a limit.
class Output {
 public:
  explicit Output(std::size_t most) : most_(most) {}

  void add(std::string_view literal) {
    if (literal.size() > most_ - bytes_.size()) damaged();
    bytes_ += literal;
  }
  /// Repeats `length` bytes from `distance` back; they may overlap what they make.
  void repeat(std::size_t distance, std::size_t length) {
    if (distance == 0 || distance > bytes_.size() || length > most_ - bytes_.size()) damaged();
    std::size_t from = bytes_.size() - distance;
    bytes_.resize(bytes_.size() + length);
    char* to = bytes_.data() + bytes_.size() - length;
    for (const char* source = bytes_.data() + from; length > 0; --length) *to++ = *source++;
  }
  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::size_t most_;
};

/// LZVN: each opcode gives a literal, a match, or both.
void unpack_lzvn(std::string_view packed, Output& out) {
  Bytes bytes(packed);
  std::size_t distance = 0;
  for (;;) {
    const unsigned op = bytes.little<std::uint8_t>();
    std::size_t literal = 0;
    std::size_t match = 0;
    if (op == 0x06) return;  // the end
    if (op == 0x0e || op == 0x16) continue;
    if (op >= 0xf0) {
      match = op == 0xf0 ? 16u + bytes.little<std::uint8_t>() : op & 15;
    } else if (op >= 0xe0) {
      literal = op == 0xe0 ? 16u + bytes.little<std::uint8_t>() : op & 15;
    } else if (op >= 0xa0 && op < 0xc0) {  // 101LLMMM DDDDDDMM DDDDDDDD
      const unsigned more = bytes.little<std::uint16_t>();
      literal = (op >> 3) & 3;
      match = ((op & 7) << 2 | (more & 3)) + 3;
      distance = more >> 2;
    } else {  // LLMMMDDD: small, previous (110) or large (111) distance
      if ((op >= 0x70 && op < 0x80) || op >= 0xd0) damaged();
      literal = op >> 6;
      match = ((op >> 3) & 7) + 3;
      if ((op & 7) == 7)
        distance = bytes.little<std::uint16_t>();
      else if ((op & 7) != 6)
        distance = (op & 7) << 8 | bytes.little<std::uint8_t>();
      else if (op < 0x40)
        damaged();
    }
    out.add(bytes.take(literal));
    if (match) out.repeat(distance, match);
  }
}

/// Bits that are read from the end of a buffer towards its beginning.
class BackwardBits {
 public:
  /// `bits` is how many of the last byte are unused, as a number from -7 to 0.
  BackwardBits(std::string_view bytes, int bits) : bytes_(bytes) {
    if (bits < -7 || bits > 0) damaged();
    refill(bits == 0 ? 7 : 8);
    count_ += bits;
    if (count_ < 0 || (count_ < 64 && accumulated_ >> count_ != 0)) damaged();
  }
  void refill() {
    const int wanted = (63 - count_) / 8;
    if (wanted > 0) refill(wanted);
  }
  std::uint64_t pull(int bits) {
    if (bits > count_) damaged();
    count_ -= bits;
    const std::uint64_t value = accumulated_ >> count_;
    accumulated_ &= (std::uint64_t{1} << count_) - 1;
    return value;
  }

 private:
  void refill(int wanted) {
    if (static_cast<std::size_t>(wanted) > bytes_.size()) damaged();
    for (int i = 0; i < wanted; ++i) {
      accumulated_ = accumulated_ << 8 | static_cast<unsigned char>(bytes_.back());
      bytes_.remove_suffix(1);
    }
    count_ += 8 * wanted;
  }
  std::string_view bytes_;
  std::uint64_t accumulated_ = 0;
  int count_ = 0;
};

/// A state of the finite-state entropy decoder: reading `bits` more gives the next state and the symbol's value.
struct State {
  int bits = 0;   ///< for the next state
  int extra = 0;  ///< for the value
  int delta = 0;
  int base = 0;
};

/// States of symbols in their order, as many of each as its frequency (Duda's tANS; Apple's order of states).
std::vector<State> make_states(const std::uint16_t* frequencies, int symbols, int states, const std::uint8_t* extra,
                               const int* base) {
  std::vector<State> table;
  table.reserve(static_cast<std::size_t>(states));
  for (int symbol = 0; symbol < symbols; ++symbol) {
    const int f = frequencies[symbol];
    if (f == 0) continue;
    if (static_cast<int>(table.size()) + f > states) damaged();
    const int k = std::countl_zero(static_cast<unsigned>(f)) - std::countl_zero(static_cast<unsigned>(states));
    const int first = ((2 * states) >> k) - f;
    for (int j = 0; j < f; ++j) {
      State state;
      state.bits = j < first ? k : k - 1;
      state.delta = j < first ? ((f + j) << k) - states : (j - first) << (k - 1);
      state.extra = extra ? extra[symbol] : 0;
      state.base = base ? base[symbol] : symbol;
      table.push_back(state);
    }
  }
  return table;
}

int decode(const std::vector<State>& table, unsigned& at, BackwardBits& bits) {
  if (at >= table.size()) damaged();
  const State& state = table[at];
  const std::uint64_t read = bits.pull(state.bits + state.extra);
  at = static_cast<unsigned>(state.delta) + static_cast<unsigned>(read >> state.extra);
  return state.base + static_cast<int>(read & ((std::uint64_t{1} << state.extra) - 1));
}

constexpr int l_symbols = 20, m_symbols = 20, d_symbols = 64, literal_symbols = 256;
constexpr std::uint8_t l_extra[l_symbols] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 5, 8};
constexpr int l_base[l_symbols] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 28, 60};
constexpr std::uint8_t m_extra[m_symbols] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 8, 11};
constexpr int m_base[m_symbols] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 56, 312};

/// Distances come in groups of four symbols, each group with one bit more.
struct DistanceTable {
  std::array<std::uint8_t, d_symbols> extra{};
  std::array<int, d_symbols> base{};
  DistanceTable() {
    int next = 0;
    for (int i = 0; i < d_symbols; ++i) {
      extra[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i / 4);
      base[static_cast<std::size_t>(i)] = next;
      next += 1 << (i / 4);
    }
  }
};

struct BlockHeader {
  std::uint32_t literals = 0, literal_bytes = 0, matches = 0, match_bytes = 0;
  int literal_bits = 0, match_bits = 0;
  std::array<unsigned, 4> literal_states{};
  unsigned l_state = 0, m_state = 0, d_state = 0;
  std::array<std::uint16_t, l_symbols + m_symbols + d_symbols + literal_symbols> frequencies{};
};

/// The frequencies' own code: 2 to 14 bits each, told by the lowest five.
void read_frequencies(std::string_view packed, BlockHeader& header) {
  std::uint64_t bits = 0;
  int count = 0;
  for (std::uint16_t& frequency : header.frequencies) {
    while (count < 14 && !packed.empty()) {
      bits |= std::uint64_t{static_cast<unsigned char>(packed.front())} << count;
      packed.remove_prefix(1);
      count += 8;
    }
    static constexpr std::uint8_t lengths[32] = {2, 3, 2, 5, 2, 3, 2, 8, 2, 3, 2, 5, 2, 3, 2, 14,
                                                 2, 3, 2, 5, 2, 3, 2, 8, 2, 3, 2, 5, 2, 3, 2, 14};
    static constexpr std::uint8_t values[32] = {0, 2, 1, 4, 0, 3, 1, 0, 0, 2, 1, 5, 0, 3, 1, 0,
                                                0, 2, 1, 6, 0, 3, 1, 0, 0, 2, 1, 7, 0, 3, 1, 0};
    const auto low = static_cast<std::size_t>(bits & 31);
    const int length = lengths[low];
    frequency = length == 8    ? static_cast<std::uint16_t>(8 + ((bits >> 4) & 0xf))
                : length == 14 ? static_cast<std::uint16_t>(24 + ((bits >> 4) & 0x3ff))
                               : values[low];
    if (length > count) damaged();
    bits >>= length;
    count -= length;
  }
  if (count >= 8 || !packed.empty()) damaged();
}

/// Behind the magic and the count of raw bytes: three words of fields and the frequencies.
BlockHeader read_v2(Bytes& bytes) {
  BlockHeader header;
  const auto a = bytes.little<std::uint64_t>();
  const auto b = bytes.little<std::uint64_t>();
  const auto c = bytes.little<std::uint64_t>();
  const auto part = [](std::uint64_t word, int at, int length) {
    return static_cast<std::uint32_t>(word >> at & ((std::uint64_t{1} << length) - 1));
  };
  header.literals = part(a, 0, 20);
  header.literal_bytes = part(a, 20, 20);
  header.matches = part(a, 40, 20);
  header.literal_bits = static_cast<int>(part(a, 60, 3)) - 7;
  for (int i = 0; i < 4; ++i) header.literal_states[static_cast<std::size_t>(i)] = part(b, 10 * i, 10);
  header.match_bytes = part(b, 40, 20);
  header.match_bits = static_cast<int>(part(b, 60, 3)) - 7;
  const std::uint32_t size = part(c, 0, 32);
  header.l_state = part(c, 32, 10);
  header.m_state = part(c, 42, 10);
  header.d_state = part(c, 52, 10);
  if (size < 32) damaged();
  if (size > 32) read_frequencies(bytes.take(size - 32), header);
  return header;
}

/// The same with plain numbers.
BlockHeader read_v1(Bytes& bytes) {
  BlockHeader header;
  bytes.little<std::uint32_t>();  // payload bytes: the sum of the two below
  header.literals = bytes.little<std::uint32_t>();
  header.matches = bytes.little<std::uint32_t>();
  header.literal_bytes = bytes.little<std::uint32_t>();
  header.match_bytes = bytes.little<std::uint32_t>();
  header.literal_bits = bytes.little<std::int32_t>();
  for (unsigned& state : header.literal_states) state = bytes.little<std::uint16_t>();
  header.match_bits = bytes.little<std::int32_t>();
  header.l_state = bytes.little<std::uint16_t>();
  header.m_state = bytes.little<std::uint16_t>();
  header.d_state = bytes.little<std::uint16_t>();
  for (std::uint16_t& frequency : header.frequencies) frequency = bytes.little<std::uint16_t>();
  bytes.little<std::uint16_t>();  // the struct is padded to whole words
  return header;
}

void unpack_block(const BlockHeader& header, std::string_view before, Bytes& bytes, Output& out) {
  if (header.literals > 40000 || header.matches > 10000 || header.literals % 4 != 0) damaged();
  const std::uint16_t* f = header.frequencies.data();
  const auto l = make_states(f, l_symbols, 64, l_extra, l_base);
  const auto m = make_states(f + l_symbols, m_symbols, 64, m_extra, m_base);
  static const DistanceTable distances;
  const auto d = make_states(f + l_symbols + m_symbols, d_symbols, 256, distances.extra.data(), distances.base.data());
  const auto literal = make_states(f + l_symbols + m_symbols + d_symbols, literal_symbols, 1024, nullptr, nullptr);

  // The two streams are read backwards and may look over their beginning, into what stands before them.
  const std::string_view literal_bytes = bytes.take(header.literal_bytes);
  const std::string_view all_literals(before.data(), before.size() + literal_bytes.size());
  std::string literals(header.literals, '\0');
  if (header.literals > 0) {
    BackwardBits in(all_literals, header.literal_bits);
    auto states = header.literal_states;
    for (std::size_t i = 0; i < literals.size(); i += 4) {
      in.refill();
      for (std::size_t k = 0; k < 4; ++k) literals[i + k] = static_cast<char>(decode(literal, states[k], in));
    }
  }
  const std::string_view match_bytes = bytes.take(header.match_bytes);
  BackwardBits in(std::string_view(before.data(), all_literals.size() + match_bytes.size()), header.match_bits);
  std::string_view rest = literals;
  unsigned ls = header.l_state, ms = header.m_state, ds = header.d_state;
  int distance = 0;
  for (std::uint32_t i = 0; i < header.matches; ++i) {
    in.refill();
    const auto length = static_cast<std::size_t>(decode(l, ls, in));
    in.refill();
    const auto match = static_cast<std::size_t>(decode(m, ms, in));
    in.refill();
    if (const int said = decode(d, ds, in)) distance = said;
    if (length > rest.size()) damaged();
    out.add(rest.substr(0, length));
    rest.remove_prefix(length);
    if (match > 0) out.repeat(static_cast<std::size_t>(distance), match);
  }
}

}  // namespace

std::string unpack_lzfse(std::string_view packed, std::size_t most) {
  Output out(most);
  Bytes bytes(packed);
  for (;;) {
    const std::string_view magic = bytes.take(4);
    if (magic == "bvx$") return out.take();
    const auto raw = bytes.little<std::uint32_t>();
    const std::size_t expected = out.size() + raw;
    if (magic == "bvx-") {
      out.add(bytes.take(raw));
    } else if (magic == "bvxn") {
      unpack_lzvn(bytes.text32(), out);
    } else if (magic == "bvx2" || magic == "bvx1") {
      const BlockHeader header = magic == "bvx2" ? read_v2(bytes) : read_v1(bytes);
      const std::string_view before = packed.substr(0, packed.size() - bytes.left());
      unpack_block(header, before, bytes, out);
    } else {
      damaged();
    }
    if (out.size() != expected) damaged();
  }
}

}  // namespace fit
