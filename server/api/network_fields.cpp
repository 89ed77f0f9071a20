// The request fields that say how sites are reached and what they are told.
#include "crawler/fetch/headers.hpp"
#include "crawler/fetch/proxy.hpp"
#include "crawler/fetch/request_cookies.hpp"
#include "server/api/field_readers.hpp"
#include "server/api/json_document.hpp"

namespace orbweaver::field_readers {

void read_cookies(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  read_pairs(in, value, "cookies", max_request_cookie_bytes, why_not_cookie, in.spec.cookies);
}

// Whoever has a session's cookie is the user it was made for.
json show_cookies(const crawl_spec& spec) {
  json out = json::object();
  for (const auto& [name, value] : spec.cookies) out[name] = redacted;
  return out;
}

void read_proxy(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  const auto given = text(in, value);
  if (!given) return;
  auto proxy = parse_proxy(*given);
  if (!proxy) return in.refuse("", proxy.error().why());
  in.spec.proxy = std::move(*proxy);
}

json show_proxy(const crawl_spec& spec) {
  if (!spec.proxy) return nullptr;
  return to_string(*spec.proxy, false);
}

}  // namespace orbweaver::field_readers
