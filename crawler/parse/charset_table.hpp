#pragma once

#include <string_view>

namespace orbweaver {

struct encoding {
  std::string_view name;       // as the Encoding Standard spells it
  std::string_view converter;  // iconv's name for it; empty: decoded without iconv
};
// nullptr for what is no label, or no name.
const encoding* encoding_from_label(std::string_view label) noexcept;
const encoding* encoding_from_name(std::string_view name) noexcept;

}  // namespace orbweaver
