#include "crawler/store/stored_crawl.hpp"

namespace orbweaver {

crawl_counts counts_of(const crawl_tally& t) {
  return {.discovered = t.discovered,
          .queued = t.pending(),
          .in_flight = 0,
          .fetched = t.fetched,
          .failed = t.failed,
          .skipped = t.skipped,
          .duplicates = t.duplicates,
          .bytes_on_wire = t.bytes_on_wire,
          .bytes_stored = t.bytes_stored};
}

crawl_status status_of(const stored_crawl& crawl) {
  const crawl_header& h = crawl.header;
  const crawl_tally& t = crawl.tally;
  crawl_status out{.id = h.id,
                   .state = h.state,
                   .reason = h.reason,
                   .created_at = h.created_at,
                   .started_at = h.started_at,
                   .finished_at = h.finished_at,
                   .request = h.spec};
  out.counts = counts_of(t);
  if (t.ran_ms != 0) {
    const double seconds = static_cast<double>(t.ran_ms) / 1000;
    out.pages_per_second = static_cast<double>(t.fetched + t.failed) / seconds;
    out.bytes_per_second = static_cast<double>(t.bytes_on_wire) / seconds;
  }
  if (is_final(h.state)) out.progress = 1;
  out.by_status = t.by_status;
  out.by_outcome = t.by_outcome;
  out.warnings = h.warnings;
  return out;
}

}  // namespace orbweaver
