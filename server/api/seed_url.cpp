#include "server/api/seed_url.hpp"

#include "common/url/url.hpp"

namespace orbweaver {

std::optional<std::string> seed_problem(std::string_view text) {
  if (text.empty()) return "is empty";
  if (text.size() > max_seed_bytes)
    return "is longer than " + std::to_string(max_seed_bytes) + " bytes";
  url parsed;
  url_error why = url_error::none;
  if (!parsed.assign(text, nullptr, &why))
    return "is not an absolute URL: " + std::string(message(why));
  if (!parsed.is_http()) return "is not a URL of http or https";
  if (parsed.has_credentials()) return "holds a user name or password; give them in auth";
  return std::nullopt;
}

}  // namespace orbweaver
