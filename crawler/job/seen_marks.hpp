#pragma once

#include <cstdint>
#include <optional>

#include "common/error.hpp"
#include "crawler/frontier/seen_set.hpp"

namespace orbweaver {

// Whether a URL is known only by links that are not followed, which says nothing about the URL
// itself: kept as its mark in the seen-set.
enum class refused_link : std::uint8_t { no, nofollow, too_deep };

inline refused_link refusal_of(std::optional<outcome> fate) {
  if (fate == outcome::nofollow) return refused_link::nofollow;
  return fate == outcome::too_deep ? refused_link::too_deep : refused_link::no;
}

// What a body's hash is known by.
inline fingerprint print_of_content(std::uint64_t hash) { return {hash, ~hash}; }

}  // namespace orbweaver
