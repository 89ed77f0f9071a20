#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace orbweaver {

// The one of `offered` media types that an Accept header prefers (RFC 9110 section 12.5.1): the
// highest weight, then the earlier in `offered`. An empty header takes anything; nullopt: none is
// acceptable.
std::optional<std::size_t> preferred_type(std::string_view accept,
                                          std::span<const std::string_view> offered);

// Whether an Accept-Encoding header asks for `coding` (section 12.5.3). An empty header asks for
// none.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace orbweaver
