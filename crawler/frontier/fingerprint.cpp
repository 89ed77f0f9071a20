#include "crawler/frontier/fingerprint.hpp"

#define XXH_INLINE_ALL
#include <cstring>
#include <openssl/rand.h>
#include <stdexcept>
#include <xxhash.h>

namespace orbweaver {

static_assert(sizeof XXH3_kSecret == fingerprinter::secret_bytes);

fingerprinter::fingerprinter() noexcept {
  std::memcpy(secret_.data(), XXH3_kSecret, secret_.size());
}

fingerprinter::fingerprinter(std::string_view secret) noexcept {
  secret.copy(secret_.data(), secret_.size());
}

fingerprinter fingerprinter::random() {
  fingerprinter out;
  auto* const bytes = reinterpret_cast<unsigned char*>(out.secret_.data());
  if (RAND_bytes(bytes, static_cast<int>(out.secret_.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
  return out;
}

fingerprint fingerprinter::of(std::string_view text) const noexcept {
  const XXH128_hash_t hash =
      XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
  return {hash.low64, hash.high64};
}

}  // namespace orbweaver
