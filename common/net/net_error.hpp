#pragma once

#include <boost/system/error_code.hpp>

#include "common/error.hpp"

namespace orbweaver {

// The machine's own trouble, not the other side's: no descriptor, port or memory is left.
bool is_shortage(const boost::system::error_code& ec) noexcept;

// Why connect(2), or opening the socket for it, failed: connect_refused, _timeout, _unreachable or
// _failed, connection_reset, or out_of_resources.
outcome outcome_of_connect(const boost::system::error_code& ec) noexcept;

}  // namespace orbweaver
