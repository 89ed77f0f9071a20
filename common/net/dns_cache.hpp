#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/async/task.hpp"
#include "common/error.hpp"

namespace orbweaver {

// What a name stands for: at least one address, or the reason there is none (dns_nxdomain,
// dns_failed, dns_timeout). Shared by everyone who asked, so immutable.
using address_list = std::shared_ptr<const std::vector<asio::ip::address>>;
using dns_answer = result<address_list>;

// A record's lifetime is its own, within these bounds: a shorter one would have a crawl ask again
// for every page of a site, a longer one would outlive the site's move (RFC 8767 section 4).
inline constexpr std::chrono::seconds min_dns_lifetime{30};
inline constexpr std::chrono::seconds max_dns_lifetime{24 * 60 * 60};
// A name that does not exist may be registered at any moment (RFC 2308 section 5 allows hours).
inline constexpr std::chrono::seconds nxdomain_lifetime{60};
// Servers that failed are asked again soon, but not once per URL of a host.
inline constexpr std::chrono::seconds failure_lifetime{5};

// How long an answer is kept; `ttl` counts only where there are addresses.
std::chrono::seconds dns_lifetime(const dns_answer& answer, std::chrono::seconds ttl) noexcept;

// Answers by name, the least recently used given up first. Not for several threads.
class dns_cache {
 public:
  explicit dns_cache(std::size_t capacity);  // names, at least 1

  // Null when the name is unknown or its time is over. Valid until the next call.
  const dns_answer* find(std::string_view name, clock::time_point now);
  void put(std::string_view name, dns_answer answer, std::chrono::seconds ttl,
           clock::time_point now);
  std::size_t size() const noexcept { return by_name_.size(); }

 private:
  struct entry {
    std::string name;
    dns_answer answer;
    clock::time_point expires;
  };
  using entries = std::list<entry>;

  void erase(entries::iterator at);

  std::size_t capacity_;
  entries recent_first_;
  std::unordered_map<std::string_view, entries::iterator> by_name_;  // keys point into entries
};

}  // namespace orbweaver
