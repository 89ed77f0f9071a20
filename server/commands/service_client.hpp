#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "common/net/tls.hpp"
#include "server/commands/service_address.hpp"

namespace orbweaver {

struct service_request {
  std::string_view method = "GET";
  std::string target;  // behind the address's base: "/v1/crawls?limit=1"
  std::string body = {};
  std::string accept = "application/json";
  std::string idempotency_key = {};  // 1 to 255 visible ASCII characters; empty: none
};

struct service_answer {
  unsigned status = 0;
  std::string content_type;
  std::string body;  // empty where it went to a sink

  bool good() const noexcept { return status / 100 == 2; }
};

// Why there is no answer: a sentence without its full stop.
struct no_answer {
  std::string why;
};
[[noreturn]] void throw_exception_from_error(const no_answer&, const boost::source_location&);

using service_result = boost::system::result<service_answer, no_answer>;

// What a client waits for and keeps.
struct client_limits {
  std::chrono::milliseconds connect{10'000};  // for each address of a name
  std::chrono::milliseconds quiet{60'000};    // between two pieces of an answer that is no stream
  std::size_t header = 64 << 10;              // bytes
  std::size_t answer = 64 << 20;              // bytes, where there is no sink
};

// Calls a service over HTTP/1.1, a connection for each call, and blocks. Redirects are not
// followed: the API has none.
class service_client {
 public:
  // `key` goes out as Bearer token (RFC 6750 section 2.1); empty: none. `ca_file` as for
  // tls_client.
  service_client(service_address address, std::string key, const std::string& ca_file,
                 client_limits limits = {});

  // Takes a piece of a good answer's body; false: no more is wanted, and the call ends well.
  using sink = std::function<bool(std::string_view)>;

  // With a sink, the pause between two pieces may be of any length: a crawl's records come as the
  // crawl goes. Any other answer is gathered, and is of any status.
  service_result call(const service_request& request, const sink& take = nullptr);

  const service_address& address() const noexcept { return address_; }

 private:
  std::string head_of(const service_request& request) const;

  service_address address_;
  std::string key_;
  tls_client tls_;
  client_limits limits_;
};

}  // namespace orbweaver
