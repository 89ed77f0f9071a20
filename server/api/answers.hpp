#pragma once

#include <optional>
#include <string>

#include "crawler/model.hpp"
#include "crawler/service_error.hpp"
#include "server/api/problem.hpp"
#include "server/http/router.hpp"

namespace orbweaver {

// Answers that several resources give.

reply refuse(const request_context& request, const problem& why);
reply refuse(const request_context& request, problem_code code, std::string detail = {});
reply refuse_mistakes(const request_context& request, std::vector<request_error> errors);
// For what the engine or the store says.
reply refuse(const request_context& request, const boost::system::error_code& why);

// On whose account the request is: its key's; empty where none is asked for.
std::string account_of(const request_context& request);

// The id in the path; nullopt: it cannot be one.
std::optional<crawl_id> id_of(const request_context& request);
reply no_such_crawl(const request_context& request);

// A page of a list: `items` as JSON with commas between them, and the cursor that `next` makes,
// which goes on with the list that was asked for; nullopt: nothing can follow.
reply page_of(const request_context& request, std::string_view items,
              std::optional<std::uint64_t> next);

// nullopt: the body is declared to be JSON. Asking for that also keeps other sites' pages from
// posting here, for a browser sends them this type only after it has asked (Fetch, CORS).
std::optional<reply> unless_json(const request_context& request);

}  // namespace orbweaver
