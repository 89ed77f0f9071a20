#include "crawler/fetch/media_type.hpp"

#include <algorithm>

#include "common/ascii.hpp"
#include "crawler/fetch/http_token.hpp"

namespace orbweaver {
namespace {

// HTTP whitespace: TAB, LF, CR, SP.
constexpr std::string_view http_whitespace = "\t\n\r ";

std::string_view trim_start(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(http_whitespace), text.size()));
  return text;
}

std::string_view trim_end(std::string_view text) noexcept {
  return text.substr(0, text.find_last_not_of(http_whitespace) + 1);
}

// HTTP quoted-string token code points: TAB, U+0020 to U+007E, U+0080 to U+00FF.
bool is_quotable(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
  });
}

// Fetch, "collect an HTTP quoted string" with the extract-value flag; `text` starts with a quote
// and is left behind the closing one.
std::string take_quoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') return value;
    if (c == '\\' && !text.empty()) {
      value += text.front();
      text.remove_prefix(1);
    } else {
      value += c;
    }
  }
  return value;
}

// 4.4 step 11, for one parameter: leaves `text` behind it, at the next `;` if there is one.
void take_parameter(std::string_view& text, media_type& type) {
  text = trim_start(text.substr(1));
  const std::size_t name_end = std::min(text.find_first_of(";="), text.size());
  const std::string_view name = text.substr(0, name_end);
  text.remove_prefix(name_end);
  if (!text.starts_with('=')) return;
  text.remove_prefix(1);
  std::string value;
  if (text.starts_with('"')) {
    value = take_quoted(text);
    text.remove_prefix(std::min(text.find(';'), text.size()));
  } else {
    const std::size_t end = std::min(text.find(';'), text.size());
    value = trim_end(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (type.charset || value.empty() || !is_quotable(value)) return;
  if (equals_ignoring_case(name, "charset")) type.charset = std::move(value);
}

}  // namespace

std::optional<media_type> parse_media_type(std::string_view text) {
  text = trim_end(trim_start(text));
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const std::size_t semicolon = std::min(text.find(';', slash), text.size());
  const std::string_view type = text.substr(0, slash);
  const std::string_view subtype = trim_end(text.substr(slash + 1, semicolon - slash - 1));
  if (!is_token(type) || !is_token(subtype)) return std::nullopt;
  media_type found{ascii_lowered(type) + '/' + ascii_lowered(subtype), std::nullopt};
  text.remove_prefix(semicolon);
  while (!text.empty()) take_parameter(text, found);
  return found;
}

std::optional<media_type> media_type_of(const header_list& headers) {
  std::optional<media_type> found;
  const auto consider = [&found](std::string_view text) {
    std::optional<media_type> next = parse_media_type(text);
    if (!next || next->essence == "*/*") return;
    // A repeated type without charset keeps the one that was said before.
    if (found && found->essence == next->essence && !next->charset) {
      next->charset = std::move(found->charset);
    }
    found = std::move(next);
  };
  headers.for_each(header_id::content_type, [&](std::string_view value) {
    // Fetch, "get, decode, and split": at commas outside quoted strings.
    while (!value.empty()) {
      std::string_view rest = value;
      while (!rest.empty() && rest.front() != ',') {
        if (rest.front() == '"') {
          take_quoted(rest);
        } else {
          rest.remove_prefix(1);
        }
      }
      consider(value.substr(0, value.size() - rest.size()));
      value = rest.substr(std::min<std::size_t>(1, rest.size()));
    }
  });
  return found;
}

bool is_media_pattern(std::string_view text) noexcept {
  if (text == "*") return true;
  const std::size_t slash = text.find('/');
  if (slash == text.npos || text.find('/', slash + 1) != text.npos) return false;
  if (!is_token(text.substr(0, slash)) || !is_token(text.substr(slash + 1))) return false;
  return text == "*/*" || std::ranges::count(text, '*') <= 1;
}

bool matches_media_pattern(std::string_view essence, std::string_view pattern) noexcept {
  if (pattern == "*" || pattern == "*/*") return true;
  const std::size_t star = pattern.find('*');
  if (star == pattern.npos) return equals_ignoring_case(essence, pattern);
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  return essence.size() >= head.size() + tail.size() &&
         equals_ignoring_case(essence.substr(0, head.size()), head) &&
         equals_ignoring_case(essence.substr(essence.size() - tail.size()), tail);
}

bool looks_binary(std::string_view body) noexcept {
  constexpr std::size_t resource_header_bytes = 1445;  // MIME Sniffing section 5.2
  for (const std::string_view mark : {"\xFE\xFF", "\xFF\xFE", "\xEF\xBB\xBF"})
    if (body.starts_with(mark)) return false;
  if (trim_start(body).starts_with('<')) return false;  // as the signatures of HTML and XML do
  for (const std::string_view signature : {"%PDF-", "%!PS-Adobe-"})
    if (body.starts_with(signature)) return true;
  // Section 3: "binary data byte".
  return std::ranges::any_of(body.substr(0, resource_header_bytes), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x08 || byte == 0x0b || (byte >= 0x0e && byte <= 0x1a) ||
           (byte >= 0x1c && byte <= 0x1f);
  });
}

}  // namespace orbweaver
