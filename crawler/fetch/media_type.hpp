#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crawler/fetch/headers.hpp"

namespace orbweaver {

struct media_type {
  std::string essence;                 // lower case: `text/html`
  std::optional<std::string> charset;  // as written, without quotes; not empty
  bool operator==(const media_type&) const = default;
};

// WHATWG MIME Sniffing, 4.4 "parse a MIME type", keeping no parameter but charset.
std::optional<media_type> parse_media_type(std::string_view text);

// WHATWG Fetch, "extract a MIME type": the last usable one of all Content-Type fields. nullopt
// if there is none.
std::optional<media_type> media_type_of(const header_list& headers);

// Patterns are `*`, `*/*`, an essence, or one with a single `*` for any characters in it:
// `text/*`, `application/*+xml`. ASCII case does not matter.
bool is_media_pattern(std::string_view text) noexcept;
bool matches_media_pattern(std::string_view essence, std::string_view pattern) noexcept;

// Whether bytes that came without a type are no text, by how they begin: the signatures and the
// binary data bytes of MIME Sniffing (section 7.1). UTF-16 without a byte order mark is taken for
// text if it begins with a tag.
bool looks_binary(std::string_view body) noexcept;

}  // namespace orbweaver
