#pragma once

#include <cstdint>
#include <span>

namespace orbweaver {

// Ports that other protocols answer on, which a crafted URL must not make us talk to: the "bad
// port" table of the WHATWG Fetch standard, section 2.9 "Port blocking", in ascending order.
std::span<const std::uint16_t> bad_ports() noexcept;
bool is_bad_port(std::uint16_t port) noexcept;

}  // namespace orbweaver
