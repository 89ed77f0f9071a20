#include "common/long_hash.hpp"

#ifdef ORBWEAVER_XXH_DISPATCHES
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

namespace orbweaver {

std::uint64_t long_hash64(std::string_view text) noexcept {
  return XXH3_64bits(text.data(), text.size());
}

std::pair<std::uint64_t, std::uint64_t> long_hash128(std::string_view text,
                                                     std::string_view secret) noexcept {
  const XXH128_hash_t hash =
      XXH3_128bits_withSecret(text.data(), text.size(), secret.data(), secret.size());
  return {hash.low64, hash.high64};
}

}  // namespace orbweaver
