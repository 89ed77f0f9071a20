#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/log_line.hpp"
#include "common/net/ip_network.hpp"

namespace orbweaver {

// Where crawls are kept: on disk, to outlive the process, or in memory.
enum class store_kind : std::uint8_t { rocksdb, memory };

// Everything an operator decides, as config_options() describes it. The values here are only
// placeholders: the defaults stand in that table.
struct settings {
  asio::ip::tcp::endpoint listen;
  std::string tls_cert, tls_key;          // PEM files; both empty: the API speaks plain HTTP
  std::vector<std::string> cors_origins;  // whose pages may call the API
  std::uint32_t threads = 1;
  log_level level = log_level::info;
  log_format format = log_format::text;
  std::string user_agent;
  std::uint32_t max_concurrency = 1;
  std::uint32_t max_connections = 1;
  std::uint32_t max_crawls = 1;
  std::vector<ip_network> allow_net;
  std::vector<asio::ip::udp::endpoint> dns_servers;  // none: those of /etc/resolv.conf
  std::string ca_file;                               // empty: the system's authorities
  std::uint64_t max_body_size = 0;                   // bytes
  std::uint64_t max_page_size = 0;                   // bytes
  store_kind store = store_kind::memory;
  std::string data_dir;
  std::uint64_t memory_budget = 0;  // bytes, of the whole service
  std::uint64_t min_free_disk = 0;  // bytes
  std::uint32_t retain_days = 0;    // crawls that are over; 0: for ever
  std::uint64_t retain_bytes = 0;   // of these, likewise
  std::string webhook_secret;       // empty: requests bring their own
  std::chrono::milliseconds drain_timeout{0};
};

// What some defaults and limits depend on.
struct machine {
  std::uint32_t cores = 1;
  std::uint64_t open_files = 1024;  // file descriptors the process may have open

  // This one. Raises the process's soft limit of open files to the hard one first, for a crawler
  // has one open per connection and the usual soft limit of 1,024 is a compatibility default.
  static machine here();
};

}  // namespace orbweaver
