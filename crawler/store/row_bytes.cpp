#include "crawler/store/row_bytes.hpp"

#include <lz4.h>

namespace orbweaver {
namespace {

// Of LZ4, the least: 2 GB/s, and a record with its links becomes less than a quarter of its size.
// 4 takes a twelfth less time and leaves an eighth more, which costs more to write than it saves.
constexpr int acceleration = 1;
// Fewer bytes gain nothing.
constexpr std::size_t least_packed_bytes = 128;
// A byte of an LZ4 block stands for no more than so many: whoever says so is wrong.
constexpr std::uint64_t most_packed_times = 255;

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned shift = bytes * 8; shift != 0;) {
    shift -= 8;
    out += static_cast<char>(value >> shift & 0xff);
  }
}

}  // namespace

row_writer& row_writer::fixed8(std::uint8_t value) {
  bytes_ += static_cast<char>(value);
  return *this;
}

row_writer& row_writer::fixed32(std::uint32_t value) {
  append_big_endian(bytes_, value, 4);
  return *this;
}

row_writer& row_writer::fixed64(std::uint64_t value) {
  append_big_endian(bytes_, value, 8);
  return *this;
}

row_writer& row_writer::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
  bytes_ += static_cast<char>(value);
  return *this;
}

row_writer& row_writer::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
  return *this;
}

row_writer& row_writer::rest(std::string_view value) {
  bytes_ += value;
  return *this;
}

// A row without gain holds the text as it is: it is as long as its size says.
row_writer& row_writer::packed(std::string_view value) {
  number(value.size());
  if (value.size() < least_packed_bytes || value.size() > LZ4_MAX_INPUT_SIZE) return rest(value);
  const std::size_t begin = bytes_.size();
  const std::size_t most = value.size() - value.size() / 8;
  bytes_.resize(begin + most);
  const int size =
      LZ4_compress_fast(value.data(), bytes_.data() + begin, static_cast<int>(value.size()),
                        static_cast<int>(most), acceleration);
  bytes_.resize(begin + static_cast<std::size_t>(size));
  return size == 0 ? rest(value) : *this;  // 0: it did not fit into `most`
}

std::string_view row_reader::take(std::size_t bytes) noexcept {
  if (!good_ || left_.size() < bytes) {
    good_ = false;
    return {};
  }
  const std::string_view out = left_.substr(0, bytes);
  left_.remove_prefix(bytes);
  return out;
}

std::uint64_t row_reader::big_endian(std::size_t bytes) noexcept {
  std::uint64_t out = 0;
  for (const char c : take(bytes)) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

std::uint8_t row_reader::fixed8() noexcept { return static_cast<std::uint8_t>(big_endian(1)); }
std::uint32_t row_reader::fixed32() noexcept { return static_cast<std::uint32_t>(big_endian(4)); }
std::uint64_t row_reader::fixed64() noexcept { return big_endian(8); }

std::uint64_t row_reader::number() noexcept {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = fixed8();
    if (!good_) return 0;
    out |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return out;
  }
  good_ = false;
  return 0;
}

std::uint32_t row_reader::number32() noexcept {
  const std::uint64_t value = number();
  if (value <= 0xffffffff) return static_cast<std::uint32_t>(value);
  good_ = false;
  return 0;
}

std::string_view row_reader::text() noexcept {
  const std::uint64_t size = number();
  if (size <= left_.size()) return take(static_cast<std::size_t>(size));
  good_ = false;
  return {};
}

std::string_view row_reader::rest() noexcept { return take(left_.size()); }

std::string_view row_reader::packed(std::string& room) {
  const std::uint64_t size = number();
  const std::string_view block = rest();
  if (size == block.size()) return block;
  good_ = good_ && size <= LZ4_MAX_INPUT_SIZE && size <= most_packed_times * block.size();
  if (!good_) return {};
  room.resize(static_cast<std::size_t>(size));
  const int found = LZ4_decompress_safe(block.data(), room.data(), static_cast<int>(block.size()),
                                        static_cast<int>(size));
  good_ = found >= 0 && static_cast<std::uint64_t>(found) == size;
  return good_ ? std::string_view(room) : std::string_view();
}

}  // namespace orbweaver
