#include "common/url/site.hpp"

#include <array>
#include <libpsl.h>

#include "common/url/ip_address.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t max_domain = 253;  // RFC 1035, section 3.1, in text form

}  // namespace

std::string_view registrable_domain(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > max_domain || host[0] == '[' || ends_in_number(host))
    return host;
  std::array<char, max_domain + 1> text{};
  host.copy(text.data(), host.size());
  const char* const domain = psl_registrable_domain(psl_builtin(), text.data());
  return domain ? host.substr(static_cast<std::size_t>(domain - text.data())) : host;
}

bool same_site(std::string_view a, std::string_view b) noexcept {
  return registrable_domain(a) == registrable_domain(b);
}

}  // namespace orbweaver
