#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"

namespace orbweaver {

// The host parser and serialiser of the URL Standard (sections 3.5 to 3.7): appends what `text`
// names to `out` and says of what kind it is. `out` is as it was when the answer is an error.
// `special`: the scheme is one of the special ones, so the host is a domain or an address.
url_error append_host(std::string& out, std::string_view text, bool special, host_kind& kind);

}  // namespace orbweaver
