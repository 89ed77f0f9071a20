#include "common/net/net_error.hpp"

#include <boost/asio/error.hpp>

namespace orbweaver {

bool is_shortage(const boost::system::error_code& ec) noexcept {
  namespace errc = boost::system::errc;
  return ec == errc::too_many_files_open || ec == errc::too_many_files_open_in_system ||
         ec == errc::no_buffer_space || ec == errc::not_enough_memory ||
         ec == errc::address_not_available;
}

outcome outcome_of_connect(const boost::system::error_code& ec) noexcept {
  namespace error = boost::asio::error;
  if (ec == error::connection_refused) return outcome::connect_refused;
  if (ec == error::connection_reset) return outcome::connection_reset;
  if (is_shortage(ec)) return outcome::out_of_resources;
  if (ec == error::timed_out) return outcome::connect_timeout;
  if (ec == error::network_unreachable || ec == error::host_unreachable ||
      ec == error::address_family_not_supported) {
    return outcome::connect_unreachable;
  }
  return outcome::connect_failed;
}

}  // namespace orbweaver
