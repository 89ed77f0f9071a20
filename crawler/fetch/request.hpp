#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"
#include "crawler/fetch/fetch.hpp"

namespace orbweaver {

// The request that carries out `order`, whose URL is `target`, byte for byte.
std::string request_for(const fetch_order& order, const url& target);

// The host of a URL as resolvers and certificates know it.
std::string without_brackets(std::string_view host);

}  // namespace orbweaver
