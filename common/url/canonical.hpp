#pragma once

#include <bitset>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/url/url.hpp"

namespace orbweaver {

// Query parameters that only tell where a visitor came from: "utm_*", "gclid", "fbclid", ...
std::span<const std::string_view> tracking_parameters() noexcept;

struct canonical_options {
  // Names of query parameters that do not tell two pages apart, compared byte for byte once both
  // are percent-decoded. A '*' at the end stands for anything.
  std::vector<std::string> drop_parameters{tracking_parameters().begin(),
                                           tracking_parameters().end()};
  bool drop_query = false;  // no parameter tells two pages apart
};

// Says by which key two URLs are one. The key is a URL itself, and its own key: it has no fragment,
// no credentials, no dropped parameter and no empty query; a '%' that begins no escape is written
// "%25"; escapes are in upper case, and those of unreserved characters (RFC 3986, section 2.3) are
// decoded. The order of parameters stays: servers may care. A URL of another scheme than http and
// https only loses its fragment. Immutable, so safe from any thread.
class canonicalizer {
 public:
  explicit canonicalizer(const canonical_options& options = {});

  // A view into `u` when nothing changes, as is common; else into `scratch`.
  std::string_view key(const url& u, std::string& scratch) const;

 private:
  bool drops(std::string_view parameter) const;
  bool drops_any(std::string_view query) const;
  void remove_dropped(std::string& text, std::size_t query) const;

  std::vector<std::string> names_;     // sorted
  std::vector<std::string> prefixes_;  // of the names that ended in '*'
  std::bitset<256> first_bytes_;       // of both
  bool any_name_ = false;              // "*" alone
  bool drop_query_ = false;
};

}  // namespace orbweaver
