#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orbweaver {

// Rows and keys of the store as bytes. Numbers in keys are big-endian, so that they sort; in rows
// they are of variable length, seven bits a byte, the low ones first.
class row_writer {
 public:
  row_writer& fixed8(std::uint8_t value);
  row_writer& fixed32(std::uint32_t value);
  row_writer& fixed64(std::uint64_t value);
  row_writer& number(std::uint64_t value);
  row_writer& text(std::string_view value);  // with its length before it
  row_writer& rest(std::string_view value);  // up to the row's end
  // Up to the row's end, compressed where that gains something.
  row_writer& packed(std::string_view value);

  std::string_view view() const noexcept { return bytes_; }
  std::string take() { return std::move(bytes_); }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

// Reads what a row_writer wrote. Whatever is read beyond the end, or too long a number, makes the
// reader bad for good and reads as zero or nothing.
class row_reader {
 public:
  explicit row_reader(std::string_view bytes) noexcept : left_(bytes) {}

  std::uint8_t fixed8() noexcept;
  std::uint32_t fixed32() noexcept;
  std::uint64_t fixed64() noexcept;
  std::uint64_t number() noexcept;
  // A number of at most 32 bits.
  std::uint32_t number32() noexcept;
  std::string_view text() noexcept;
  std::string_view rest() noexcept;
  // What `packed` wrote: a part of the row, or of `room`.
  std::string_view packed(std::string& room);

  bool good() const noexcept { return good_; }
  // Whether all was read, and nothing beyond.
  bool done() const noexcept { return good_ && left_.empty(); }

 private:
  std::uint64_t big_endian(std::size_t bytes) noexcept;
  std::string_view take(std::size_t bytes) noexcept;

  std::string_view left_;
  bool good_ = true;
};

}  // namespace orbweaver
