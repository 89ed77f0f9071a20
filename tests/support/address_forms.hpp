#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

namespace orbweaver::test {

// One or more addresses of each range that nobody may be sent to.
std::vector<boost::asio::ip::address_v4> refused_v4_addresses();
std::vector<boost::asio::ip::address_v6> refused_v6_addresses();

// The host of a URL, written in every way that means this address or leads to it.
std::vector<std::string> written_forms(const boost::asio::ip::address_v4& address);
// IPv6 addresses that carry it for a gateway to unpack.
std::vector<boost::asio::ip::address_v6> carriers(const boost::asio::ip::address_v4& address);

}  // namespace orbweaver::test
