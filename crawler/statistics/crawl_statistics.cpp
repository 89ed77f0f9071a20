#include "crawler/statistics/crawl_statistics.hpp"

#include <algorithm>
#include <unordered_map>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace orbweaver {
namespace {

constexpr std::string_view other = "other";

std::uint64_t hash_of(std::string_view host) noexcept {
  return XXH3_64bits(host.data(), host.size());
}

std::uint64_t microseconds(double seconds) noexcept {
  return static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e6);
}

double mean(const host_tally& t) noexcept {
  return t.pages == 0 ? 0 : t.seconds / static_cast<double>(t.pages);
}

template <class Less>
std::vector<host_tally> first_of(std::vector<host_tally> all, Less less) {
  std::ranges::sort(all, less);
  all.resize(std::min(all.size(), told_hosts));
  return all;
}

// A host's tally begins with its first failure; where another has seen its pages from the first one
// on, that one is told.
std::vector<host_tally> with_all_pages(std::vector<host_tally> failing,
                                       const std::vector<host_tally>& known) {
  std::unordered_map<std::string_view, const host_tally*> by_host;
  for (const host_tally& t : known) by_host.emplace(t.host, &t);
  for (host_tally& t : failing)
    if (const auto it = by_host.find(t.host); it != by_host.end() && it->second->pages > t.pages)
      t = *it->second;
  return failing;
}

}  // namespace

std::string_view host_in(std::string_view url) noexcept {
  const auto mark = url.find("//");
  if (mark == std::string_view::npos) return {};
  url.remove_prefix(mark + 2);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  return url;
}

void crawl_statistics::add(const ended_page& page) {
  orbweaver::add(latency_, page.seconds);
  ++depths_[std::min<std::size_t>(page.depth, max_depths - 1)];
  if (!page.failed) count_type(page.content_type);
  const std::string_view host = host_in(page.url);
  const std::uint64_t hash = hash_of(host);
  const double total = page.seconds[static_cast<std::size_t>(fetch_phase::total)];
  slow_.add(hash, host, microseconds(total), total, page.failed);
  failing_.add(hash, host, page.failed ? 1 : 0, total, page.failed);
}

void crawl_statistics::count_type(std::string_view type) {
  const auto known = std::ranges::find(types_, type, &content_type_count::type);
  if (known != types_.end()) {
    ++known->pages;
  } else if (types_.size() < max_content_types && type.size() <= max_content_type_bytes) {
    types_.push_back({std::string(type), 1});
  } else {
    ++other_types_;
  }
}

statistics_snapshot crawl_statistics::snapshot() const {
  statistics_snapshot out{latency_, depths_, types_, {}, {}, timeline_.points()};
  std::ranges::sort(out.content_types, std::ranges::greater(), &content_type_count::pages);
  if (other_types_ != 0) out.content_types.push_back({std::string(other), other_types_});
  out.slowest = first_of(slow_.tallies(), [](const auto& a, const auto& b) {
    return mean(a) > mean(b) || (mean(a) == mean(b) && a.host < b.host);
  });
  out.failing = first_of(
      with_all_pages(failing_.tallies(), slow_.tallies()), [](const auto& a, const auto& b) {
        return a.failures > b.failures || (a.failures == b.failures && a.host < b.host);
      });
  return out;
}

void crawl_statistics::restore(statistics_snapshot from, const timeline_point& so_far) {
  latency_ = from.latency;
  depths_ = from.depths;
  for (content_type_count& one : from.content_types) {
    if (one.type == other || types_.size() == max_content_types) {
      other_types_ += one.pages;
    } else {
      types_.push_back(std::move(one));
    }
  }
  for (host_tally& one : from.slowest) {
    const std::uint64_t hash = hash_of(one.host), weight = microseconds(one.seconds);
    slow_.restore(hash, std::move(one), weight);
  }
  for (host_tally& one : from.failing) {
    const std::uint64_t hash = hash_of(one.host), weight = one.failures;
    failing_.restore(hash, std::move(one), weight);
  }
  timeline_.restore(std::move(from.timeline), so_far);
}

}  // namespace orbweaver
