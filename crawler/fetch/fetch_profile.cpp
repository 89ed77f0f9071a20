#include <algorithm>

#include "common/url/url.hpp"
#include "crawler/fetch/basic_credentials.hpp"
#include "crawler/fetch/decode_codings.hpp"
#include "crawler/fetch/fetch.hpp"
#include "crawler/fetch/headers.hpp"
#include "crawler/fetch/proxy.hpp"
#include "crawler/robots/robots.hpp"

namespace orbweaver {
namespace {

constexpr std::pair<std::string_view, std::string_view> standing_headers[] = {
    {"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"},
    {"Accept-Encoding", accepted_codings},
};

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool names(const std::vector<std::pair<std::string, std::string>>& headers, std::string_view name) {
  return std::ranges::any_of(headers,
                             [&](const auto& h) { return equals_ignoring_case(h.first, name); });
}

bool may_ask_for_changes(const crawl_spec& spec) {
  if (!spec.since || !spec.extract.empty()) return false;
  const format_set had = spec.since->formats;
  return had.has(format::links) && (spec.formats.bits & ~had.bits) == 0;
}

canonical_options canonical_options_of(const crawl_spec& spec) {
  canonical_options out;
  out.drop_query = spec.ignore_query_parameters;
  if (spec.drop_query_parameters) out.drop_parameters = *spec.drop_query_parameters;
  return out;
}

}  // namespace

fetch_profile::fetch_profile(std::shared_ptr<const crawl_spec> request,
                             const std::string& service_agent, fetch_keeps for_store)
    : spec(std::move(request)),
      user_agent(spec->user_agent.empty() ? service_agent : spec->user_agent),
      agent_token(product_token(user_agent)),
      extract(spec->extract),
      canonical(canonical_options_of(*spec)),
      content_types(spec->content_types.value_or(std::vector<std::string>{
          "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain"})),
      keeps(for_store),
      conditional(may_ask_for_changes(*spec)) {
  append_line(header_lines, "User-Agent", user_agent);
  for (const auto& [name, value] : standing_headers)
    if (!names(spec->headers, name)) append_line(header_lines, name, value);
  own_cookies = spec->cookies;
  for (const auto& [name, value] : spec->headers) {
    if (equals_ignoring_case(name, "Cookie")) {
      std::ranges::move(read_cookie_pairs(value), std::back_inserter(own_cookies));
    } else if (!equals_ignoring_case(name, "User-Agent")) {
      append_line(own_lines, name, value);
    }
  }
  if (spec->auth)
    append_line(own_lines, "Authorization",
                basic_credentials(spec->auth->username, spec->auth->password));
  if (spec->proxy) {
    const proxy_server& p = *spec->proxy;
    proxy = to_string(p, true);
    if (!p.username.empty() || !p.password.empty())
      append_line(proxy_lines, "Proxy-Authorization", basic_credentials(p.username, p.password));
  }
  if (own_lines.empty() && own_cookies.empty()) return;
  for (const std::string& seed : spec->urls)
    if (const auto parsed = url::parse(seed)) own_origins.emplace(parsed->origin());
}

}  // namespace orbweaver
