#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crawler/parse/block.hpp"

// Character references and the other things that stand between a document's bytes and what they
// mean: NUL and line ends. HTML Standard 13.2.5.72 ff., 13.2.3.5 and 13.5.
namespace orbweaver::html {

enum class nul_bytes : std::uint8_t { keep, drop, replace };  // replace: by U+FFFD
enum class references : std::uint8_t { none, in_text, in_attribute };

struct decode_mode {
  references refs;
  nul_bytes nuls;
};
inline constexpr decode_mode attribute_mode{references::in_attribute, nul_bytes::replace};
inline constexpr decode_mode text_mode{references::in_text, nul_bytes::drop};

// Decoding makes at most this many bytes out of one.
inline constexpr std::size_t max_decode_growth = 3;

// Whether `raw` may be used as it stands: no reference, NUL or carriage return in it. Up to
// `readable` bytes may be read.
inline bool is_plain(std::string_view raw, const char* readable) noexcept {
  const char* const end = raw.data() + raw.size();
  return find_any<'&', '\0', '\r'>(raw.data(), end, readable) == end;
}
struct character_reference {
  std::size_t length = 0;  // bytes of source after '&'; 0: not a reference
  char text[8] = {};       // what it stands for, UTF-8
  std::uint8_t text_size = 0;
};
// `after` begins after '&' and runs to the end of the document or attribute value.
character_reference match_reference(std::string_view after, references where) noexcept;

// Decodes `raw` and hands it to `use(std::string_view)` piece by piece. Line ends become LF; bytes
// beyond ASCII stay as they are.
template <class Use>
void decode_pieces(std::string_view raw, decode_mode mode, Use&& use) {
  const char* p = raw.data();
  const char* const end = p + raw.size();
  const auto rest = [&] { return std::string_view(p, static_cast<std::size_t>(end - p)); };
  while (p != end) {
    const char* const stop = find_any<'&', '\0', '\r'>(p, end);
    if (stop != p) use(std::string_view(p, static_cast<std::size_t>(stop - p)));
    p = stop;
    if (p == end) return;
    const char c = *p++;
    if (c == '&') {
      const character_reference ref = match_reference(rest(), mode.refs);
      use(ref.length == 0 ? std::string_view("&") : std::string_view(ref.text, ref.text_size));
      p += ref.length;
    } else if (c == '\r') {
      if (!rest().starts_with('\n')) use(std::string_view("\n"));
    } else if (mode.nuls != nul_bytes::drop) {
      use(mode.nuls == nul_bytes::keep ? std::string_view("\0", 1)
                                       : std::string_view("\xEF\xBF\xBD"));
    }
  }
}
// The same into `out`, which has room for max_decode_growth * raw.size() bytes; answers the end of
// what was written.
char* decode(std::string_view raw, decode_mode mode, char* out) noexcept;
void append_decoded(std::string& out, std::string_view raw, decode_mode mode);

// What the byte stands for in windows-1252 (Encoding Standard 9.1); numeric references to the C1
// controls mean the same.
char32_t windows_1252_code_point(unsigned char byte) noexcept;

// How many names the table has; the n-th of them in byte order, and its text.
std::size_t named_reference_count() noexcept;
std::string_view named_reference_name(std::size_t n) noexcept;
std::string_view named_reference_text(std::size_t n) noexcept;

}  // namespace orbweaver::html
