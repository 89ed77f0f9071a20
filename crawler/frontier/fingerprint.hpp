#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace orbweaver {

// 128 bits that stand for a text: two of one crawl's URLs collide with a probability below 1e-24
// among 5 million.
struct fingerprint {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const fingerprint&) const = default;
};

// Makes fingerprints, by XXH3 with a secret. Who knows the secret can easily make up two texts with
// one fingerprint, and so hide another site's page behind one of its own: each store draws a secret
// of its own. Immutable, so safe from any thread.
class fingerprinter {
 public:
  static constexpr std::size_t secret_bytes = 192;

  // With the secret that is part of XXH3, which everybody knows: as in stores that were made before
  // each had its own.
  fingerprinter() noexcept;
  // Precondition: `secret` has secret_bytes.
  explicit fingerprinter(std::string_view secret) noexcept;
  // Throws std::runtime_error if the system gives no random numbers.
  static fingerprinter random();

  fingerprint of(std::string_view text) const noexcept;
  std::string_view secret() const noexcept { return {secret_.data(), secret_.size()}; }

 private:
  std::array<char, secret_bytes> secret_;
};

}  // namespace orbweaver
