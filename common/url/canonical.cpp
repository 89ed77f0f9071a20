#include "common/url/canonical.hpp"

#include <algorithm>
#include <array>

#include "common/url/percent.hpp"

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 43> common_tracking{
    "utm_*",         "gclid",           "gclsrc",    "dclid",         "gbraid",  "wbraid",
    "gad_source",    "gad_campaignid",  "srsltid",   "_ga",           "_gl",     "fbclid",
    "fb_action_ids", "fb_action_types", "fb_source", "igshid",        "igsh",    "msclkid",
    "twclid",        "ttclid",          "li_fat_id", "epik",          "yclid",   "ysclid",
    "_openstat",     "mc_cid",          "mc_eid",    "mkt_tok",       "_hsenc",  "_hsmi",
    "__hssc",        "__hstc",          "__hsfp",    "hsCtaTracking", "vero_id", "vero_conv",
    "oly_anon_id",   "oly_enc_id",      "wickedid",  "pk_*",          "piwik_*", "mtm_*",
    "matomo_*"};

// RFC 3986, section 2.3.
constexpr bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

constexpr bool is_lower_hex(char c) noexcept { return c >= 'a' && c <= 'f'; }

bool escapes_are_canonical(std::string_view text) noexcept {
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 3)) {
    if (!is_escape(text, at) || is_lower_hex(text[at + 1]) || is_lower_hex(text[at + 2]) ||
        is_unreserved(escaped_byte(text, at)))
      return false;
  }
  return true;
}

// Decoding cannot make an escape of what was none: a '%' is never decoded, and one that begins no
// escape is escaped itself. Nor can it make a dot segment: the URL parser has resolved those
// written "%2e" already.
void append_canonical(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
    } else if (!is_escape(text, i)) {
      out.append("%25");
    } else {
      const char byte = escaped_byte(text, i);
      if (is_unreserved(byte))
        out.push_back(byte);
      else
        append_escape(out, byte);
      i += 2;
    }
  }
}

// The first parameter of `query`, which is cut off it together with its '&'.
std::string_view take_parameter(std::string_view& query) noexcept {
  const std::size_t end = std::min(query.find('&'), query.size());
  const std::string_view parameter = query.substr(0, end);
  query.remove_prefix(std::min(end + 1, query.size()));
  return parameter;
}

}  // namespace

std::span<const std::string_view> tracking_parameters() noexcept { return common_tracking; }

canonicalizer::canonicalizer(const canonical_options& options) : drop_query_(options.drop_query) {
  for (std::string_view name : options.drop_parameters) {
    const bool prefix = name.ends_with('*');
    if (prefix) name.remove_suffix(1);
    if (prefix && name.empty()) any_name_ = true;
    if (name.empty()) continue;
    std::string canonical;
    append_canonical(canonical, name);
    first_bytes_.set(static_cast<unsigned char>(canonical[0]));
    (prefix ? prefixes_ : names_).push_back(std::move(canonical));
  }
  std::ranges::sort(names_);
}

bool canonicalizer::drops(std::string_view parameter) const noexcept {
  if (any_name_) return true;
  if (parameter.empty() || !first_bytes_[static_cast<unsigned char>(parameter[0])]) return false;
  const std::string_view name = parameter.substr(0, parameter.find('='));
  return std::ranges::binary_search(names_, name, std::less<std::string_view>()) ||
         std::ranges::any_of(prefixes_,
                             [&](const std::string& prefix) { return name.starts_with(prefix); });
}

bool canonicalizer::drops_any(std::string_view query) const noexcept {
  while (!query.empty())
    if (drops(take_parameter(query))) return true;
  return false;
}

// `query`: where the '?' stands in `text`.
void canonicalizer::remove_dropped(std::string& text, std::size_t query) const {
  std::string_view rest = std::string_view(text).substr(query + 1);
  if (!drops_any(rest)) return;
  std::string kept;
  bool first = true;
  // A '&' at the end stands before one more, empty, parameter.
  bool more = true;
  while (more) {
    const std::size_t size = rest.size();
    const std::string_view parameter = take_parameter(rest);
    more = parameter.size() < size;
    if (drops(parameter)) continue;
    if (!first) kept.push_back('&');
    first = false;
    kept.append(parameter);
  }
  text.replace(query + 1, text.npos, kept);
}

std::string_view canonicalizer::key(const url& u, std::string& scratch) const {
  const std::string_view href = u.href_without_fragment();
  if (!u.is_http()) return href;
  const std::string_view path = u.pathname();
  const std::string_view query = drop_query_ ? std::string_view() : u.search();
  const auto path_at = static_cast<std::size_t>(path.data() - href.data());
  if (!u.has_credentials() && path_at + path.size() + query.size() == href.size() &&
      escapes_are_canonical(href.substr(path_at)) && (query.empty() || !drops_any(query.substr(1))))
    return href;

  const auto host_at = static_cast<std::size_t>(u.hostname().data() - href.data());
  if (u.has_credentials())
    scratch.assign(u.protocol()).append("//").append(href.substr(host_at, path_at - host_at));
  else
    scratch.assign(href.substr(0, path_at));
  append_canonical(scratch, path);
  if (query.empty()) return scratch;
  const std::size_t query_at = scratch.size();
  append_canonical(scratch, query);
  remove_dropped(scratch, query_at);
  if (scratch.size() == query_at + 1) scratch.pop_back();
  return scratch;
}

}  // namespace orbweaver
