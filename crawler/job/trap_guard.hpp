#pragma once

#include <optional>
#include <string>
#include <unordered_set>

#include "common/error.hpp"
#include "common/url/url.hpp"
#include "crawler/job/bounded_counter.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

// Keeps a crawl out of endless spaces of pages by the caps of its spec: on a URL's length, its
// path's depth and repeated segments, on queries per path, hosts per registrable domain (each port
// is one) and pages per host. Pure, and bounded in memory whatever a site invents.
class trap_guard {
 public:
  static constexpr std::size_t max_paths = 1 << 18;    // whose queries are counted
  static constexpr std::size_t max_hosts = 1 << 18;    // told apart; further ones are not counted
  static constexpr std::size_t max_domains = 1 << 16;  // whose hosts are counted

  explicit trap_guard(const crawl_spec& spec);
  // Memory, bytes, from now on: fewer are counted then, though at least a few hundred of each.
  // Hosts that have been told apart are not forgotten.
  void set_capacity(std::size_t bytes);

  struct verdict {
    std::optional<outcome> fate;  // none: no cap stands in the way
    std::string reason;           // names the cap
  };
  // Judges a URL that is new to the crawl.
  verdict check(const url& found);
  // Counts a URL that will be queued; seeds are counted only.
  void add(const url& found);

  // Whether another page of this host may be fetched; counts it if so.
  bool takes_page(std::string_view host);
  // The page turned out not to count.
  void give_back(std::string_view host);

 private:
  verdict check_path(std::string_view path);
  verdict check_counts(const url& found) const;

  std::uint32_t max_url_length_;
  std::uint32_t max_path_depth_;
  std::uint32_t max_repeated_segments_;
  std::uint32_t max_query_variants_;
  std::uint32_t max_subdomains_;
  std::optional<std::uint64_t> max_pages_per_host_;
  bounded_counter queries_{max_paths};
  bounded_counter subdomains_{max_domains};
  bounded_counter pages_{max_hosts};
  std::unordered_set<std::uint64_t> hosts_;
  std::size_t most_hosts_ = max_hosts;
  std::vector<std::string_view> segments_;  // scratch
};

}  // namespace orbweaver
