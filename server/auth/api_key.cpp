#include "server/auth/api_key.hpp"

#include <algorithm>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "common/random.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view key_prefix = "ow_";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t id_bytes = 8;
constexpr std::string_view hex_digits = "0123456789abcdef";

template <std::size_t N>
std::array<std::uint8_t, N> random_bytes() {
  std::array<std::uint8_t, N> out{};
  fill_with_random(out);
  return out;
}

template <std::size_t N>
std::string hex(const std::array<std::uint8_t, N>& bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
  return out;
}

// Without padding, which would have to be escaped in places.
template <std::size_t N>
std::string base64url(const std::array<std::uint8_t, N>& bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 6; bits -= 6) out += alphabet[held >> (bits - 6) & 63];
  }
  if (bits > 0) out += alphabet[held << (6 - bits) & 63];
  return out;
}

}  // namespace

std::string_view name(key_scope scope) noexcept {
  return scope == key_scope::write ? "write" : "read";
}

std::optional<key_scope> key_scope_from_name(std::string_view text) noexcept {
  for (const key_scope scope : {key_scope::read, key_scope::write})
    if (text == name(scope)) return scope;
  return std::nullopt;
}

sha256_digest sha256(std::string_view bytes) {
  sha256_digest out{};
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  return out;
}

std::string hex_of(const sha256_digest& digest) { return hex(digest); }

std::optional<sha256_digest> sha256_from_hex(std::string_view text) noexcept {
  sha256_digest out{};
  if (text.size() != 2 * out.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto value = hex_digits.find(text[i]);
    if (value == std::string_view::npos) return std::nullopt;
    out[i / 2] = static_cast<std::uint8_t>(out[i / 2] << 4 | value);
  }
  return out;
}

new_key make_key(std::string name, key_scope scope, const account_quota& quota,
                 std::string created_at) {
  new_key out;
  out.secret = std::string(key_prefix) + base64url(random_bytes<key_bytes>());
  out.entry = {hex(random_bytes<id_bytes>()),
               std::move(name),
               scope,
               sha256(out.secret),
               std::move(created_at),
               quota};
  return out;
}

std::optional<std::string> bad_key_name(std::string_view name) {
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (name.empty() || name.size() > max_key_name || !std::ranges::all_of(name, printable) ||
      name.front() == ' ' || name.back() == ' ')
    return "a key's name must be 1 to " + std::to_string(max_key_name) +
           " printable ASCII characters, without a blank at either end";
  return std::nullopt;
}

std::shared_ptr<const api_key> find_key(const std::shared_ptr<const key_list>& keys,
                                        std::string_view secret) {
  const sha256_digest hash = sha256(secret);
  const api_key* found = nullptr;
  for (const api_key& key : *keys)
    if (CRYPTO_memcmp(key.hash.data(), hash.data(), hash.size()) == 0) found = &key;
  if (found == nullptr) return nullptr;
  return {keys, found};
}

}  // namespace orbweaver
