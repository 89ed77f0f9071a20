#include "server/app.hpp"

#include <algorithm>
#include <iterator>

#include "common/file.hpp"
#include "common/log.hpp"
#include "crawler/fetch/receive_buffer.hpp"
#include "server/api/assets.hpp"
#include "server/metrics/metrics_text.hpp"

namespace orbweaver {
namespace {

// For requests at work after the last fetch has ended.
constexpr std::chrono::milliseconds answering_time{1000};

http_limits limits_with(const settings& s) {
  http_limits out;
  // A body may take twice its size while it grows.
  out.bodies = std::max<std::size_t>(out.bodies, 2 * s.max_body_size);
  return out;
}

webhook_settings webhooks_with(const settings& s) {
  webhook_settings out;
  out.secret = s.webhook_secret;
  out.user_agent = s.user_agent;
  return out;
}

// The API's, and the dashboard's files.
std::vector<route> with_assets(std::vector<route> routes) {
  std::ranges::move(asset_routes(), std::back_inserter(routes));
  return routes;
}

std::unique_ptr<tls_server> tls_with(const settings& s) {
  if (s.tls_cert.empty()) return nullptr;
  auto out = tls_server::open(s.tls_cert, s.tls_key);
  if (!out) throw certificate_refused(out.error().why());
  return std::move(*out);
}

request_guard guard_with(access_control& access) {
  return
      [&access](const request_head& head, const request_target& target, const client_info& client,
                const route* found) { return access.admit(head, target, client, found); };
}

}  // namespace

app::app(const settings& with)
    : data_dir_(with.data_dir),
      listen_(with.listen),
      tls_(tls_with(with)),
      keys_(with.data_dir),
      access_(keys_, with.cors_origins),
      runtime_(with),
      usage_(runtime_.context(), runtime_.crawls().compute(), keys_, runtime_.accounts(),
             with.data_dir),
      webhooks_(runtime_.context(), runtime_.crawls(), runtime_.records(), webhooks_with(with)),
      lag_(runtime_.context()),
      heap_(runtime_.context(), runtime_.crawls().compute()),
      api_(
          runtime_.crawls(), runtime_.records(), runtime_.accounts(), webhooks_,
          [this] { return metrics(); }, with.max_body_size,
          request_caps{.max_body_bytes = with.max_page_size,
                       .signs_webhooks = !with.webhook_secret.empty()}),
      routes_(with_assets(api_.routes()), guard_with(access_)),
      listener_(runtime_.context(), runtime_.deadlines(), routes_, limits_with(with), tls_.get()),
      retention_(runtime_.context(), runtime_.crawls(), runtime_.records(),
                 {.days = with.retain_days, .bytes = with.retain_bytes}) {}

app::~app() {
  try {
    stop(clock::duration::zero());
  } catch (const std::exception& e) {
    log_error("stopping failed", {{"what", e.what()}});
  }
}

// The threads first: a listener without them would take connections that nobody serves.
result<asio::ip::tcp::endpoint> app::start() {
  usage_.load();
  runtime_.recover();
  runtime_.start();
  running_ = true;
  lag_.start();
  heap_.start();
  webhooks_.start();
  if (asks_for_keys()) {
    log_info("callers need an API key");
  } else {
    log_info("there are no API keys: every program of this machine may call, and none of another");
  }
  if (is_open_to_others(data_dir_))
    log_warn("others may enter the data directory, which holds the credentials of crawls",
             {{"directory", data_dir_.string()}});
  runtime_.call(api_.recall_requests());
  retention_.start();
  usage_.start();
  return listener_.start(listen_);
}

void app::stop(clock::duration grace) {
  if (!std::exchange(running_, false)) return;
  api_.begin_drain();
  runtime_.call(runtime_.crawls().drain(grace));
  runtime_.call(listener_.stop(answering_time));
  runtime_.call(retention_.stop());
  runtime_.call(webhooks_.stop());
  runtime_.call(lag_.stop());
  runtime_.call(heap_.stop());
  runtime_.call(usage_.stop());
  runtime_.stop(clock::duration::zero());
}

task<std::string> app::metrics() {
  service_numbers now;
  now.load = co_await runtime_.crawls().load();
  now.totals = co_await runtime_.crawls().totals();
  now.body_bytes = receive_buffer::bytes_in_use();
  now.names = runtime_.names().statistics();
  now.store = co_await runtime_.records().activity();
  now.health = runtime_.records().health();
  now.hooks = co_await webhooks_.counts();
  now.answers = listener_.answers();
  now.api_connections = listener_.connections();
  now.lag = co_await lag_.histogram();
  now.process = read_process_numbers();
  co_return metrics_text(now);
}

}  // namespace orbweaver
