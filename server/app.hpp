#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "common/config/settings.hpp"
#include "common/error.hpp"
#include "common/net/tls_server.hpp"
#include "server/api/access.hpp"
#include "server/api/rest_api.hpp"
#include "server/auth/key_ring.hpp"
#include "server/auth/usage_keeper.hpp"
#include "server/crawl_runtime.hpp"
#include "server/heap_trim.hpp"
#include "server/http/listener.hpp"
#include "server/http/router.hpp"
#include "server/metrics/loop_lag.hpp"
#include "server/retention.hpp"
#include "server/webhooks/webhooks.hpp"

namespace orbweaver {

class certificate_refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The service: everything that crawls, and the API in front of it.
class app {
 public:
  // Throws keys_refused when its API keys cannot be read, certificate_refused when its certificate
  // cannot be used, store_refused when the store cannot be opened.
  explicit app(const settings& with);
  // Stops at once if nobody has stopped it.
  ~app();
  app(const app&) = delete;
  app& operator=(const app&) = delete;

  // Takes up the crawls of an earlier start. Answers where it listens. Called once.
  result<asio::ip::tcp::endpoint> start();

  // Refuses new work, lets fetches in flight end within `grace`, and then requests at work within
  // a second; whatever has not ended by then is cut off. Until the fetches have ended, the API
  // answers as before. Blocks; on a thread of the caller's. A second call does nothing.
  void stop(clock::duration grace);

  // Whether callers need a key; without any, it must not be reachable from elsewhere.
  bool asks_for_keys() { return keys_.current(clock::now()) != nullptr; }

 private:
  // What GET /metrics answers.
  task<std::string> metrics();

  const std::filesystem::path data_dir_;
  asio::ip::tcp::endpoint listen_;
  std::unique_ptr<tls_server> tls_;
  key_ring keys_;
  access_control access_;
  crawl_runtime runtime_;
  usage_keeper usage_;
  webhooks webhooks_;
  loop_lag lag_;
  heap_trim heap_;
  rest_api api_;
  router routes_;
  http_listener listener_;
  retention retention_;
  bool running_ = false;
};

}  // namespace orbweaver
