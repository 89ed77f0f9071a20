#include "common/random.hpp"

#include <stdexcept>
#include <unistd.h>

namespace orbweaver {

void fill_with_random(std::span<std::uint8_t> out) {
  if (getentropy(out.data(), out.size()) != 0)
    throw std::runtime_error("the system gives no random numbers");
}

}  // namespace orbweaver
