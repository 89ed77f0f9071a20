// What a session does for a connection over the limit.
#include "server/http/session.hpp"

namespace orbweaver {
namespace {

// Of a request with a right key that is answered over the limit, while it is.
class known_place {
 public:
  known_place(http_shared& shared, bool wanted)
      : shared_(shared), taken_(wanted && shared.known_over++ < max_known_over) {
    if (wanted && !taken_) --shared.known_over;
  }
  ~known_place() {
    if (taken_) --shared_.known_over;
  }
  known_place(const known_place&) = delete;
  known_place& operator=(const known_place&) = delete;
  bool taken() const noexcept { return taken_; }

 private:
  http_shared& shared_;
  const bool taken_;
};

}  // namespace

// A vital route is served: health is asked for most when there is too much of everything. So is
// whoever has a right key: clients without one cannot keep it out, however many they are.
http_session::standing http_session::standing_of(const request_parser& parser) const {
  if (parser.where() != request_parser::stage::body) return standing::neither;
  const request_head& head = parser.head();
  const auto target = parse_target(head.target);
  if (!target) return standing::neither;
  const route_match match = shared_.routes.match(head.method, target->path);
  if (match.found != nullptr && match.found->vital) return standing::vital;
  const admission admitted = shared_.routes.admit(head, *target, client_, match.found);
  return admitted.key ? standing::known : standing::neither;
}

task<> http_session::refuse() {
  refusing_ = true;
  begin_waiting({});
  const bool met = co_await shake_hands();
  if (!met) co_return;
  request_parser parser(shared_.limits);
  deadline_.expires_after(shared_.limits.refusal);
  bool more = true;
  while (more && parser.where() == request_parser::stage::head) {
    more = co_await read_more();
    feed(parser);
  }
  deadline_.clear();
  const standing caller = standing_of(parser);
  const known_place place(shared_, caller == standing::known);
  if (caller == standing::vital || place.taken()) {
    end_waiting();
    co_await respond(parser);
    co_await close();
    co_return;
  }
  const std::string id = shared_.next_request_id();
  const problem why{problem_code::too_many_connections, "", {}, retry_soon};
  const reply out = reply::from(why, id);
  shared_.answers.count(out.status);
  log_refusal(out, parser.head(), id);
  const std::string text = head_for(out, id, true, false) + out.body;
  unread_ = true;
  const bool sent = co_await write(text);
  if (sent) co_await close();
}

}  // namespace orbweaver
