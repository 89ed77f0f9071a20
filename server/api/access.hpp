#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/problem.hpp"
#include "server/auth/attempt_limiter.hpp"
#include "server/auth/key_ring.hpp"
#include "server/http/router.hpp"

namespace orbweaver {

// Who may call.
//
// A service without keys listens on loopback: every program of this machine may call, but no web
// page that is open in a browser here. A page of another site shows by its Origin, and one whose
// name was made to lead here (DNS rebinding) by its Host.
//
// A service with keys asks for one, whatever the Host: it has names of its own there, and a page
// that was led here has no key. A page of another origin is refused all the same, unless that
// origin is configured.
class access_control {
 public:
  // `origins`: whose pages may call, as parse_web_origin() reads them.
  access_control(key_ring& keys, std::vector<std::string> origins, attempt_limits limits = {})
      : keys_(keys), origins_(std::move(origins)), attempts_(limits) {}

  admission admit(const request_head& head, const request_target& target, const client_info& client,
                  const route* found);

 private:
  bool is_allowed(std::string_view origin) const;
  void ask_for_key(admission& out, const std::shared_ptr<const key_list>& keys,
                   const request_head& head, const client_info& client, access_level needed);
  void refuse_key(admission& out, const client_info& client);

  key_ring& keys_;
  const std::vector<std::string> origins_;
  attempt_limiter attempts_;
};

// The token of "Authorization: Bearer TOKEN" (RFC 6750 section 2.1, RFC 9110 section 11.4);
// nullopt for any other value.
std::optional<std::string_view> bearer_token(std::string_view authorization) noexcept;

}  // namespace orbweaver
