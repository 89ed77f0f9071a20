#include "server/webhooks/webhook_delivery.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>

#include "common/log.hpp"
#include "common/rfc3339.hpp"
#include "common/webhook_signature.hpp"
#include "crawler/fetch/headers.hpp"
#include "server/api/json_document.hpp"
#include "server/api/render.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch = 100;  // records in a message
constexpr std::size_t batch_bytes = 1 << 20;
constexpr clock::duration batch_time = 500ms;  // for a batch to fill
constexpr clock::duration look_time = 1s;      // between two looks at a crawl that brings nothing
constexpr std::chrono::seconds longest_patience{3600};  // that a receiver may ask for
// A seq behind all records.
constexpr std::uint64_t behind_all = std::uint64_t{1} << 62;

constexpr unsigned gone = 410;  // RFC 9110 section 15.5.11: it wants no more

bool is_taken(unsigned status) { return status >= 200 && status < 300; }

// No further attempt will fare better.
bool is_final_refusal(outcome code) {
  return code == outcome::blocked_address || code == outcome::blocked_port ||
         code == outcome::bad_url;
}

std::string why(const fetch_report& report) {
  if (report.code == outcome::fetched) return "it answered " + std::to_string(report.status);
  std::string out(name(report.code));
  if (!report.detail.empty()) out += ": " + report.detail;
  return out;
}

std::string in_list(const std::vector<record_line>& records) {
  std::string out = "[";
  for (const record_line& record : records) {
    if (out.size() > 1) out += ',';
    out += record.json;
  }
  return out + "]";
}

}  // namespace

std::vector<clock::duration> webhook_pauses() {
  return {5s, 30s, 2min, 10min, 30min, 1h, 2h, 4h, 8h};
}

task<> turnstile::enter() {
  while (places_ == 0) co_await left_.async_wait(as_ec);
  --places_;
}

void turnstile::leave() {
  ++places_;
  left_.cancel_one();
}

webhook_delivery::webhook_delivery(strand where, engine& crawls, store& records, crawl_id id,
                                   std::shared_ptr<const crawl_spec> spec,
                                   const webhook_settings& how, turnstile& gate)
    : crawls_(crawls),
      records_(records),
      id_(id),
      spec_(std::move(spec)),
      how_(how),
      gate_(gate),
      connection_(crawls.make_connection()),
      until_next_(where) {}

void webhook_delivery::stop() {
  stopping_ = true;
  until_next_.cancel();
  asio::post(connection_->executor(), [c = connection_, t = ticket_] { c->abort(t); });
}

task<> webhook_delivery::run() {
  const result<std::string> kept = co_await records_.delivery(id_);
  if (!kept) co_return;
  before_ = state_ = read_delivery_state(*kept);
  if (!state_.ended) co_await tell_all();
}

task<> webhook_delivery::tell_all() {
  if (!state_.started) co_await tell_start();
  if (!target().wants(webhook_event::page)) state_.after = behind_all;
  for (bool more = true; more && !stopping_ && !state_.ended;) more = co_await tell_pages();
}

task<> webhook_delivery::tell_start() {
  if (target().wants(webhook_event::started)) {
    const result<crawl_status> status = co_await crawls_.status(id_);
    if (!status) co_return;
    const std::string data = json_text(status_as_json(*status));
    co_await send("crawl.started", "started", data);
  }
  if (stopping_) co_return;
  state_.started = true;
  save();
}

task<bool> webhook_delivery::tell_pages() {
  co_await records_.wait(id_, state_.after, look_time);
  co_await records_.wait(id_, state_.after + batch - 1, batch_time);
  if (stopping_) co_return false;
  const results_query query{.after = state_.after, .limit = batch, .max_bytes = batch_bytes};
  const result<results_page> page = co_await records_.read(id_, query);
  if (!page) co_return false;
  if (!page->records.empty()) {
    const std::string part = "page." + std::to_string(page->records.front().seq) + "-" +
                             std::to_string(page->records.back().seq);
    const std::string data = in_list(page->records);
    co_await send("crawl.page", part, data);
    if (stopping_) co_return false;
    state_.after = page->next;
    save();
  }
  if (!page->finished || page->more) co_return true;
  co_await tell_end();
  co_return false;
}

// Who cancels a crawl hears of its end as well: the state says how it came about.
task<> webhook_delivery::tell_end() {
  const result<crawl_status> status = co_await crawls_.status(id_);
  if (!status) co_return;
  const bool failed = status->state == crawl_state::failed;
  if (target().wants(failed ? webhook_event::failed : webhook_event::completed)) {
    const std::string data = json_text(status_as_json(*status));
    const std::string_view type = failed ? "crawl.failed" : "crawl.completed";
    co_await send(type, "ended", data);
  }
  if (stopping_) co_return;
  state_.ended = true;
  save();
}

void webhook_delivery::save() { records_.save_delivery(id_, to_text(state_)); }

std::string webhook_delivery::message(std::string_view type, std::string_view data) const {
  nlohmann::ordered_json head;
  head["type"] = type;
  head["timestamp"] = to_rfc3339(wall_clock::now());
  head["crawl"] = {{"id", id_.to_string()}, {"name", spec_->name}, {"labels", spec_->labels}};
  std::string out = json_text(head);
  out.pop_back();
  return out.append(",\"data\":").append(data).append("}");
}

task<> webhook_delivery::send(std::string_view type, std::string_view part, std::string_view data) {
  const std::string id = id_.to_string() + "." + std::string(part);
  const auto text = std::make_shared<const std::string>(message(type, data));
  const std::size_t attempts = given_up_ ? 1 : how_.pauses.size() + 1;
  for (std::size_t n = 1; !stopping_ && !state_.ended; ++n) {
    std::string failure = co_await attempt(id, text);
    if (stopping_) co_return;
    given_up_ = !failure.empty() && (refused_for_good_ || n >= attempts);
    if (failure.empty()) {
      ++state_.delivered;
      co_return;
    }
    state_.last_error = std::move(failure);
    if (given_up_) {
      ++state_.given_up;
      log_warn("a webhook's message is given up",
               {{"crawl", id_.to_string()}, {"message", id}, {"why", state_.last_error}});
      co_return;
    }
    if (!state_.ended) co_await pause(how_.pauses[n - 1]);
  }
}

task<std::string> webhook_delivery::attempt(const std::string& id,
                                            const std::shared_ptr<const std::string>& text) {
  co_await gate_.enter();
  std::unique_ptr<fetch_report> report;
  for (bool again = !stopping_; again;) {
    fetch_order order = order_for(id, text);
    order.ticket = ++ticket_;
    report = co_await asio::co_spawn(connection_->executor(), connection_->fetch(std::move(order)),
                                     use_task);
    again = report->stale && !stopping_;  // it was closed meanwhile, which is nobody's failure
  }
  gate_.leave();
  if (!report || is_taken(report->status)) co_return "";
  if (report->retry_after) asked_pause_ = std::min(*report->retry_after, longest_patience);
  refused_for_good_ = is_final_refusal(report->code);
  state_.ended = report->status == gone;
  co_return why(*report);
}

// Who asks for messages proves by the signature that they are this service's; the headers are
// for the receiver's origin alone.
fetch_order webhook_delivery::order_for(const std::string& id,
                                        const std::shared_ptr<const std::string>& text) const {
  const auto sent =
      std::chrono::duration_cast<std::chrono::seconds>(wall_clock::now().time_since_epoch());
  const std::string& secret = target().secret.empty() ? how_.secret : target().secret;
  auto request = std::make_shared<crawl_spec>();
  request->urls = {target().url};
  request->headers = target().headers;
  const auto is_accept = [](const auto& field) {
    return equals_ignoring_case(field.first, "Accept");
  };
  if (std::ranges::none_of(request->headers, is_accept))  // the crawler's own asks for pages
    request->headers.emplace_back("Accept", "*/*");
  request->timeout = how_.timeout;
  request->headers.emplace_back("webhook-id", id);
  request->headers.emplace_back("webhook-timestamp", std::to_string(sent.count()));
  request->headers.emplace_back("webhook-signature",
                                webhook_signature(secret, id, sent.count(), *text));
  fetch_order out;
  out.entry.url = target().url;
  out.profile = std::make_shared<const fetch_profile>(std::move(request), how_.user_agent);
  out.message = text;
  return out;
}

task<> webhook_delivery::pause(clock::duration at_least) {
  if (asked_pause_) at_least = std::max(at_least, *std::exchange(asked_pause_, std::nullopt));
  until_next_.expires_after(at_least);
  co_await until_next_.async_wait(as_ec);
}

}  // namespace orbweaver
