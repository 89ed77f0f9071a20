#pragma once

#include <cstdint>
#include <span>

namespace orbweaver {

inline constexpr std::size_t most_random_bytes = 256;  // at once, see getentropy(3)

// Fills `out`, of at most most_random_bytes, with bytes that nobody can foresee, from the system's
// generator. It needs no setting up, where OpenSSL's takes milliseconds of a process that never
// encrypts anything. Throws std::runtime_error if the system gives none.
void fill_with_random(std::span<std::uint8_t> out);

}  // namespace orbweaver
