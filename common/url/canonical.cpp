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
    std::string decoded;
    append_decoded(decoded, name);
    first_bytes_.set(static_cast<unsigned char>(decoded[0]));
    (prefix ? prefixes_ : names_).push_back(std::move(decoded));
  }
  std::ranges::sort(names_);
}

bool canonicalizer::drops(std::string_view parameter) const {
  if (any_name_) return true;
  if (parameter.empty()) return false;
  const char first = parameter[0];
  if (first != '%' && !first_bytes_[static_cast<unsigned char>(first)]) return false;
  std::string_view name = parameter.substr(0, parameter.find('='));
  std::string decoded;
  if (name.find('%') != name.npos) {
    append_decoded(decoded, name);
    name = decoded;
  }
  return std::ranges::binary_search(names_, name, std::less<std::string_view>()) ||
         std::ranges::any_of(prefixes_,
                             [&](const std::string& prefix) { return name.starts_with(prefix); });
}

bool canonicalizer::drops_any(std::string_view query) const {
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
      has_normal_escapes(href.substr(path_at)) && (query.empty() || !drops_any(query.substr(1))))
    return href;

  const auto host_at = static_cast<std::size_t>(u.hostname().data() - href.data());
  if (u.has_credentials())
    scratch.assign(u.protocol()).append("//").append(href.substr(host_at, path_at - host_at));
  else
    scratch.assign(href.substr(0, path_at));
  append_normal_escapes(scratch, path);
  if (query.empty()) return scratch;
  const std::size_t query_at = scratch.size();
  append_normal_escapes(scratch, query);
  remove_dropped(scratch, query_at);
  if (scratch.size() == query_at + 1) scratch.pop_back();
  return scratch;
}

}  // namespace orbweaver
