#pragma once

#include <string>
#include <string_view>

namespace orbweaver {

// Mends in `text`, which iconv has made from `charset`, what the indexes of the Encoding Standard
// (section 5) say otherwise. `charset` is a name as the standard spells it.
void correct_decoded(std::string& text, std::string_view charset);

}  // namespace orbweaver
