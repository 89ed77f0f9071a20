#include "server/retention.hpp"

#include <algorithm>
#include <unordered_set>

#include "common/log.hpp"

namespace orbweaver {
namespace {

constexpr std::chrono::minutes interval{1};
constexpr std::size_t crawls_per_read = 100;

}  // namespace

std::vector<finished_crawl> overdue(std::vector<finished_crawl> crawls,
                                    const retention_limits& limits, wall_clock::time_point now) {
  std::ranges::sort(crawls, {}, &finished_crawl::finished_at);
  std::uint64_t bytes = 0;
  for (const finished_crawl& one : crawls) bytes += one.bytes;
  const auto stays = [&](const finished_crawl& one) {
    const bool old =
        limits.days != 0 && now - one.finished_at > std::chrono::hours(24) * limits.days;
    return !old && (limits.bytes == 0 || bytes <= limits.bytes);
  };
  std::vector<finished_crawl> out;
  for (const finished_crawl& one : crawls) {
    if (one.is_needed) continue;
    if (stays(one)) break;
    bytes -= one.bytes;
    out.push_back(one);
  }
  return out;
}

retention::retention(asio::io_context& context, engine& crawls, store& records,
                     retention_limits limits)
    : crawls_(crawls), records_(records), limits_(limits), turns_(context, interval, "retention") {}

void retention::start() {
  if (limits_.days == 0 && limits_.bytes == 0) return;
  turns_.start([this](clock::duration) { return sweep(); }, periodic::first::at_once);
}

task<> retention::sweep() {
  std::vector<finished_crawl> found = co_await finished_crawls();
  for (const finished_crawl& one : overdue(std::move(found), limits_, wall_clock::now())) {
    if (turns_.is_stopping()) co_return;
    const result<> removed = co_await crawls_.remove(one.id);
    if (removed) {
      log_info("a crawl is removed, as retention asks",
               {{"crawl", one.id.to_string()}, {"bytes", one.bytes}});
    } else {
      log_warn("a crawl cannot be removed",
               {{"crawl", one.id.to_string()}, {"why", removed.error().message()}});
    }
  }
}

task<std::vector<finished_crawl>> retention::finished_crawls() {
  std::vector<finished_crawl> out;
  std::unordered_set<crawl_id, crawl_id_hash> needed;
  std::uint64_t before = 0;
  for (bool more = true; more;) {
    const result<std::vector<stored_crawl>> rows = co_await records_.list(before, crawls_per_read);
    if (!rows) co_return std::vector<finished_crawl>();  // one not read may need another
    for (const stored_crawl& crawl : *rows) {
      const crawl_header& header = crawl.header;
      before = header.number;
      if (crawl.tally.finished && header.finished_at) {
        out.push_back({header.id, *header.finished_at, crawl.tally.bytes_stored});
      } else if (header.spec->since) {
        needed.insert(header.spec->since->id);
      }
    }
    more = rows->size() == crawls_per_read;
  }
  for (finished_crawl& one : out) one.is_needed = needed.contains(one.id);
  co_return out;
}

}  // namespace orbweaver
