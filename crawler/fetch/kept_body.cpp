#include "crawler/fetch/kept_body.hpp"

namespace orbweaver {

std::atomic<std::size_t> kept_body::in_use_{0};

kept_body::kept_body(std::string_view bytes) : bytes_(bytes) {
  in_use_.fetch_add(bytes_.size(), std::memory_order_relaxed);
}

kept_body::~kept_body() { in_use_.fetch_sub(bytes_.size(), std::memory_order_relaxed); }

}  // namespace orbweaver
