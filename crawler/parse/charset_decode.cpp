#include <algorithm>
#include <cerrno>
#include <iconv.h>
#include <memory>

#include "crawler/parse/character_reference.hpp"
#include "crawler/parse/charset.hpp"
#include "crawler/parse/charset_corrections.hpp"
#include "crawler/parse/charset_table.hpp"
#include "crawler/parse/utf8.hpp"

namespace orbweaver {
namespace {

void append(std::string& out, char32_t code) {
  char bytes[4];
  out.append(bytes, encode_code_point(code, bytes));
}

// A superset of ASCII with one character for each byte.
template <class ToCode>
void decode_bytes(std::string_view body, std::string& out, ToCode to_code) {
  out.reserve(body.size() + body.size() / 8);
  while (!body.empty()) {
    const std::size_t ascii = ascii_length(body);
    out.append(body.substr(0, ascii));
    body.remove_prefix(ascii);
    if (body.empty()) return;
    append(out, to_code(static_cast<unsigned char>(body.front())));
    body.remove_prefix(1);
  }
}

class converter {
 public:
  explicit converter(std::string_view from)
      : handle_(iconv_open("UTF-8", std::string(from).c_str())) {}
  ~converter() {
    if (ok()) iconv_close(handle_);
  }
  converter(const converter&) = delete;
  converter& operator=(const converter&) = delete;

  bool ok() const noexcept {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
  }

  // Converts up to the end or the first invalid sequence, which is left at the beginning of `in`.
  // Answers errno's value, 0 at the end. Through a small buffer: preparing a large one for each
  // invalid byte would take quadratic time.
  int convert(std::string_view& in, std::string& out) const {
    char* from = const_cast<char*>(in.data());  // iconv does not write there
    std::size_t left = in.size();
    int error = E2BIG;
    while (error == E2BIG) {
      char buffer[4096];
      char* to = buffer;
      std::size_t room = sizeof buffer;
      error = iconv(handle_, &from, &left, &to, &room) == static_cast<std::size_t>(-1) ? errno : 0;
      out.append(buffer, to);
    }
    in = in.substr(in.size() - left);
    return error;
  }

  // Some converters hold a character back to see what follows.
  void flush(std::string& out) const {
    char last[32];
    char* to = last;
    std::size_t room = sizeof last;
    iconv(handle_, nullptr, nullptr, &to, &room);
    out.append(last, to);
  }

 private:
  iconv_t handle_;
};

// What the standard makes of a byte that iconv does not take; U+FFFD if nothing.
char32_t untaken_byte(std::string_view name, unsigned char byte) noexcept {
  // Encodings of Windows leave to the C1 controls what they do not use themselves.
  if (name.starts_with("windows-") && byte >= 0x80 && byte < 0xA0) return byte;
  // 9, index windows-1255
  if (name == "windows-1255" && byte == 0xCA) return 0x05BA;
  // Encoding Standard 10.2.1 and 12.3.1
  if (byte == 0x80 && (name == "GBK" || name == "gb18030")) return 0x20AC;
  return byte == 0x80 && name == "Shift_JIS" ? 0x80 : 0xFFFD;
}

// Whether `byte` begins a character of two bytes or more (Encoding Standard 10.2.1, 11.1.1, 12.1.1,
// 12.3.1 and 13.1.1).
bool is_lead(std::string_view name, unsigned char byte) noexcept {
  if (name == "Shift_JIS") return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
  if (name == "EUC-JP") return byte == 0x8E || byte == 0x8F || (byte >= 0xA1 && byte <= 0xFE);
  const bool chinese = name == "GBK" || name == "gb18030" || name == "Big5";
  return (chinese || name == "EUC-KR") && byte >= 0x81 && byte <= 0xFE;
}

// How many bytes at the beginning of `rest` are one error. The second of a character is taken with
// it unless it is ASCII, which stays what it is: a quote or '<' is not swallowed.
std::size_t bytes_in_error(std::string_view name, std::string_view rest) noexcept {
  if (name.starts_with("UTF-16")) return std::min<std::size_t>(2, rest.size());
  if (rest.size() < 2 || static_cast<signed char>(rest[1]) >= 0) return 1;
  if (!is_lead(name, static_cast<unsigned char>(rest[0]))) return 1;
  // 12.1.1: behind 0x8F stand two.
  const bool long_one = name == "EUC-JP" && rest[0] == '\x8F' && rest.size() > 2 &&
                        static_cast<unsigned char>(rest[1]) >= 0xA1 &&
                        static_cast<signed char>(rest[2]) < 0;
  return long_one ? 3 : 2;
}

void decode_with(const converter& to_utf8, const encoding& code, std::string_view body,
                 std::string& out) {
  while (!body.empty()) {
    const int error = to_utf8.convert(body, out);
    // Flushing forgets which set ISO-2022-JP was in, which an error does not.
    if (body.empty() || code.name != "ISO-2022-JP") to_utf8.flush(out);
    if (body.empty()) return;
    append(out, untaken_byte(code.name, static_cast<unsigned char>(body.front())));
    // A sequence cut by the end is one error.
    body.remove_prefix(error == EINVAL ? body.size() : bytes_in_error(code.name, body));
  }
}

std::string_view without_bom(std::string_view body, std::string_view charset) noexcept {
  const std::string_view bom = charset == "UTF-8"      ? "\xEF\xBB\xBF"
                               : charset == "UTF-16BE" ? "\xFE\xFF"
                               : charset == "UTF-16LE" ? "\xFF\xFE"
                                                       : "";
  if (!bom.empty() && body.starts_with(bom)) body.remove_prefix(bom.size());
  return body;
}

}  // namespace

std::string_view text_in_utf8(std::string_view body, std::string_view charset,
                              std::string& buffer) {
  body = without_bom(body, charset);
  const encoding* const code = encoding_from_name(charset);
  buffer.clear();
  if (charset == "windows-1252") {
    if (ascii_length(body) == body.size()) return body;
    decode_bytes(body, buffer, html::windows_1252_code_point);
    return buffer;
  }
  if (charset == "x-user-defined") {  // Encoding Standard 14.5.1
    decode_bytes(body, buffer, [](unsigned char byte) { return char32_t{0xF780U + byte - 0x80U}; });
    return buffer;
  }
  if (charset == "replacement") {  // Encoding Standard 14.1.1
    if (!body.empty()) append(buffer, 0xFFFD);
    return buffer;
  }
  if (code != nullptr && !code->converter.empty()) {
    const converter to_utf8(code->converter);
    if (to_utf8.ok()) {
      decode_with(to_utf8, *code, body, buffer);
      correct_decoded(buffer, charset);
      return buffer;
    }
  }
  if (is_valid_utf8(body)) return body;
  append_utf8(buffer, body);
  return buffer;
}

}  // namespace orbweaver
