#pragma once

#include <string_view>

namespace orbweaver {

// The part of `host` under which names are registered, by the Public Suffix List libpsl was built
// with, private domains included: "www.bbc.co.uk" → "bbc.co.uk", "a.b.github.io" → "b.github.io".
// `host` is a host as class url prints it; the answer is a view into it without a trailing dot.
// An address, a single label and a public suffix itself are their own sites.
std::string_view registrable_domain(std::string_view host) noexcept;

// True when both hosts lie under one registrable domain (URL Standard, section 3.5, "schemelessly
// same site").
bool same_site(std::string_view a, std::string_view b) noexcept;

}  // namespace orbweaver
