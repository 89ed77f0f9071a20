#include "crawler/store/header_json.hpp"

#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using nlohmann::json;

// One overload for each type of member, each way.
template <class T>
void put(json& out, const T& value) {
  out = value;
}
template <class T>
void get(const json& in, T& value) {
  in.get_to(value);
}

template <class T>
requires std::is_enum_v<T>
void put(json& out, const T& value) { out = static_cast<unsigned>(value); }
template <class T>
requires std::is_enum_v<T>
void get(const json& in, T& value) { value = static_cast<T>(in.get<unsigned>()); }

void put(json& out, const seconds_f& value) { out = value.count(); }
void get(const json& in, seconds_f& value) { value = seconds_f(in.get<double>()); }

void put(json& out, const format_set& value) { out = value.bits; }
void get(const json& in, format_set& value) { value.bits = in.get<std::uint8_t>(); }

void put(json& out, const http_auth& value) { out = {value.username, value.password}; }
void get(const json& in, http_auth& value) {
  in.at(0).get_to(value.username);
  in.at(1).get_to(value.password);
}

void put(json& out, const user_pattern& value) { out = value.text(); }
void get(const json& in, user_pattern& value) { value = user_pattern(in.get<std::string>()); }

void put(json& out, const proxy_server& value) {
  out = {static_cast<unsigned>(value.kind), value.host, value.port, value.username, value.password};
}
void get(const json& in, proxy_server& value) {
  value.kind = static_cast<proxy_kind>(in.at(0).get<unsigned>());
  in.at(1).get_to(value.host);
  in.at(2).get_to(value.port);
  in.at(3).get_to(value.username);
  in.at(4).get_to(value.password);
}

void put(json& out, const wall_clock::time_point& value) { out = value.time_since_epoch().count(); }
void get(const json& in, wall_clock::time_point& value) {
  value = wall_clock::time_point(wall_clock::duration(in.get<wall_clock::rep>()));
}

void put(json& out, const crawl_id& value) { out = value.to_string(); }
void get(const json& in, crawl_id& value) {
  const auto id = crawl_id::parse(in.get<std::string>());
  if (!id) throw std::invalid_argument("no crawl id");
  value = *id;
}

void put(json& out, const earlier_crawl& value) {
  out = {value.id.to_string(), value.formats.bits};
}
void get(const json& in, earlier_crawl& value) {
  get(in.at(0), value.id);
  in.at(1).get_to(value.formats.bits);
}

void put(json& out, const webhook_target& value) {
  out = {value.url, value.headers, value.events, value.secret};
}
void get(const json& in, webhook_target& value) {
  in.at(0).get_to(value.url);
  in.at(1).get_to(value.headers);
  in.at(2).get_to(value.events);
  in.at(3).get_to(value.secret);
}

void put(json& out, const crawl_client& value) {
  if (value != crawl_client{})
    out = {value.account, value.request, value.request_hash, value.answer};
}
void get(const json& in, crawl_client& value) {
  if (in.is_null()) return;
  in.at(0).get_to(value.account);
  in.at(1).get_to(value.request);
  in.at(2).get_to(value.request_hash);
  in.at(3).get_to(value.answer);
}

template <class T>
void put(json& out, const std::optional<T>& value) {
  if (value) put(out, *value);
}
template <class T>
void get(const json& in, std::optional<T>& value) {
  if (!in.is_null()) get(in, value.emplace());
}

void put(json& out, const extract_rule& value) {
  out = {value.name, value.regex.text(), nullptr, value.all, value.on_text};
  put(out.at(2), value.group);
}
void get(const json& in, extract_rule& value) {
  in.at(0).get_to(value.name);
  get(in.at(1), value.regex);
  get(in.at(2), value.group);
  in.at(3).get_to(value.all);
  in.at(4).get_to(value.on_text);
}

template <class T>
requires std::same_as<T, extract_rule> || std::same_as<T, user_pattern>
void put(json& out, const std::vector<T>& value) {
  out = json::array();
  for (const T& one : value) put(out.emplace_back(), one);
}
template <class T>
requires std::same_as<T, extract_rule> || std::same_as<T, user_pattern>
void get(const json& in, std::vector<T>& value) {
  for (const json& one : in) get(one, value.emplace_back());
}

struct member_writer {
  json& object;
  template <class T>
  void operator()(const char* name, const T& value) const {
    put(object[name], value);
  }
};
struct member_reader {
  const json& object;
  template <class T>
  void operator()(const char* name, T& value) const {
    if (const auto it = object.find(name); it != object.end()) get(*it, value);
  }
};

// Names every member once, for both ways. A member more or less in the structure does not compile.
template <class Spec, class Visitor>
void visit_spec(Spec& s, const Visitor& member) {
  auto& [urls, name, labels, limit, max_depth, max_duration, max_bytes, max_url_length,
         max_path_depth, max_repeated_segments, max_query_variants, max_subdomains,
         max_pages_per_host, scope, include_paths, exclude_paths, regex_on_full_url,
         ignore_query_parameters, drop_query_parameters, robots, user_agent, sitemap,
         respect_nofollow, delay, per_host_concurrency, max_concurrency, retries, timeout,
         max_body_bytes, content_types, headers, cookies, auth, proxy, tls_verify, formats, extract,
         store_bodies, since, webhook] = s;
  member("urls", urls);
  member("name", name);
  member("labels", labels);
  member("limit", limit);
  member("maxDepth", max_depth);
  member("maxDuration", max_duration);
  member("maxBytes", max_bytes);
  member("maxUrlLength", max_url_length);
  member("maxPathDepth", max_path_depth);
  member("maxRepeatedSegments", max_repeated_segments);
  member("maxQueryVariants", max_query_variants);
  member("maxSubdomains", max_subdomains);
  member("maxPagesPerHost", max_pages_per_host);
  member("scope", scope);
  member("includePaths", include_paths);
  member("excludePaths", exclude_paths);
  member("regexOnFullURL", regex_on_full_url);
  member("ignoreQueryParameters", ignore_query_parameters);
  member("dropQueryParameters", drop_query_parameters);
  member("robots", robots);
  member("userAgent", user_agent);
  member("sitemap", sitemap);
  member("respectNofollow", respect_nofollow);
  member("delay", delay);
  member("perHostConcurrency", per_host_concurrency);
  member("maxConcurrency", max_concurrency);
  member("retries", retries);
  member("timeout", timeout);
  member("maxBodyBytes", max_body_bytes);
  member("contentTypes", content_types);
  member("headers", headers);
  member("cookies", cookies);
  member("auth", auth);
  member("proxy", proxy);
  member("tlsVerify", tls_verify);
  member("formats", formats);
  member("extract", extract);
  member("storeBodies", store_bodies);
  member("since", since);
  member("webhook", webhook);
}

template <class Header, class Visitor>
void visit_header(Header& h, const Visitor& member) {
  auto& [id, number, listed, spec, state, reason, created_at, started_at, finished_at, leftover,
         warnings, followed_seeds, sitemaps_read, cookies, statistics, client] = h;
  static_cast<void>(spec);  // kept apart: it is large, and never changes
  member("id", id);
  member("number", number);
  member("listed", listed);
  member("state", state);
  member("reason", reason);
  member("createdAt", created_at);
  member("startedAt", started_at);
  member("finishedAt", finished_at);
  member("leftover", leftover);
  member("warnings", warnings);
  member("followedSeeds", followed_seeds);
  member("sitemapsRead", sitemaps_read);
  member("cookies", cookies);
  member("statistics", statistics);
  member("client", client);
}

json object_in(std::string_view text) {
  json out = json::parse(text);
  if (!out.is_object()) throw std::invalid_argument("no object");
  return out;
}

// Bytes that are not UTF-8 may stand in headers a request asks to send.
std::string text_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string spec_as_json(const crawl_spec& spec) {
  json out;
  visit_spec(spec, member_writer{out});
  return text_of(out);
}

std::shared_ptr<const crawl_spec> spec_from_json(std::string_view text) try {
  const json object = object_in(text);
  auto out = std::make_shared<crawl_spec>();
  visit_spec(*out, member_reader{object});
  return out;
} catch (const std::exception&) {  // of the JSON library, or of a value that is none
  return nullptr;
}

std::string header_as_json(const crawl_header& header) {
  json out;
  visit_header(header, member_writer{out});
  return text_of(out);
}

// Within a string, its quotation marks would stand behind backslashes.
bool says_unlisted(std::string_view text) noexcept {
  return text.find(R"("listed":false)") != std::string_view::npos;
}

std::optional<crawl_header> header_from_json(std::string_view text) try {
  const json object = object_in(text);
  crawl_header out;
  visit_header(out, member_reader{object});
  return out;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace orbweaver
