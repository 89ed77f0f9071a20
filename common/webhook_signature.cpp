#include "common/webhook_signature.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>

#include "common/base64.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view encoded_mark = "whsec_";

std::optional<std::string> key_of(std::string_view secret) {
  if (!secret.starts_with(encoded_mark)) return std::string(secret);
  return from_base64(secret.substr(encoded_mark.size()));
}

}  // namespace

std::optional<std::string> webhook_secret_problem(std::string_view secret) {
  if (!std::ranges::all_of(secret, [](char c) { return c > 0x20 && c < 0x7f; }))
    return "must hold printable ASCII characters only, and no spaces";
  const auto key = key_of(secret);
  if (!key) return "must hold base 64 behind whsec_";
  if (key->size() < min_webhook_secret_bytes || secret.size() > max_webhook_secret_bytes)
    return "must hold " + std::to_string(min_webhook_secret_bytes) + " to " +
           std::to_string(max_webhook_secret_bytes) + " bytes";
  return std::nullopt;
}

std::string webhook_signature(std::string_view secret, std::string_view id, std::int64_t sent,
                              std::string_view body) {
  const std::string key = key_of(secret).value_or("");
  std::string text(id);
  text.append(".").append(std::to_string(sent)).append(".").append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
           &size) == nullptr)
    throw std::runtime_error("a message cannot be signed");
  return "v1," + to_base64({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace orbweaver
