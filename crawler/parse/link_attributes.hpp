#pragma once

#include <optional>
#include <string_view>

// Attribute values that contain URLs among other things. HTML Standard 4.8.4.2.2 and 4.2.5.3.
namespace orbweaver::html {

// Takes the next image candidate's URL off `rest`, the (decoded) value of a srcset attribute;
// nullopt when there is none left. Candidates with wrong descriptors are passed over.
std::optional<std::string_view> next_srcset_url(std::string_view& rest) noexcept;

struct refresh {
  bool valid = false;    // otherwise the element has no effect
  std::string_view url;  // empty: the page itself
};
// The content of a <meta http-equiv=refresh>, decoded.
refresh parse_refresh(std::string_view content) noexcept;

}  // namespace orbweaver::html
