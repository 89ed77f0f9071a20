#include "common/url/wire_target.hpp"

#include "common/url/percent.hpp"

namespace orbweaver {

std::string_view wire_target(const url& u, std::string& scratch) {
  const std::string_view target = u.request_target();
  std::size_t copied = 0;
  scratch.clear();
  for (std::size_t at = target.find('%'); at != target.npos; at = target.find('%', at + 1)) {
    if (is_escape(target, at)) continue;
    scratch.append(target, copied, at + 1 - copied).append("25");
    copied = at + 1;
  }
  if (copied == 0) return target;
  return scratch.append(target, copied);
}

std::string wire_target(const url& u) {
  std::string scratch;
  return std::string(wire_target(u, scratch));
}

}  // namespace orbweaver
