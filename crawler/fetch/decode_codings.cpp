#include "crawler/fetch/decode_codings.hpp"

#include <optional>

namespace orbweaver {
namespace {

struct known_coding {
  std::string_view name;
  std::optional<content_coding> coding;  // none: registered, but not for us
};

// https://www.iana.org/assignments/http-parameters/#content-coding
constexpr std::array<known_coding, 12> registry{{
    {"gzip", content_coding::gzip},
    {"x-gzip", content_coding::gzip},
    {"deflate", content_coding::deflate},
    {"br", content_coding::br},
    {"zstd", content_coding::zstd},
    {"compress", std::nullopt},
    {"x-compress", std::nullopt},
    {"dcb", std::nullopt},
    {"dcz", std::nullopt},
    {"exi", std::nullopt},
    {"pack200-gzip", std::nullopt},
    {"aes128gcm", std::nullopt},
}};

}  // namespace

result<coding_list> codings_of(const header_list& headers) {
  coding_list list;
  bool bad = false;
  const auto add = [&](std::string_view name) {
    for (const known_coding& known : registry) {
      if (!equals_ignoring_case(known.name, name)) continue;
      bad |= !known.coding || !list.add(*known.coding);
      return;
    }
  };
  const auto add_all = [&](std::string_view value) { for_each_list_element(value, add); };
  headers.for_each(header_id::content_encoding, add_all);
  headers.for_each(header_id::transfer_encoding, add_all);
  if (bad) return outcome::bad_encoding;
  return list;
}

}  // namespace orbweaver
