#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/fetch/http_date.hpp"
#include "crawler/fetch/set_cookie.hpp"

namespace orbweaver {

// What of a URL decides about cookies.
struct cookie_url {
  bool secure = false;    // https
  std::string_view host;  // as the URL parser serialises it: lower case, no port
  std::string_view path;  // begins with '/', without query
};

struct cookie_limits {
  std::size_t per_domain = 50;
  std::size_t total = 3000;
  std::size_t header_bytes = 8190;  // what cookie_header() may return; curl's limit
};

// The cookies of one crawl (RFC 6265bis 5.7 and 5.8). A crawler only ever navigates and runs no
// scripts, so SameSite and HttpOnly restrict nothing here.
class cookie_jar {
 public:
  explicit cookie_jar(const cookie_limits& limits = {}) : limits_(limits) {}

  // Takes one Set-Cookie field of an answer from `url`. False if it was ignored; setting a cookie
  // that has expired removes it and counts as taken.
  bool store(const cookie_url& url, std::string_view set_cookie_field, http_time now);

  // The value of the Cookie field for a request to `url`; empty if there are none.
  std::string cookie_header(const cookie_url& url, http_time now);

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // The jar as text, and back; nullopt for a text that serialize() does not write or that goes
  // beyond the limits.
  std::string serialize() const;
  static std::optional<cookie_jar> restore(std::string_view text, const cookie_limits& limits = {});

 private:
  struct cookie {
    std::string name;
    std::string value;
    std::string path;
    std::optional<http_time> expires;
    std::uint64_t created = 0;  // both count calls
    std::uint64_t accessed = 0;
    bool host_only = false;
    bool secure = false;
  };
  using cookies = std::vector<cookie>;
  using domains = std::map<std::string, cookies, std::less<>>;

  bool overrides_secure(std::string_view domain, const cookie& next) const;
  void insert(const std::string& domain, cookie next, http_time now);
  void drop_expired(cookies& all, http_time now);
  void drop_one(cookies& all);
  void drop_one_anywhere(http_time now);

  cookie_limits limits_;
  domains domains_;
  std::size_t size_ = 0;
  std::uint64_t calls_ = 0;
};

}  // namespace orbweaver
