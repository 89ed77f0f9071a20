#include "common/net/resolver.hpp"

#include <atomic>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <list>
#include <unordered_map>

#include "common/net/resolver_channel.hpp"
#include "common/net/resolver_flights.hpp"
#include "common/net/resolver_lookup.hpp"
#include "common/net/resolver_names.hpp"

namespace orbweaver {
namespace {

// How often timeouts are looked for while a look-up is under way; they are late by at most this.
constexpr std::chrono::milliseconds tick_interval{50};
// After so many questions new ones go over a new channel: c-ares 1.18 asks everything from one
// UDP port, and a port that stays the same for long can be guessed along with the 16-bit ids
// (RFC 5452 section 9.2).
constexpr std::uint64_t questions_per_channel = 1'000;

template <class... Args>
using handler_for =
    typename asio::async_result<asio::use_awaitable_t<strand>, void(Args...)>::handler_type;
using answer_handler = handler_for<dns_answer>;
using close_handler = handler_for<>;

// Resumes the coroutine behind `handler` on its own strand.
template <class Handler, class... Args>
void resume(Handler handler, Args... args) {
  const auto executor = asio::get_associated_executor(handler);
  asio::post(executor, [h = std::move(handler), ... a = std::move(args)]() mutable {
    if (auto slot = asio::get_associated_cancellation_slot(h); slot.is_connected()) slot.clear();
    std::move(h)(std::move(a)...);
  });
}

}  // namespace

class resolver::impl final : resolver_channel::listener {
 public:
  impl(asio::io_context& context, resolver_settings s)
      : settings_(std::move(s)),
        hosts_(load_hosts(settings_.hosts_file)),
        strand_(asio::make_strand(context)),
        timer_(strand_),
        cache_(settings_.cache_names),
        flights_({.in_flight = settings_.max_in_flight, .names = settings_.max_names}) {}

  ~impl() {
    closed_ = true;
    lookups_.clear();  // the channels' last words concern nobody
  }

  // What `name` means without asking anyone.
  const std::vector<asio::ip::address>* in_hosts(const std::string& name) const {
    const auto found = hosts_.find(name);
    return found == hosts_.end() ? nullptr : &found->second;
  }

  task<dns_answer> ask(std::string name, std::function<void()> asked) {
    const auto start = [this](answer_handler handler, std::string host,
                              std::function<void()> when_asked) {
      const std::uint64_t id = ++waiter_ids_;
      if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
        slot.assign([this, id](asio::cancellation_type) {
          asio::post(strand_, [this, id] { on_cancelled(id); });
        });
      }
      asio::post(strand_, [this, id, h = std::move(handler), host = std::move(host),
                           asked = std::move(when_asked)]() mutable {
        on_asked(id, {std::move(host), std::move(h), std::move(asked)});
      });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<strand>, void(dns_answer)>(
        start, use_task, std::move(name), std::move(asked));
  }

  task<> close() {
    const auto start = [this](close_handler handler) {
      asio::post(strand_, [this, h = std::move(handler)]() mutable { on_close(std::move(h)); });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<strand>, void()>(start, use_task);
  }

  counts statistics() const noexcept { return {lookups_total_, hits_total_, failures_total_}; }

 private:
  struct waiter {
    std::string name;
    answer_handler handler;
    std::function<void()> asked;  // may be empty
  };
  struct lookup {
    std::string name;
    resolver_lookup state;
  };

  void on_asked(std::uint64_t id, waiter who) {
    if (closed_) return resume(std::move(who.handler), dns_answer(outcome::cancelled));
    if (const dns_answer* known = cache_.find(who.name, clock::now())) {
      ++hits_total_;
      return resume(std::move(who.handler), *known);
    }
    if (!flights_.join(who.name, id)) {
      return resume(std::move(who.handler), dns_answer(outcome::dns_failed));
    }
    if (who.asked && !flights_.waiting(who.name).empty()) who.asked();
    waiters_.emplace(id, std::move(who));
    start_lookups();
  }

  void on_cancelled(std::uint64_t id) {
    auto node = waiters_.extract(id);
    if (node.empty()) return;
    flights_.leave(node.mapped().name, id);
    resume(std::move(node.mapped().handler), dns_answer(outcome::cancelled));
  }

  void start_lookups() {
    while (auto name = flights_.start_next()) {
      const std::uint64_t id = ++lookup_ids_;
      ++lookups_total_;
      for (const std::uint64_t w : flights_.waiting(*name))
        if (const auto& told = waiters_.at(w).asked) told();
      const resolver_lookup state(clock::now(), {settings_.budget, settings_.other_family});
      lookups_.emplace(id, lookup{*name, state});
      resolver_channel& channel = current_channel();
      channel.ask(id, *name, ip_family::v6);
      channel.ask(id, *name, ip_family::v4);
    }
    if (!lookups_.empty()) arm_timer();
  }

  resolver_channel& current_channel() {
    if (channels_.empty() || channels_.back().asked() >= questions_per_channel) {
      const resolver_channel::settings how{.servers = settings_.servers,
                                           .attempt_timeout = settings_.attempt_timeout,
                                           .attempts = settings_.attempts};
      resolver_channel::listener& self = *this;
      channels_.emplace_back(strand_, how, self);
    }
    return channels_.back();
  }

  void on_reply(std::uint64_t id, ip_family family, family_reply reply) override {
    const auto found = lookups_.find(id);
    if (found == lookups_.end()) return;  // it ended without waiting for this
    const auto now = clock::now();
    found->second.state.take(family, std::move(reply), now);
    if (found->second.state.done(now)) finish(lookups_.extract(found).mapped(), now);
  }

  void on_turn() override {
    if (closed_) return finish_closing();
    start_lookups();
  }

  void finish(lookup ended, clock::time_point now) {
    const dns_answer answer = ended.state.answer();
    if (!answer) ++failures_total_;
    for (const std::uint64_t id : flights_.finish(ended.name)) {
      resume(std::move(waiters_.extract(id).mapped().handler), answer);
    }
    // That this machine could not ask says nothing about the name.
    if (!answer && answer.error() == outcome::out_of_resources) return;
    cache_.put(ended.name, answer, ended.state.ttl(), now);
  }

  void arm_timer() {
    if (std::exchange(timer_pending_, true)) return;
    timer_.expires_after(tick_interval);
    timer_.async_wait([this](error_code) {
      timer_pending_ = false;
      on_tick();
    });
  }

  void on_tick() {
    if (closed_) return finish_closing();
    flights_.refill();
    for (resolver_channel& c : channels_) c.tick();
    const auto now = clock::now();
    for (auto at = lookups_.begin(); at != lookups_.end();) {
      const auto here = at++;
      if (here->second.state.done(now)) finish(lookups_.extract(here).mapped(), now);
    }
    start_lookups();
    // Retired channels stay until their last socket is let go; the newest is kept.
    std::size_t retired = channels_.empty() ? 0 : channels_.size() - 1;
    for (auto at = channels_.begin(); retired > 0; --retired) {
      at = at->idle() ? channels_.erase(at) : std::next(at);
    }
    if (channels_.size() > 1 || (!channels_.empty() && channels_.back().waiting())) arm_timer();
  }

  void on_close(close_handler handler) {
    closers_.push_back(std::move(handler));
    if (!std::exchange(closed_, true)) {
      lookups_.clear();
      for (auto& [id, w] : waiters_) resume(std::move(w.handler), dns_answer(outcome::cancelled));
      waiters_.clear();
      for (resolver_channel& c : channels_) c.close();
      timer_.cancel();
    }
    finish_closing();
  }

  void finish_closing() {
    for (const resolver_channel& c : channels_) {
      if (!c.idle()) return;
    }
    if (timer_pending_) return;
    for (close_handler& h : std::exchange(closers_, {})) resume(std::move(h));
  }

  const resolver_settings settings_;
  const hosts_table hosts_;
  strand strand_;
  timer timer_;
  bool timer_pending_ = false;
  bool closed_ = false;
  dns_cache cache_;
  resolver_flights flights_;
  std::atomic<std::uint64_t> waiter_ids_{0};
  std::uint64_t lookup_ids_ = 0;
  std::unordered_map<std::uint64_t, waiter> waiters_;
  std::unordered_map<std::uint64_t, lookup> lookups_;
  std::vector<close_handler> closers_;
  std::atomic<std::uint64_t> lookups_total_{0}, hits_total_{0}, failures_total_{0};
  std::list<resolver_channel> channels_;  // the newest last; they call back into the above
};

resolver::resolver(asio::io_context& context, resolver_settings settings)
    : impl_(std::make_unique<impl>(context, std::move(settings))) {}

resolver::~resolver() = default;

task<dns_answer> resolver::resolve(std::string host, std::function<void()> asked) {
  const auto list = [](std::vector<asio::ip::address> addresses) -> dns_answer {
    return std::make_shared<const std::vector<asio::ip::address>>(std::move(addresses));
  };
  host_meaning meaning = read_host(host);
  if (const auto* literal = std::get_if<asio::ip::address>(&meaning)) co_return list({*literal});
  if (const auto* local = std::get_if<this_machine>(&meaning)) {
    if (const auto* known = impl_->in_hosts(local->text)) co_return list(*known);
    if (const auto* known = impl_->in_hosts("localhost")) co_return list(*known);
    co_return list({asio::ip::address_v6::loopback(), asio::ip::address_v4::loopback()});
  }
  auto* name = std::get_if<dns_name>(&meaning);
  if (!name) co_return make_error_code(outcome::dns_nxdomain);
  if (const auto* known = impl_->in_hosts(name->text)) co_return list(*known);
  co_return co_await impl_->ask(std::move(name->text), std::move(asked));
}

task<> resolver::close() { co_await impl_->close(); }

resolver::counts resolver::statistics() const noexcept { return impl_->statistics(); }

}  // namespace orbweaver
