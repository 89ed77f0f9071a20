#include "crawler/fetch/request_cookies.hpp"

#include <algorithm>

#include "crawler/fetch/headers.hpp"
#include "crawler/fetch/http_token.hpp"

namespace orbweaver {
namespace {

bool has_cookie(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    const std::string_view pair = field.substr(0, field.find(';'));
    field.remove_prefix(std::min(pair.size() + 1, field.size()));
    if (trim_whitespace(pair.substr(0, pair.find('='))) == name) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> why_not_cookie(std::string_view name, std::string_view value) {
  if (!is_token(name))
    return "A cookie's name has only letters, digits and any of !#$%&'*+-.^_`|~.";
  const bool clean = std::ranges::none_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7f || c == ';';
  });
  if (!clean) return "A cookie's value has no semicolons, line breaks or other control characters.";
  return std::nullopt;
}

cookie_pairs read_cookie_pairs(std::string_view field) {
  cookie_pairs out;
  while (!field.empty()) {
    const std::string_view pair = field.substr(0, field.find(';'));
    field.remove_prefix(std::min(pair.size() + 1, field.size()));
    const std::size_t mark = pair.find('=');
    const std::string_view name = trim_whitespace(pair.substr(0, mark));
    if (mark == pair.npos || name.empty()) continue;
    out.emplace_back(name, trim_whitespace(pair.substr(mark + 1)));
  }
  return out;
}

std::string merge_cookies(const cookie_pairs& own, std::string_view from_site) {
  std::string out;
  for (const auto& [name, value] : own) {
    if (has_cookie(from_site, name)) continue;
    if (!out.empty()) out += "; ";
    out.append(name).append("=").append(value);
  }
  if (!out.empty() && !from_site.empty()) out += "; ";
  return out.append(from_site);
}

}  // namespace orbweaver
