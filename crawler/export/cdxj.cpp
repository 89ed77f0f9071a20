#include "crawler/export/cdxj.hpp"

#include <algorithm>
#include <vector>

#include "common/rfc3339.hpp"
#include "common/url/canonical.hpp"
#include "crawler/export/json_text.hpp"
#include "crawler/fetch/kept_head.hpp"
#include "crawler/fetch/media_type.hpp"

namespace orbweaver {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// "www." and "www2." say nothing about the site.
std::string_view without_www(std::string_view host) {
  if (!host.starts_with("www")) return host;
  const std::size_t dot = host.find_first_not_of("0123456789", 3);
  return dot != std::string_view::npos && host[dot] == '.' ? host.substr(dot + 1) : host;
}

void append_host(std::string& out, std::string_view host) {
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  host = without_www(host);
  while (!host.empty()) {
    const std::size_t dot = host.rfind('.');
    out += dot == std::string_view::npos ? host : host.substr(dot + 1);
    host = dot == std::string_view::npos ? std::string_view() : host.substr(0, dot);
    if (!host.empty()) out += ',';
  }
}

void append_path(std::string& out, std::string_view path) {
  const std::size_t begin = out.size();
  for (const char c : path)
    if (c != '/' || out.size() == begin || out.back() != '/') out += lower(c);
  if (out.size() == begin) out += '/';
  if (out.size() > begin + 1 && out.back() == '/') out.pop_back();
}

void append_query(std::string& out, std::string_view query) {
  if (query.empty()) return;
  std::vector<std::string> parameters;
  for (std::size_t at = 0; at <= query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    std::string& one = parameters.emplace_back(query.substr(at, end - at));
    std::ranges::transform(one, one.begin(), lower);
    at = end + 1;
  }
  std::ranges::sort(parameters);
  char before = '?';
  for (const std::string& one : parameters) {
    out += before;
    out += one;
    before = '&';
  }
}

// 14 digits.
std::string timestamp(wall_clock::time_point time) {
  std::string out;
  for (const char c : to_rfc3339(time).substr(0, 19))
    if (c >= '0' && c <= '9') out += c;
  return out;
}

}  // namespace

std::string surt_key(const url& target) {
  canonical_options everything;
  everything.drop_parameters.clear();
  static const canonicalizer canonical(everything);
  std::string scratch;
  url plain;
  if (!plain.assign(canonical.key(target, scratch))) return {};
  std::string out;
  append_host(out, plain.hostname());
  if (!plain.port().empty()) out.append(":").append(plain.port());
  out += ')';
  append_path(out, plain.pathname());
  const std::string_view search = plain.search();
  append_query(out, search.substr(std::min<std::size_t>(1, search.size())));
  return out;
}

std::string cdxj_line(const stored_exchange& exchange, const warc_entry& entry,
                      std::string_view file) {
  const http_exchange& what = exchange.what;
  const kept_head head(what.response_head);
  const auto type = media_type_of(head.headers());
  url target;
  target.assign(what.url);
  std::string out = surt_key(target);
  out.append(" ").append(timestamp(what.time)).append(" {\"url\": ");
  const auto member = [&out](std::string_view name, std::string_view value) {
    out.append(", \"").append(name).append("\": ");
    append_json_string(out, value);
  };
  append_json_string(out, what.url);
  member("mime", entry.revisit ? "warc/revisit" : type ? std::string_view(type->essence) : "unk");
  if (head.status() != 0) member("status", std::to_string(head.status()));
  if (!entry.payload_digest.empty()) member("digest", entry.payload_digest);
  member("length", std::to_string(entry.length));
  member("offset", std::to_string(entry.offset));
  member("filename", file);
  return out += '}';
}

}  // namespace orbweaver
