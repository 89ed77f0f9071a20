#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// Secrets have at least so many bytes, and at most; RFC 2104 section 3 advises against keys shorter
// than the hash, and people type them.
inline constexpr std::size_t min_webhook_secret_bytes = 16;
inline constexpr std::size_t max_webhook_secret_bytes = 512;

// Why this cannot be a secret, in words that follow "…"; nullopt: it can. A text that begins with
// "whsec_" names its bytes in base 64 behind that (Standard Webhooks, "Signature scheme").
std::optional<std::string> webhook_secret_problem(std::string_view secret);

// What a message's `webhook-signature` holds: "v1," and, in base 64, the HMAC-SHA256 of
// "id.time.body" (Standard Webhooks, "Signature scheme"). `sent`: seconds since 1970.
std::string webhook_signature(std::string_view secret, std::string_view id, std::int64_t sent,
                              std::string_view body);

}  // namespace orbweaver
