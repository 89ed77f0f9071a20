#pragma once

#include <cstdint>

namespace orbweaver {

// What a call asks of its caller's key, where the service has keys at all.
enum class access_level : std::uint8_t {
  open,   // nothing
  read,   // any key
  write,  // a key that may change something
};

}  // namespace orbweaver
