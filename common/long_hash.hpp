#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

namespace orbweaver {

// XXH3 of what is as long as a page, by the widest instructions this processor has: the same values
// as xxhash.h's functions bring, which are the faster ones up to a few hundred bytes.
std::uint64_t long_hash64(std::string_view text) noexcept;
// The lower and the upper half. `secret` is as XXH3_128bits_withSecret() wants it.
std::pair<std::uint64_t, std::uint64_t> long_hash128(std::string_view text,
                                                     std::string_view secret) noexcept;

}  // namespace orbweaver
