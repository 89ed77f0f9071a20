#include "crawler/fetch/connection.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "common/log.hpp"
#include "common/net/address_policy.hpp"
#include "common/net/bad_ports.hpp"
#include "common/net/net_error.hpp"
#include "common/net/resolver.hpp"
#include "common/net/tls.hpp"
#include "crawler/fetch/keep_exchange.hpp"
#include "crawler/fetch/page_reader.hpp"
#include "crawler/fetch/request.hpp"

namespace orbweaver {
connection::connection(const fetch_services& services)
    : services_(services),
      strand_(asio::make_strand(services.context)),
      deadline_(services.deadlines, strand_, [this] { close(); }) {}

connection::~connection() = default;

void connection::close() {
  error_code ignored;
  stop_resolving_.emit(asio::cancellation_type::terminal);
  if (dialer_) dialer_->cancel();
  if (stream_) stream_->socket().close(ignored);
}

void connection::abort(std::uint64_t ticket) {
  if (ticket != ticket_) return;
  aborted_ = true;
  close();
}

void connection::enter(phase next, clock::duration at_most) {
  phase_ = next;
  phase_began_ = clock::now();
  deadline_.expires_at(std::min(must_end_, phase_began_ + at_most));
}

outcome connection::reason(outcome otherwise) const noexcept {
  if (aborted_) return outcome::cancelled;
  if (!deadline_.expired()) return otherwise;
  if (clock::now() >= must_end_) return outcome::total_timeout;
  switch (phase_) {
    case phase::resolving: return outcome::dns_timeout;
    case phase::connecting: return outcome::connect_timeout;
    case phase::securing: return outcome::tls_timeout;
    case phase::sending:
    case phase::waiting: return outcome::first_byte_timeout;
    case phase::idle:
    case phase::receiving: break;
  }
  return outcome::too_slow;
}

task<std::unique_ptr<fetch_report>> connection::fetch(fetch_order order) {
  auto report = std::make_unique<fetch_report>();
  began_ = clock::now();
  aborted_ = false;
  ticket_ = order.ticket;
  const redirect_chain* chain = order.entry.redirects.get();
  const auto timeout = std::chrono::duration_cast<clock::duration>(order.profile->spec->timeout);
  must_end_ = began_ + timeout - (chain ? chain->spent : clock::duration{});
  try {
    report->code = outcome::bad_url;
    if (target_.assign(order.entry.url)) {
      if (order.profile->keeps.pages && order.entry.kind == entry_kind::page)
        co_await look_up_earlier(order, *report);
      report->code = co_await converse(order, *report);
    }
    deadline_.clear();
    if (report->extract_body) co_await extract(*order.profile, *report);
  } catch (const std::exception& bug) {  // ends one URL, and loudly; everything else goes on
    report->code = outcome::unknown;
    report->detail = bug.what();
    report->keep_connection = false;
    log_error("a fetch ended with an exception", {{"url", order.entry.url}, {"what", bug.what()}});
  }
  if (report->code == outcome::unknown) {  // wherever it was thrown
    co_await asio::dispatch(asio::bind_executor(strand_, use_task));
    deadline_.clear();
  }
  phase_ = phase::idle;
  ticket_ = 0;
  if (aborted_) {
    report->code = outcome::cancelled;
    report->keep_connection = false;
  }
  if (!report->keep_connection) stream_.reset();
  report->timings.total = clock::now() - began_;
  report->entry = std::move(order.entry);
  co_return report;
}

// A page is known by the URL it was found by, wherever that redirects to.
task<> connection::look_up_earlier(const fetch_order& order, fetch_report& report) {
  const redirect_chain* chain = order.entry.redirects.get();
  url first;
  std::string scratch;
  if (chain && !first.assign(chain->hops.front())) co_return;
  report.page = order.profile->keeps.prints.of(
      order.profile->canonical.key(chain ? first : target_, scratch));
  const auto& since = order.profile->spec->since;
  if (!since || !services_.find_earlier) co_return;
  auto found = co_await services_.find_earlier(since->id, *report.page);
  report.earlier_unknown = !found;
  if (found && *found) report.earlier = std::make_unique<earlier_page>(std::move(**found));
}

task<outcome> connection::converse(const fetch_order& order, fetch_report& report) {
  answered_ = false;
  if (stream_ && !stream_->is_quiet()) stream_.reset();
  const bool kept = stream_ != nullptr;
  outcome ended = outcome::fetched;
  if (!kept) ended = co_await connect(order, report);
  if (ended == outcome::fetched) ended = co_await send(order, report.earlier.get());
  if (ended == outcome::fetched) ended = co_await receive(order, report);
  report.stale = kept && !answered_ &&
                 (ended == outcome::connection_closed || ended == outcome::connection_reset ||
                  ended == outcome::send_failed);
  co_return ended;
}

task<outcome> connection::connect(const fetch_order& order, fetch_report& report) {
  const std::uint16_t port = target_.effective_port();
  if (is_bad_port(port)) co_return outcome::blocked_port;
  const dns_answer found = co_await resolve(without_brackets(target_.hostname()), report);
  if (!found) co_return reason(to_outcome(found.error()));
  const auto& addresses = **found;
  if (const auto refused = services_.policy.first_refused(addresses)) {
    report.detail = services_.policy.why_not(*refused);
    co_return outcome::blocked_address;
  }
  outcome dialled = outcome::fetched;
  address_.clear();
  if (order.profile->spec->proxy) {
    dialled = co_await connect_through_proxy(*order.profile->spec->proxy, addresses, report);
  } else {
    dialled = co_await dial(addresses, port, report);
    error_code unknown;
    if (dialled == outcome::fetched)
      address_ = stream_->socket().remote_endpoint(unknown).address().to_string();
  }
  if (dialled != outcome::fetched || !target_.is_https()) co_return dialled;
  co_return co_await secure(std::move(stream_->socket()), order, report);
}

task<outcome> connection::dial(const std::vector<asio::ip::address>& addresses, std::uint16_t port,
                               fetch_report& report) {
  enter(phase::connecting, services_.budgets.connect);
  dialer_ = std::make_unique<dialer>(strand_);
  auto dialled = co_await dialer_->dial(addresses, port);
  const auto done = std::exchange(dialer_, nullptr);
  report.timings.connect = clock::now() - phase_began_;
  if (!dialled) {
    report.detail = done->last_error();
    co_return reason(to_outcome(dialled.error()));
  }
  if (aborted_) co_return outcome::cancelled;
  tcp_socket socket = std::move(*dialled);
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.native_non_blocking(true, ignored);
  stream_ = std::make_unique<stream>(std::move(socket));
  co_return outcome::fetched;
}

task<dns_answer> connection::resolve(std::string name, fetch_report& report) {
  enter(phase::resolving, services_.budgets.queue);
  deadline_.expires_at(phase_began_ + services_.budgets.queue);
  // Asio 1.81 binds a cancellation slot to a handler, but not to an awaitable's token.
  const auto start = [this](auto handler, std::string host) {
    auto asked = [this, ticket = ticket_] {
      asio::post(strand_, [this, ticket] { name_is_asked(ticket); });
    };
    asio::co_spawn(strand_, services_.names.resolve(std::move(host), std::move(asked)),
                   asio::bind_cancellation_slot(stop_resolving_.slot(), std::move(handler)));
  };
  auto [bug, found] =
      co_await asio::async_initiate<decltype(as_ec), void(std::exception_ptr, dns_answer)>(
          start, as_ec, std::move(name));
  report.timings.dns += clock::now() - phase_began_;
  if (aborted_ || deadline_.expired()) co_return make_error_code(outcome::cancelled);
  if (bug) std::rethrow_exception(bug);
  co_return found;
}

// The resolver was busy with other names until now.
void connection::name_is_asked(std::uint64_t ticket) {
  if (ticket != ticket_ || phase_ != phase::resolving || aborted_) return;
  const auto now = clock::now();
  const clock::duration waited = now - phase_began_;
  began_ += waited;
  must_end_ += waited;
  phase_began_ = now;
  deadline_.expires_at(must_end_);
}

task<outcome> connection::secure(tcp_socket socket, const fetch_order& order,
                                 fetch_report& report) {
  auto tls = services_.tls.connect(std::move(socket), without_brackets(target_.hostname()),
                                   target_.effective_port(), order.profile->spec->tls_verify);
  tls_stream& secured = *tls;
  stream_ = std::move(tls);
  enter(phase::securing, services_.budgets.tls);
  for (;;) {
    const io_result step = secured.handshake();
    report.timings.tls = clock::now() - phase_began_;
    if (step.status == io_status::ok) co_return outcome::fetched;
    if (step.status == io_status::failed) {
      const outcome why = reason(secured.handshake_outcome());
      stream_.reset();
      co_return why;
    }
    const error_code ec = co_await secured.wait(step.status);
    if (!ec && stream_->socket().is_open()) continue;
    const outcome why = reason(outcome::connection_reset);
    stream_.reset();
    co_return why;
  }
}

task<outcome> connection::send(const fetch_order& order, const earlier_page* earlier) {
  enter(phase::sending, services_.budgets.first_byte);
  const std::string request = request_for(order, target_, earlier);
  std::span<const char> left(request);
  while (!left.empty()) {
    const io_result step = stream_->write_some(left);
    if (step.status == io_status::ok) {
      left = left.subspan(step.bytes);
      continue;
    }
    if (step.status != io_status::want_read && step.status != io_status::want_write)
      co_return reason(why_not_sent());
    const error_code ec = co_await stream_->wait(step.status);
    if (ec || !stream_->socket().is_open()) co_return reason(outcome::send_failed);
  }
  if (order.on_sent) order.on_sent(clock::now());
  co_return outcome::fetched;
}

outcome connection::why_not_sent() const noexcept {
  const error_code ec = stream_->last_error();
  if (is_shortage(ec)) return outcome::out_of_resources;
  if (ec == asio::error::connection_reset) return outcome::connection_reset;
  if (ec == asio::error::broken_pipe) return outcome::connection_closed;
  return outcome::send_failed;
}

// Patterns may take seconds a page: only fetches with patterns of their own wait for them.
task<> connection::extract(const fetch_profile& profile, fetch_report& report) {
  co_await asio::post(asio::bind_executor(services_.extraction, use_task));
  profile.extract.append_values(report.members, *report.extract_body, report.extract_text,
                                clock::now() + extractor::max_time);
  report.extract_body.reset();
  co_await asio::post(use_task);
}

}  // namespace orbweaver
