#pragma once

#include <cstdint>
#include <optional>

namespace orbweaver {

// What may be used on one account; none: as much as the service allows. Days are of UTC.
struct account_quota {
  std::optional<std::uint64_t> max_crawls;  // unfinished at one time
  std::optional<std::uint64_t> max_pages;   // fetched or failed, a day
  std::optional<std::uint64_t> max_bytes;   // on the wire, a day
  bool operator==(const account_quota&) const = default;
};

}  // namespace orbweaver
