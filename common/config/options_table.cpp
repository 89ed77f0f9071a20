#include <algorithm>

#include "common/config/options.hpp"
#include "common/config/values.hpp"
#include "common/version.hpp"

namespace orbweaver {
namespace {

using std::chrono::milliseconds;
using error = std::optional<bad_text>;
using enum option_kind;

constexpr std::uint64_t kib = 1024, gib = kib * kib * kib;  // bytes
constexpr std::uint64_t hour = 3'600'000;                   // milliseconds
constexpr std::size_t max_list_items = 1'000;

template <class To, class From>
error store(To& to, const parsed<From>& from) {
  if (!from) return from.error();
  to = static_cast<To>(*from);
  return std::nullopt;
}

template <auto Member>
error set_count(settings& to, std::string_view text, const config_option& self) {
  return store(to.*Member, parse_count(text, self.least, self.most));
}

template <auto Member>
error set_bytes(settings& to, std::string_view text, const config_option& self) {
  return store(to.*Member, parse_bytes(text, self.least, self.most));
}

template <auto Member>
error set_duration(settings& to, std::string_view text, const config_option& self) {
  return store(to.*Member, parse_duration(text, milliseconds(self.least), milliseconds(self.most)));
}

template <auto Member, auto Read>
error set_text(settings& to, std::string_view text, const config_option&) {
  return store(to.*Member, Read(text));
}

// Adds the comma-separated items of `text`, all or none.
template <auto Member, auto Read>
error add_items(settings& to, std::string_view text, const config_option&) {
  auto items = to.*Member;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view word = text.substr(0, comma);
    const auto item = Read(word);
    if (!item) return refuse("'" + std::string(word) + "': " + item.error().why());
    if (items.size() == max_list_items) {
      return refuse("must have at most " + std::to_string(max_list_items) + " items");
    }
    items.push_back(*item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  to.*Member = std::move(items);
  return std::nullopt;
}

template <auto Member>
void clear_items(settings& to) {
  (to.*Member).clear();
}

parsed<std::string> any_text(std::string_view text) { return std::string(text); }

std::string default_threads(const machine& on) {
  return std::to_string(std::clamp(on.cores, 1u, 64u));
}

// The rest of the open files is for the store, the API's clients and DNS.
std::string default_connections(const machine& on) {
  return std::to_string(std::clamp<std::uint64_t>(on.open_files / 4 * 3, 16, 10'000));
}

std::string default_user_agent(const machine&) { return "Orbweaver/" + std::string(version); }

constexpr config_option table[] = {
    {"listen", "HOST:PORT", text, 0, 0, "127.0.0.1:8080",
     "Where the API listens; port 0 lets the system choose",
     set_text<&settings::listen, parse_listen_address>},
    {"tls-cert", "FILE", text, 0, 0, "",
     "Speak TLS, with the certificate chain in this PEM file; read again when it changes",
     set_text<&settings::tls_cert, any_text>, "none"},
    {"tls-key", "FILE", text, 0, 0, "", "The PEM file with the private key of --tls-cert",
     set_text<&settings::tls_key, any_text>, "none"},
    {"cors-origin", "ORIGIN", list, 0, 0, "",
     "Web origins, such as https://app.example.com, whose pages may call the API",
     add_items<&settings::cors_origins, parse_web_origin>, "none", nullptr,
     clear_items<&settings::cors_origins>},
    {"threads", "N", count, 1, 64, "", "Threads that run the event loop",
     set_count<&settings::threads>, "the number of cores", default_threads},
    {"max-concurrency", "N", count, 1, 100'000, "1000", "Fetches in flight over all crawls",
     set_count<&settings::max_concurrency>},
    {"max-connections", "N", count, 1, 1'000'000, "",
     "Connections to crawled sites, idle ones included", set_count<&settings::max_connections>,
     "three quarters of the files the process may open, at most 10000", default_connections},
    {"max-crawls", "N", count, 1, 1'000'000, "10000", "Unfinished crawls; further ones are refused",
     set_count<&settings::max_crawls>},
    {"user-agent", "TEXT", text, 0, 0, "",
     "The User-Agent sent to sites; robots.txt is matched against its first word",
     set_text<&settings::user_agent, parse_user_agent>, "Orbweaver/ and the version",
     default_user_agent},
    {"allow-net", "CIDR[,CIDR]", list, 0, 0, "",
     "Networks that may be crawled although they are not globally routable",
     add_items<&settings::allow_net, ip_network::parse>, "none", nullptr,
     clear_items<&settings::allow_net>},
    {"dns-server", "IP[:PORT]", list, 0, 0, "", "Name servers to ask, in this order",
     add_items<&settings::dns_servers, parse_name_server>, "those of /etc/resolv.conf", nullptr,
     clear_items<&settings::dns_servers>},
    {"ca-file", "FILE", text, 0, 0, "",
     "Certificate authorities, in PEM, to trust beside the system's",
     set_text<&settings::ca_file, any_text>, "none"},
    {"max-body-size", "SIZE", bytes, kib, gib, "10MiB", "The largest body of an API request",
     set_bytes<&settings::max_body_size>},
    {"max-page-size", "SIZE", bytes, kib, gib, "100MiB",
     "The most of a page that a request to the API may have read (maxBodyBytes)",
     set_bytes<&settings::max_page_size>},
    {"store", "KIND", text, 0, 0, "rocksdb",
     "Where crawls are kept: rocksdb, on disk, or memory, which forgets them at the end",
     set_text<&settings::store, parse_store_kind>},
    {"data-dir", "DIR", text, 0, 0, "./orbweaver-data", "The directory of the store on disk",
     set_text<&settings::data_dir, parse_directory>},
    {"min-free-disk", "SIZE", bytes, 0, 1024 * gib, "256MiB",
     "Less than this left on the disk of --data-dir counts as none: crawls pause until there is "
     "more",
     set_bytes<&settings::min_free_disk>},
    {"memory-budget", "SIZE", bytes, 64 * kib* kib, 1024 * gib, "512MiB",
     "Memory of the whole service: for pages being read (fewer at once when theirs is used up), "
     "for "
     "what crawls have seen and queued, beyond which the store is asked, and for its cache",
     set_bytes<&settings::memory_budget>},
    {"retain-days", "N", count, 0, 36'500, "0",
     "Remove crawls so many days after their end; 0 keeps them", set_count<&settings::retain_days>},
    {"retain-bytes", "SIZE", bytes, 0, 1024 * 1024 * gib, "0",
     "Remove the longest finished crawls when all that are over have stored more; 0 keeps them",
     set_bytes<&settings::retain_bytes>},
    {"webhook-secret", "TEXT", text, 0, 0, "",
     "What webhooks' messages are signed with where a crawl brings no secret of its own",
     set_text<&settings::webhook_secret, parse_webhook_secret>, "none"},
    {"drain-timeout", "TIME", duration, 0, hour, "8s",
     "How long fetches in flight may go on after a request to stop; then answers get a second",
     set_duration<&settings::drain_timeout>},
    {"log-level", "LEVEL", text, 0, 0, "info",
     "The least that is logged to standard error: debug, info, warn, error or off",
     set_text<&settings::level, parse_log_level>},
    {"log-format", "FORMAT", text, 0, 0, "text",
     "How it is logged: text, or json with one object per line",
     set_text<&settings::format, parse_log_format>},
};

}  // namespace

std::span<const config_option> config_options() noexcept { return table; }

}  // namespace orbweaver
