#include "common/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "common/rfc3339.hpp"

namespace orbweaver {
namespace {

constexpr char32_t replacement = 0xfffd;

struct decoded {
  char32_t character;
  std::size_t size;  // bytes taken, at least 1
};

// One character of UTF-8 (RFC 3629 section 4), or U+FFFD for one byte that starts none.
decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return {replacement, 1};
  char32_t out = first & (0xff >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {replacement, 1};
    out = out << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = out >= 0xd800 && out <= 0xdfff;
  if (out < least[size] || out > 0x10ffff || surrogate) return {replacement, 1};
  return {out, size};
}

// Controls (C0, DEL, C1), line and paragraph separators, and the characters that change the
// writing direction: nothing in a log may move the reader's cursor or rewrite a line.
bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200e && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void append_unicode_escape(std::string& out, char32_t c) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[c >> shift & 0xf];
}

void append_escaped(std::string& out, std::string_view text) {
  const std::size_t end = std::min(text.size(), max_log_text);
  for (std::size_t at = 0; at < end;) {
    const auto [c, size] = decode(text.substr(at));
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (is_hidden(c)) {
      append_unicode_escape(out, c);
    } else if (c == replacement && size == 1) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(at, size);
    }
    at += size;
  }
  if (end < text.size()) out += "\xe2\x80\xa6";  // an ellipsis
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

// A value that needs no quotes in the text format.
bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= max_log_text &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '=';
         });
}

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> buffer;
  const auto [end, ec] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), end);
}

}  // namespace

std::string_view name(log_level level) noexcept {
  switch (level) {
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::warn: return "warn";
    case log_level::error: return "error";
    case log_level::off: break;
  }
  return "off";
}

class log_line_writer {
 public:
  explicit log_line_writer(log_format format) : json_(format == log_format::json) {}

  void head(std::chrono::system_clock::time_point time, log_level level, std::string_view message) {
    constexpr std::size_t level_width = 6;
    if (json_) {
      out_ += "{\"time\":\"";
      append_rfc3339(out_, time);
      out_ += "\",\"level\":\"";
      out_ += name(level);
      out_ += "\",\"message\":";
      append_quoted(out_, message);
    } else {
      append_rfc3339(out_, time);
      out_ += ' ';
      out_ += name(level);
      out_.append(level_width - name(level).size(), ' ');
      append_escaped(out_, message);
    }
  }

  void field(const log_field& f) {
    out_ += json_ ? ',' : ' ';
    if (json_) {
      append_quoted(out_, f.name);
      out_ += ':';
    } else {
      append_escaped(out_, f.name);
      out_ += '=';
    }
    std::visit([this](const auto& v) { value(v); }, f.value.value_);
  }

  std::string finish() && {
    if (json_) out_ += '}';
    return std::move(out_);
  }

 private:
  void value(bool v) { out_ += v ? "true" : "false"; }
  void value(double v) { std::isfinite(v) ? append_number(out_, v) : void(out_ += "null"); }
  void value(std::int64_t v) { append_number(out_, v); }
  void value(std::uint64_t v) { append_number(out_, v); }
  void value(std::string_view v) {
    if (!json_ && is_plain(v)) {
      out_ += v;
    } else {
      append_quoted(out_, v);
    }
  }
  void value(const log_value::later& v) { value(std::string_view(v.print(v.object))); }

  bool json_;
  std::string out_;
};

std::string log_line(log_format format, std::chrono::system_clock::time_point time, log_level level,
                     std::string_view message, std::span<const log_field> fields) {
  log_line_writer writer(format);
  writer.head(time, level, message);
  for (const log_field& f : fields) writer.field(f);
  return std::move(writer).finish();
}

}  // namespace orbweaver
