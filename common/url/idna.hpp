#pragma once

#include <string>
#include <string_view>

namespace orbweaver {

// Longer domains outside ASCII are refused, in bytes of UTF-8: DNS could not hold them, and
// Punycode takes time in the square of the length.
inline constexpr std::size_t max_idna_input = 2048;

// Unicode ToASCII (UTS 46, section 4) with the flags of the URL Standard's "domain to ASCII"
// (section 3.3): CheckBidi and CheckJoiners, non-transitional, without CheckHyphens, STD3 rules
// and DNS lengths. Appends the answer to `out`; false when `utf8` is no valid domain.
// Written here on Unicode's own data: libidn2 applies IDNA 2008 on top (no emoji, no symbols),
// lengths and hyphen rules, which URLs on the web do not keep to.
bool domain_to_ascii(std::string_view utf8, std::string& out);

}  // namespace orbweaver
