#include "server/api/record_head.hpp"

#include <algorithm>
#include <array>

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 15> head_members{
    "seq",         "url",   "finalUrl", "depth",       "outcome",     "status", "title",  "error",
    "contentType", "bytes", "language", "bytesOnWire", "duplicateOf", "reason", "timings"};

// The end of the string that begins with the quote at `at`; npos: it has none.
std::size_t string_end(std::string_view text, std::size_t at) noexcept {
  for (;;) {
    at = text.find('"', at + 1);
    if (at == std::string_view::npos) return at;
    // An even number of backslashes before it are characters themselves.
    const auto last = text.find_last_not_of('\\', at - 1);
    if ((at - 1 - last) % 2 == 0) return at + 1;
  }
}

// The end of the value at `at`: where the comma or brace stands that follows it.
std::size_t value_end(std::string_view text, std::size_t at) noexcept {
  for (std::size_t depth = 0; at < text.size();) {
    at = text.find_first_of("\"[]{},", at);
    if (at == std::string_view::npos) return at;
    const char c = text[at];
    if (c == '"') {
      at = string_end(text, at);
      if (at == std::string_view::npos) return at;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    ++at;
  }
  return std::string_view::npos;
}

}  // namespace

void append_record_head(std::string& out, std::string_view record) {
  out += '{';
  bool first = true;
  for (std::size_t at = record.find('{'); at != std::string_view::npos && record[at] != '}';) {
    const std::size_t name_at = at + 1;
    if (name_at >= record.size() || record[name_at] != '"') break;
    const std::size_t name_end = string_end(record, name_at);
    if (name_end == std::string_view::npos || name_end >= record.size()) break;
    const std::size_t end = value_end(record, name_end + 1);
    if (end == std::string_view::npos) break;
    const auto name = record.substr(name_at + 1, name_end - name_at - 2);
    if (std::ranges::find(head_members, name) != head_members.end()) {
      if (!first) out += ',';
      first = false;
      out += record.substr(name_at, end - name_at);
    }
    at = end;
  }
  out += '}';
}

}  // namespace orbweaver
