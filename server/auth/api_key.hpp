#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/job/account_quota.hpp"

namespace orbweaver {

// What a key may do: read everything, or also start, change and delete crawls and fetch pages.
enum class key_scope : std::uint8_t { read, write };

std::string_view name(key_scope scope) noexcept;
std::optional<key_scope> key_scope_from_name(std::string_view name) noexcept;

using sha256_digest = std::array<std::uint8_t, 32>;
sha256_digest sha256(std::string_view bytes);
std::string hex_of(const sha256_digest& digest);
std::optional<sha256_digest> sha256_from_hex(std::string_view text) noexcept;

// A key as the service keeps it: without the key itself.
struct api_key {
  std::string id;    // 16 hexadecimal digits: names it in crawls, files and log lines
  std::string name;  // for people; no two have the same
  key_scope scope = key_scope::read;
  // Of the whole key. A key is 256 random bits, so there is nothing to guess for which a slow hash
  // would buy time; it would only make each request dear.
  sha256_digest hash{};
  std::string created_at;  // RFC 3339
  account_quota quota;
  bool operator==(const api_key&) const = default;
};

using key_list = std::vector<api_key>;

// Makes a key and the entry that knows it again. The key itself, "ow_" and 43 characters of
// base64url (RFC 4648 section 5), is nowhere else. Throws std::runtime_error when the system gives
// no random numbers.
struct new_key {
  std::string secret;
  api_key entry;
};
new_key make_key(std::string name, key_scope scope, const account_quota& quota,
                 std::string created_at);

// Why this cannot be a key's name; nullopt: it can. 1 to 64 printable characters of ASCII.
inline constexpr std::size_t max_key_name = 64;
std::optional<std::string> bad_key_name(std::string_view name);

// The key that `secret` is, or null. Every entry is compared, each in constant time, so that the
// time it takes says nothing about any of them.
std::shared_ptr<const api_key> find_key(const std::shared_ptr<const key_list>& keys,
                                        std::string_view secret);

}  // namespace orbweaver
