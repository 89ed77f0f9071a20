#include "crawler/fetch/cookies.hpp"

#include <algorithm>
#include <libpsl.h>

#include "crawler/fetch/headers.hpp"

namespace orbweaver {
namespace {

// A host is an address if its last label is a number, or in brackets (WHATWG URL 3.5).
bool is_address(std::string_view host) noexcept {
  return host.ends_with(']') || (!host.empty() && host.back() >= '0' && host.back() <= '9' &&
                                 host.find_last_not_of("0123456789.") == host.npos);
}

// RFC 6265bis 5.1.3.
bool domain_matches(std::string_view host, std::string_view domain) noexcept {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.' && !is_address(host);
}

// 5.1.4.
bool path_matches(std::string_view request, std::string_view path) noexcept {
  if (!request.starts_with(path)) return false;
  return request.size() == path.size() || path.ends_with('/') || request[path.size()] == '/';
}

// 5.1.4: everything before the last slash.
std::string_view default_path(std::string_view path) noexcept {
  if (!path.starts_with('/')) return "/";
  const std::size_t last = path.rfind('/');
  return last == 0 ? "/" : path.substr(0, last);
}

// Also of a TLD the list does not know.
bool is_public_suffix(const std::string& domain) {
  return psl_is_public_suffix(psl_builtin(), domain.c_str()) != 0;
}

bool has_prefix(std::string_view text, std::string_view prefix) noexcept {
  return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// 5.7 steps 20 to 22: what the prefixes promise must hold.
bool keeps_promise(const set_cookie& cookie, bool host_only) noexcept {
  const std::string_view said = cookie.name.empty() ? cookie.value : cookie.name;
  if (has_prefix(said, "__secure-")) return !cookie.name.empty() && cookie.secure;
  if (has_prefix(said, "__host-")) {
    return !cookie.name.empty() && cookie.secure && host_only && cookie.path == "/";
  }
  return true;
}

// 5.7 steps 8 to 10: the domain to store under, or none if the cookie is for others.
std::optional<std::string> domain_for(const cookie_url& url, const set_cookie& cookie,
                                      bool& host_only) {
  host_only = true;
  if (!cookie.domain) return std::string(url.host);
  if (!domain_matches(url.host, *cookie.domain)) return std::nullopt;
  if (!is_public_suffix(*cookie.domain)) {
    host_only = false;
  } else if (*cookie.domain != url.host) {
    return std::nullopt;
  }
  return cookie.domain;
}

bool has_expired(const std::optional<http_time>& expires, http_time now) noexcept {
  return expires && *expires <= now;
}

}  // namespace

bool cookie_jar::store(const cookie_url& url, std::string_view set_cookie_field, http_time now) {
  const std::optional<set_cookie> parsed = parse_set_cookie(set_cookie_field, now);
  if (!parsed) return false;
  bool host_only = false;
  const std::optional<std::string> domain = domain_for(url, *parsed, host_only);
  if (!domain) return false;
  // 5.7 steps 12 and 19.
  if (parsed->secure && !url.secure) return false;
  if (parsed->same_site_none && !parsed->secure) return false;
  if (!keeps_promise(*parsed, host_only)) return false;

  cookie next;
  next.name = parsed->name;
  next.value = parsed->value;
  next.path = parsed->path.value_or(default_path(url.path));
  next.expires = parsed->expires;
  next.host_only = host_only;
  next.secure = parsed->secure;
  if (!url.secure && !next.secure && overrides_secure(*domain, next)) return false;
  insert(*domain, std::move(next), now);
  return true;
}

// 5.7 step 13: over http, no cookie may hide one that was set to travel over https alone.
bool cookie_jar::overrides_secure(std::string_view domain, const cookie& next) const {
  return std::ranges::any_of(domains_, [&](const domains::value_type& entry) {
    const auto& [other, all] = entry;
    if (!domain_matches(other, domain) && !domain_matches(domain, other)) return false;
    return std::ranges::any_of(all, [&](const cookie& c) {
      return c.secure && c.name == next.name && path_matches(next.path, c.path);
    });
  });
}

void cookie_jar::insert(const std::string& domain, cookie next, http_time now) {
  cookies& all = domains_[domain];
  drop_expired(all, now);
  next.created = next.accessed = ++calls_;
  const auto same = std::ranges::find_if(all, [&](const cookie& c) {
    return c.name == next.name && c.path == next.path && c.host_only == next.host_only;
  });
  if (same != all.end()) {
    next.created = same->created;
    all.erase(same);
    --size_;
  }
  if (!has_expired(next.expires, now)) {
    if (all.size() >= limits_.per_domain) drop_one(all);
    all.push_back(std::move(next));
    ++size_;
  }
  if (all.empty()) domains_.erase(domain);
  if (size_ > limits_.total) drop_one_anywhere(now);
}

void cookie_jar::drop_expired(cookies& all, http_time now) {
  size_ -= std::erase_if(all, [now](const cookie& c) { return has_expired(c.expires, now); });
}

// 5.7: cookies that are not secure go first, then those not used for longest.
void cookie_jar::drop_one(cookies& all) {
  const auto oldest = std::ranges::min_element(
      all, {}, [](const cookie& c) { return std::pair(c.secure, c.accessed); });
  all.erase(oldest);
  --size_;
}

void cookie_jar::drop_one_anywhere(http_time now) {
  cookies* stalest = nullptr;
  std::uint64_t oldest = ~std::uint64_t{0};
  for (auto& [domain, all] : domains_) {
    drop_expired(all, now);
    for (const cookie& c : all) {
      if (c.accessed >= oldest) continue;
      oldest = c.accessed;
      stalest = &all;
    }
  }
  if (size_ > limits_.total && stalest != nullptr) {
    std::erase_if(*stalest, [oldest](const cookie& c) { return c.accessed == oldest; });
    --size_;
  }
  std::erase_if(domains_, [](const auto& entry) { return entry.second.empty(); });
}

// 5.8.3.
std::string cookie_jar::cookie_header(const cookie_url& url, http_time now) {
  std::vector<cookie*> chosen;
  // The host itself, then each domain above it.
  for (std::string_view domain = url.host; !domain.empty();) {
    if (const auto found = domains_.find(domain); found != domains_.end()) {
      drop_expired(found->second, now);
      for (cookie& c : found->second) {
        const bool fits = (domain == url.host || !c.host_only) && (url.secure || !c.secure) &&
                          path_matches(url.path, c.path);
        if (fits) chosen.push_back(&c);
      }
    }
    if (is_address(domain)) break;
    const std::size_t dot = domain.find('.');
    domain.remove_prefix(dot == domain.npos ? domain.size() : dot + 1);
  }
  std::ranges::sort(chosen, [](const cookie* a, const cookie* b) {
    if (a->path.size() != b->path.size()) return a->path.size() > b->path.size();
    return a->created < b->created;
  });

  std::string header;
  for (cookie* c : chosen) {
    const std::size_t size = c->name.size() + c->value.size() + 3;
    if (header.size() + size > limits_.header_bytes) continue;
    if (!header.empty()) header += "; ";
    // A cookie without name is its value alone.
    if (!c->name.empty()) header.append(c->name) += '=';
    header += c->value;
    c->accessed = ++calls_;
  }
  return header;
}

}  // namespace orbweaver
