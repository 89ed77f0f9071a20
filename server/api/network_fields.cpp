// The request fields that say how sites are reached and what they are told.
#include "crawler/fetch/headers.hpp"
#include "crawler/fetch/proxy.hpp"
#include "crawler/fetch/request_cookies.hpp"
#include "server/api/field_readers.hpp"
#include "server/api/json_document.hpp"

namespace orbweaver::field_readers {

void read_cookies(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  if (!value.is_object()) return refuse_value(in, "", expectation(in.field), value);
  if (!right_size(in, value, "cookies")) return;
  std::size_t total = 0;
  for (const auto& [name, v] : value.items()) {
    const std::string within = child_pointer("", name);
    if (!v.is_string()) {
      refuse_value(in, within, "a string", v);
      continue;
    }
    const std::string_view s = trim_whitespace(v.get_ref<const std::string&>());
    if (auto wrong = why_not_cookie(name, s)) {
      in.refuse(within, std::move(*wrong));
      continue;
    }
    total += name.size() + s.size();
    in.spec.cookies.emplace_back(name, s);
  }
  if (total > max_request_cookie_bytes)
    in.refuse("", "must not hold more than " + std::to_string(max_request_cookie_bytes) +
                      " bytes in all");
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
