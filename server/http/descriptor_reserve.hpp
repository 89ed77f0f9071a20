#pragma once

#include <cstddef>
#include <vector>

namespace orbweaver {

// File descriptors kept back, so that the API can still be reached when the crawls have taken all
// others.
class descriptor_reserve {
 public:
  explicit descriptor_reserve(std::size_t size);
  ~descriptor_reserve();
  descriptor_reserve(const descriptor_reserve&) = delete;
  descriptor_reserve& operator=(const descriptor_reserve&) = delete;

  // Makes one available; false: none is left.
  bool release();
  // Takes back as many as there are, up to the full size.
  void refill();
  std::size_t held() const noexcept { return held_.size(); }

 private:
  std::size_t size_;
  std::vector<int> held_;
};

}  // namespace orbweaver
