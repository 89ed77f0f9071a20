#pragma once

#include <cstdint>
#include <map>

#include "common/error.hpp"
#include "crawler/model.hpp"

namespace orbweaver {

struct page_commit;

// What the counts of one crawl are made of, derived commit by commit. Written together with the
// commits it sums up, it is true after any crash. Pure.
struct crawl_tally {
  url_id next_url = 0;         // id of the next URL discovered
  std::uint64_t last_seq = 0;  // of its records
  std::uint64_t discovered = 0;
  std::uint64_t fetched = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t bytes_on_wire = 0;
  std::uint64_t bytes_stored = 0;  // of records and bodies, as they were committed
  std::uint64_t ran_ms = 0;        // how long the crawl has run, over all starts of the service
  bool finished = false;           // no commit follows
  std::map<std::uint16_t, std::uint64_t> by_status;
  std::map<outcome, std::uint64_t> by_outcome;

  // URLs that wait for their fetch or are being fetched.
  std::uint64_t pending() const noexcept { return discovered - fetched - failed - skipped; }

  void apply(const page_commit& commit);
  // What is pending ends as `leftover`.
  void finish(outcome leftover);

  bool operator==(const crawl_tally&) const = default;

 private:
  void count(outcome fate);
};

}  // namespace orbweaver
