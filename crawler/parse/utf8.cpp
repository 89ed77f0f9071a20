#include "crawler/parse/utf8.hpp"

#include <bit>
#include <cstdint>

#include "crawler/parse/block.hpp"

namespace orbweaver {
namespace {

struct sequence {
  std::size_t length;  // bytes that belong together, at least 1
  bool valid;
};

// Encoding Standard 8.1.1, UTF-8 decoder: one sequence, or the part of one that stands before the
// first byte that cannot continue it. `p` is not at an ASCII byte and not at `end`.
sequence read_sequence(const char* p, const char* end) noexcept {
  const auto byte = [&](std::ptrdiff_t i) { return static_cast<std::uint8_t>(p[i]); };
  const std::uint8_t lead = byte(0);
  std::size_t length = 0;
  std::uint8_t lower = 0x80;
  std::uint8_t upper = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) lower = 0xA0;
    if (lead == 0xED) upper = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) lower = 0x90;
    if (lead == 0xF4) upper = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (p + i == end) return {i, false};
    const std::uint8_t next = byte(static_cast<std::ptrdiff_t>(i));
    if (next < lower || next > upper) return {i, false};
    lower = 0x80;
    upper = 0xBF;
  }
  return {length, true};
}

const char* skip_ascii(const char* p, const char* end) noexcept {
  using html::block;
  for (; end - p >= block::size; p += block::size) {
    if (const auto found = block::load(p).not_ascii().bits(); found != 0)
      return p + std::countr_zero(found);
  }
  while (p != end && static_cast<signed char>(*p) >= 0) ++p;
  return p;
}

}  // namespace

std::size_t valid_utf8_length(std::string_view bytes) noexcept {
  const char* p = bytes.data();
  const char* const end = p + bytes.size();
  while (p != end) {
    p = skip_ascii(p, end);
    while (p != end && static_cast<signed char>(*p) < 0) {
      const auto next = read_sequence(p, end);
      if (!next.valid) return static_cast<std::size_t>(p - bytes.data());
      p += next.length;
    }
  }
  return bytes.size();
}

std::size_t ascii_length(std::string_view bytes) noexcept {
  const char* const p = bytes.data();
  return static_cast<std::size_t>(skip_ascii(p, p + bytes.size()) - p);
}

void append_utf8(std::string& out, std::string_view bytes) {
  for (;;) {
    const std::size_t good = valid_utf8_length(bytes);
    out.append(bytes.substr(0, good));
    bytes.remove_prefix(good);
    if (bytes.empty()) return;
    bytes.remove_prefix(read_sequence(bytes.data(), bytes.data() + bytes.size()).length);
    out.append("\xEF\xBF\xBD");
  }
}

std::string to_utf8(std::string_view bytes) {
  std::string out;
  append_utf8(out, bytes);
  return out;
}

std::string_view clip_utf8(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  std::size_t n = max_bytes;
  while (n > 0 && max_bytes - n < 3 && (static_cast<std::uint8_t>(text[n]) & 0xC0) == 0x80) --n;
  return text.substr(0, n);
}

char* encode_code_point(char32_t code, char* out) noexcept {
  const auto put = [&](char32_t byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return out;
}

}  // namespace orbweaver
