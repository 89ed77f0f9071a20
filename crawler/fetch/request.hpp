#pragma once

#include <string>
#include <string_view>

#include "common/url/url.hpp"
#include "crawler/fetch/fetch.hpp"

namespace orbweaver {

// What only the site, or the proxy, may see: the headers, credentials and cookies that the crawl
// was given. Cookies that the site has set itself are none.
enum class request_secrets : std::uint8_t { shown, left_out };

// Whether `target` is asked for only if it has changed: the earlier record holds what the later one
// is to, and the store the payload, where the crawl keeps such.
bool is_conditional(const fetch_profile& profile, const earlier_page& earlier,
                    const url& target) noexcept;

// The request that carries out `order`, whose URL is `target`, byte for byte. With `earlier`, it
// asks for the page only if that has changed since.
std::string request_for(const fetch_order& order, const url& target, const earlier_page* earlier,
                        request_secrets secrets = request_secrets::shown);

// The host of a URL as resolvers and certificates know it.
std::string without_brackets(std::string_view host);

}  // namespace orbweaver
