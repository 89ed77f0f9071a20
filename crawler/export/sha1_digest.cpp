#include "crawler/export/sha1_digest.hpp"

#include <array>
#include <cstdint>
#include <new>
#include <openssl/evp.h>

namespace orbweaver {

sha1_digest::sha1_digest() : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  begin();
}

sha1_digest::~sha1_digest() = default;

void sha1_digest::destroy::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

void sha1_digest::begin() {
  if (EVP_DigestInit_ex(context_.get(), EVP_sha1(), nullptr) != 1) throw std::bad_alloc();
}

void sha1_digest::add(std::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

// 20 bytes are 32 characters of five bits, and nothing is left over.
std::string sha1_digest::text() {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::array<unsigned char, 20> bytes{};
  EVP_DigestFinal_ex(context_.get(), bytes.data(), nullptr);
  std::string out = "sha1:";
  std::uint32_t held = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[held >> (bits - 5) & 31];
  }
  return out;
}

}  // namespace orbweaver
