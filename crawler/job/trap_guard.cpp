#include "crawler/job/trap_guard.hpp"

#include <algorithm>
#include <functional>

#include "common/url/site.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t least_keys = 256;  // of each counter, however little memory there is

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

// Everything up to the query.
std::string_view without_query(const url& u) {
  const std::string_view whole = u.href_without_fragment();
  return whole.substr(0, whole.find('?'));
}

trap_guard::verdict over(outcome fate, std::string_view cap, std::uint64_t value) {
  return {fate, std::string(cap) + " is " + std::to_string(value)};
}

}  // namespace

trap_guard::trap_guard(const crawl_spec& spec)
    : max_url_length_(spec.max_url_length),
      max_path_depth_(spec.max_path_depth),
      max_repeated_segments_(spec.max_repeated_segments),
      max_query_variants_(spec.max_query_variants),
      max_subdomains_(spec.max_subdomains),
      max_pages_per_host_(spec.max_pages_per_host) {}

void trap_guard::set_capacity(std::size_t bytes) {
  const std::size_t eighth = bytes / bounded_counter::key_bytes / 8;
  const auto keys = [&](std::size_t eighths, std::size_t most) {
    return std::clamp(eighths * eighth, least_keys, most);
  };
  queries_.set_max_keys(keys(3, max_paths));
  pages_.set_max_keys(keys(2, max_hosts));
  most_hosts_ = keys(2, max_hosts);
  subdomains_.set_max_keys(keys(1, max_domains));
}

trap_guard::verdict trap_guard::check(const url& found) {
  if (found.href_without_fragment().size() > max_url_length_)
    return over(outcome::url_too_long, "maxUrlLength", max_url_length_);
  auto by_path = check_path(found.pathname());
  if (by_path.fate) return by_path;
  return check_counts(found);
}

// An empty segment behind the last slash is none.
trap_guard::verdict trap_guard::check_path(std::string_view path) {
  segments_.clear();
  while (path.size() > 1) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    segments_.push_back(segment);
    path.remove_prefix(segment.size());
  }
  if (segments_.size() > max_path_depth_)
    return over(outcome::path_too_deep, "maxPathDepth", max_path_depth_);
  if (segments_.size() <= max_repeated_segments_) return {};
  std::ranges::sort(segments_);
  for (std::size_t i = max_repeated_segments_; i < segments_.size(); ++i)
    if (segments_[i] == segments_[i - max_repeated_segments_])
      return over(outcome::repeated_segments, "maxRepeatedSegments", max_repeated_segments_);
  return {};
}

trap_guard::verdict trap_guard::check_counts(const url& found) const {
  if (found.has_query() && queries_.count(hash_of(without_query(found))) >= max_query_variants_)
    return over(outcome::too_many_query_variants, "maxQueryVariants", max_query_variants_);
  if (!hosts_.contains(hash_of(found.host())) &&
      subdomains_.count(hash_of(registrable_domain(found.hostname()))) >= max_subdomains_)
    return over(outcome::too_many_subdomains, "maxSubdomains", max_subdomains_);
  return {};
}

void trap_guard::add(const url& found) {
  if (found.has_query()) queries_.add(hash_of(without_query(found)));
  if (hosts_.size() < most_hosts_ && hosts_.insert(hash_of(found.host())).second)
    subdomains_.add(hash_of(registrable_domain(found.hostname())));
}

bool trap_guard::takes_page(std::string_view host) {
  if (!max_pages_per_host_) return true;
  if (pages_.count(hash_of(host)) >= *max_pages_per_host_) return false;
  pages_.add(hash_of(host));
  return true;
}

void trap_guard::give_back(std::string_view host) {
  if (max_pages_per_host_) pages_.remove(hash_of(host));
}

}  // namespace orbweaver
