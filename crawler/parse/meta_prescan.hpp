#pragma once

#include <string_view>

namespace orbweaver {

// The encoding that a document declares in its beginning, in a meta element (HTML Standard
// 13.2.3.2, "prescan a byte stream to determine its encoding") or an XML declaration; its name as
// the Encoding Standard spells it, or empty. `head` is what may be read.
std::string_view prescan_charset(std::string_view head) noexcept;

}  // namespace orbweaver
