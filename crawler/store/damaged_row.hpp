#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace orbweaver {

// A row that no encoder wrote: `what` names it.
[[noreturn]] inline void damaged(std::string_view what) {
  throw std::runtime_error("the store holds a damaged row: " + std::string(what));
}

}  // namespace orbweaver
