#include "common/net/dial_plan.hpp"

#include <algorithm>
#include <array>

namespace orbweaver {
namespace {

using asio::ip::address;

// Of several failures the one that says most about the server is told: a reset shows that
// somebody accepted, a refusal that a machine is there, "unreachable" often only that this one has
// no IPv6.
constexpr std::array by_weight{outcome::connection_reset, outcome::connect_refused,
                               outcome::connect_timeout,  outcome::out_of_resources,
                               outcome::connect_failed,   outcome::connect_unreachable};

outcome weightier(outcome a, outcome b) {
  const auto weight = [](outcome o) { return std::find(by_weight.begin(), by_weight.end(), o); };
  return weight(a) <= weight(b) ? a : b;
}

}  // namespace

std::vector<address> interleave_families(std::span<const address> addresses) {
  std::array<std::vector<address>, 2> families;  // IPv6, IPv4
  for (const address& a : addresses) {
    auto& family = families[a.is_v6() ? 0 : 1];
    if (std::find(family.begin(), family.end(), a) == family.end()) family.push_back(a);
  }
  std::vector<address> out;
  const std::size_t longest = std::max(families[0].size(), families[1].size());
  for (std::size_t i = 0; i < longest; ++i) {
    for (const auto& family : families) {
      if (i < family.size()) out.push_back(family[i]);
    }
  }
  return out;
}

dial_plan::dial_plan(std::span<const address> addresses) : dial_plan(addresses, settings{}) {}

dial_plan::dial_plan(std::span<const address> addresses, settings how)
    : how_(how), addresses_(interleave_families(addresses)) {
  if (addresses_.size() > how_.max_addresses) addresses_.resize(how_.max_addresses);
}

void dial_plan::take(const event& happened, clock::time_point now) {
  if (happened.what == event::kind::go_on) return;
  const std::size_t i = happened.attempt;
  if (i >= attempts_.size() || attempts_[i] == attempt_state::ended) return;
  attempts_[i] = attempt_state::ended;
  --under_way_;
  if (happened.what == event::kind::connected) {
    if (!winner_) winner_ = i;
    return;
  }
  why_ = why_ ? weightier(*why_, happened.why) : happened.why;
  next_due_ = now;  // section 5: a failure need not be waited out
}

dial_plan::action dial_plan::resume(event happened, clock::time_point now) {
  take(happened, now);
  if (winner_) return connected{*winner_};
  const std::size_t next = attempts_.size();
  if (next == addresses_.size()) {
    if (under_way_ > 0) return wait{std::nullopt};
    return failed{why_.value_or(outcome::connect_failed)};
  }
  if (under_way_ >= how_.max_at_once) return wait{std::nullopt};
  if (under_way_ > 0 && now < next_due_) return wait{next_due_};
  attempts_.push_back(attempt_state::under_way);
  ++under_way_;
  next_due_ = now + how_.delay;
  return dial{next, addresses_[next]};
}

}  // namespace orbweaver
