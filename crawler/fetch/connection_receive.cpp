// How a connection reads an answer.
#include "common/net/net_error.hpp"
#include "crawler/fetch/connection.hpp"
#include "crawler/fetch/keep_exchange.hpp"
#include "crawler/fetch/page_reader.hpp"

namespace orbweaver {
namespace {

// The first read takes most pages whole.
constexpr std::size_t read_size = 64 * 1024;
// A body that nobody wants is still read up to here, for the connection's sake.
constexpr std::uint64_t worth_draining = 64 * 1024;

// Reading a body of this size takes about as long as fetching ten pages: it is done elsewhere.
constexpr std::size_t big_body_bytes = 256 * 1024;

}  // namespace

outcome connection::why_not_received() const noexcept {
  return is_shortage(stream_->last_error()) ? outcome::out_of_resources : outcome::connection_reset;
}

// What is left of the limits after the heads of the redirects that led here.
response_limits connection::limits_for(const fetch_order& order) {
  response_limits out;
  out.chunks.max_body_bytes = max_body_bytes(order);
  if (const redirect_chain* chain = order.entry.redirects.get()) {
    out.max_head_bytes -= std::min(out.max_head_bytes, chain->head_bytes);
    out.max_header_fields -= std::min(out.max_header_fields, chain->header_fields);
  }
  return out;
}

task<outcome> connection::receive(const fetch_order& order, fetch_report& report) {
  receive_buffer buffer;
  phase_ = phase::waiting;
  io_status want = io_status::want_read;
  std::optional<outcome> end;
  while (!end) {
    const error_code ec = co_await stream_->wait(want);
    if (ec || !stream_->socket().is_open()) {
      end = reason(outcome::connection_reset);
      break;
    }
    if (!buffer.held()) {
      buffer.acquire();
      buffer.parser().reset(request_kind::get, limits_for(order));
    }
    end = read_available(order, buffer, report, want);
    if (!end && answered_) watch_rate(report.bytes_on_wire);
  }
  if (!buffer.held() || buffer.parser().status() == 0) co_return *end;
  response_parser& parser = buffer.parser();
  report.head_bytes = parser.head_bytes();
  report.header_fields = parser.headers().size();
  // What came of a body that broke off is kept, and so is the reason; how a body that nobody wants
  // breaks off is of no interest.
  if (*end != outcome::fetched) parser.finish(response_parser::stream_end::cut_off);
  if (*end != outcome::cancelled && !wants_body(order, parser)) end = outcome::fetched;
  const std::string_view body = parser.body(buffer.filled());
  report.timings.total = clock::now() - began_;
  deadline_.clear();
  const auto read_within = [&](std::size_t most_decoded) {
    const auto ended = read_answer(order, target_, parser, body, report, most_decoded);
    if (ended) keep_exchange(order, target_, address_, parser, body, *end, report);
    return ended;
  };
  // What is small may still grow large when it is decoded.
  std::optional<outcome> read;
  if (body.size() < big_body_bytes) read = read_within(big_body_bytes);
  if (!read) {
    co_await asio::post(asio::bind_executor(services_.compute, use_task));
    read = read_within(max_body_bytes(order));
    co_await asio::post(use_task);
  }
  // RFC 9110 section 15.5.8: only a proxy answers so.
  if (report.status == 407 && order.profile->spec->proxy) {
    report.exchange.reset();
    co_return outcome::proxy_auth;
  }
  co_return *end == outcome::fetched ? *read : *end;
}

// Takes what has come. Answers how the exchange ended, or nothing while more is to come.
std::optional<outcome> connection::read_available(const fetch_order& order, receive_buffer& buffer,
                                                  fetch_report& report, io_status& want) {
  for (;;) {
    if (must_stop_growing(buffer)) return outcome::out_of_resources;
    const io_result step = stream_->read_some(buffer.spare(read_size));
    switch (step.status) {
      case io_status::ok: {
        if (!answered_) first_byte(report);
        buffer.received(step.bytes);
        report.bytes_on_wire += step.bytes;
        if (const auto end = parse(order, buffer, report)) return end;
        if (step.more) break;
        want = io_status::want_read;
        return std::nullopt;
      }
      case io_status::want_read:
      case io_status::want_write: want = step.status; return std::nullopt;
      case io_status::failed: return reason(why_not_received());
      case io_status::end: buffer.parser().finish(); return buffer.parser().error();
      case io_status::cut:
        buffer.parser().finish(response_parser::stream_end::cut_off);
        return buffer.parser().error();
    }
  }
}

std::optional<outcome> connection::parse(const fetch_order& order, receive_buffer& buffer,
                                         fetch_report& report) {
  response_parser& parser = buffer.parser();
  for (;;) {
    const auto state = parser.parse(buffer.filled());
    buffer.keep(parser.buffered());
    switch (state) {
      case response_parser::state::head_done: break;
      case response_parser::state::failed: return parser.error();
      case response_parser::state::done:
        report.keep_connection = parser.keep_alive();
        return outcome::fetched;
      case response_parser::state::need_more:
        if (parser.status() != 0 && !wants_body(order, parser) &&
            std::max(parser.missing(), parser.buffered()) > worth_draining)
          return outcome::fetched;
        return std::nullopt;
    }
  }
}

// Who has begun to read a body goes on although memory runs short, but not without end.
bool connection::must_stop_growing(const receive_buffer& buffer) const noexcept {
  return buffer.capacity() > big_body_bytes && buffer.is_full_for(read_size) &&
         receive_buffer::bytes_in_use() > services_.most_body_memory;
}

void connection::first_byte(fetch_report& report) {
  answered_ = true;
  const auto now = clock::now();
  report.timings.first_byte = now - phase_began_;
  phase_ = phase::receiving;
  phase_began_ = now;
}

// At the lowest rate allowed, these bytes would have come by then.
void connection::watch_rate(std::uint64_t bytes) {
  const std::chrono::seconds earned(bytes / services_.budgets.bytes_per_second);
  const clock::duration at_most = std::max<clock::duration>(services_.budgets.slow_after, earned);
  deadline_.expires_at(std::min(must_end_, phase_began_ + at_most));
}

}  // namespace orbweaver
