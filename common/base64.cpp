#include "common/base64.hpp"

#include <openssl/evp.h>

namespace orbweaver {
namespace {

const unsigned char* data_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // with EVP's closing NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), data_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// EVP takes white space around the text, and its padding for NULs: only what comes out the same is
// taken.
std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), data_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  if (static_cast<std::size_t>(size) < padding) return std::nullopt;
  out.resize(static_cast<std::size_t>(size) - padding);
  if (to_base64(out) != text) return std::nullopt;
  return out;
}

}  // namespace orbweaver
