#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/engine.hpp"
#include "crawler/fetch/connection.hpp"
#include "crawler/store/store.hpp"
#include "server/webhooks/delivery_state.hpp"

namespace orbweaver {

// After a failed attempt, how long until the next one; behind the last of them a message is given
// up. Some 16 hours in all.
std::vector<clock::duration> webhook_pauses();

struct webhook_settings {
  std::string secret;  // where a crawl has none of its own
  std::string user_agent;
  std::vector<clock::duration> pauses = webhook_pauses();
  clock::duration timeout = std::chrono::seconds(15);  // of one attempt
};

// Lets at most so many through at one time; who comes later waits. Everything on one strand.
class turnstile {
 public:
  turnstile(strand where, std::size_t places)
      : left_(where, clock::time_point::max()), places_(places) {}

  task<> enter();
  void leave();

 private:
  timer left_;  // never expires: cancelling it wakes who waits
  std::size_t places_;
};

// Tells one crawl's webhook of its events, in order, one message at a time: what is in the store
// already, and then what comes. A message is repeated until it is taken or given up, so the
// receiver may see it twice, also after a restart; its id, and each record's seq, tell. What a
// receiver answers beside its status is of no interest, and redirects are not followed. Everything
// on one strand.
class webhook_delivery {
 public:
  webhook_delivery(strand where, engine& crawls, store& records, crawl_id id,
                   std::shared_ptr<const crawl_spec> spec, const webhook_settings& how,
                   turnstile& gate);
  webhook_delivery(const webhook_delivery&) = delete;
  webhook_delivery& operator=(const webhook_delivery&) = delete;

  // Comes back when everything has been told, when the crawl is removed, or after stop().
  task<> run();
  // Cuts what is under way.
  void stop();

  // Messages, since run() began.
  std::uint64_t delivered() const noexcept { return state_.delivered - before_.delivered; }
  std::uint64_t given_up() const noexcept { return state_.given_up - before_.given_up; }

 private:
  const webhook_target& target() const noexcept { return *spec_->webhook; }
  task<> tell_all();
  task<> tell_start();
  // false: the crawl is over and told of, or removed.
  task<bool> tell_pages();
  task<> tell_end();
  std::string message(std::string_view type, std::string_view data) const;
  // Comes back when it is taken or given up, or after stop(), which `state_` then knows nothing of.
  task<> send(std::string_view type, std::string_view part, std::string_view data);
  // Why the attempt failed, for people; empty: it did not.
  task<std::string> attempt(const std::string& id, const std::shared_ptr<const std::string>& text);
  fetch_order order_for(const std::string& id,
                        const std::shared_ptr<const std::string>& text) const;
  task<> pause(clock::duration at_least);
  void save();

  engine& crawls_;
  store& records_;
  crawl_id id_;
  std::shared_ptr<const crawl_spec> spec_;
  const webhook_settings& how_;
  turnstile& gate_;
  delivery_state state_;
  delivery_state before_;  // as it was kept
  std::shared_ptr<connection> connection_;
  timer until_next_;
  std::uint64_t ticket_ = 0;
  std::optional<clock::duration> asked_pause_;  // by the last answer
  bool refused_for_good_ = false;               // by the last attempt's outcome
  bool given_up_ = false;                       // the last message: the next ones get one attempt
  bool stopping_ = false;
};

}  // namespace orbweaver
