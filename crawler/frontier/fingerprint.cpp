#include "crawler/frontier/fingerprint.hpp"

#define XXH_INLINE_ALL
#include <cstring>
#include <xxhash.h>

#include "common/long_hash.hpp"
#include "common/random.hpp"

namespace orbweaver {
namespace {

// URLs are shorter, payloads are longer.
constexpr std::size_t long_text_bytes = 1024;

}  // namespace

static_assert(sizeof XXH3_kSecret == fingerprinter::secret_bytes);

fingerprinter::fingerprinter() noexcept {
  std::memcpy(secret_.data(), XXH3_kSecret, secret_.size());
}

fingerprinter::fingerprinter(std::string_view secret) noexcept {
  secret.copy(secret_.data(), secret_.size());
}

fingerprinter fingerprinter::random() {
  fingerprinter out;
  static_assert(secret_bytes <= most_random_bytes);
  fill_with_random({reinterpret_cast<std::uint8_t*>(out.secret_.data()), out.secret_.size()});
  return out;
}

fingerprint fingerprinter::of(std::string_view text) const noexcept {
  if (text.size() >= long_text_bytes) {
    const auto [low, high] = long_hash128(text, secret());
    return {low, high};
  }
  const XXH128_hash_t hash =
      XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
  return {hash.low64, hash.high64};
}

}  // namespace orbweaver
