#pragma once

#include <stdexcept>

namespace orbweaver {

// Why a store cannot be opened, in words for people. It has been left as it was.
class store_refused : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace orbweaver
