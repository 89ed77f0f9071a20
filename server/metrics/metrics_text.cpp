#include "server/metrics/metrics_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "common/version.hpp"

namespace orbweaver {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

MetricFamily& family(std::vector<MetricFamily>& out, MetricType type, std::string name,
                     std::string help) {
  MetricFamily& one = out.emplace_back();
  one.name = std::move(name);
  one.help = std::move(help);
  one.type = type;
  return one;
}

void put(MetricFamily& to, double value, labels with = {}) {
  ClientMetric& metric = to.metric.emplace_back();
  metric.label = std::move(with);
  (to.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
}

void put(MetricFamily& to, const latency_histogram& histogram, labels with = {}) {
  ClientMetric& metric = to.metric.emplace_back();
  metric.label = std::move(with);
  metric.histogram.sample_count = histogram.count;
  metric.histogram.sample_sum = histogram.sum;
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    so_far += histogram.buckets[i];
    const double bound =
        i < latency_bounds.size() ? latency_bounds[i] : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({so_far, bound});
  }
}

// Fills the list of families with one number each, and those with labels.
struct writer {
  std::vector<MetricFamily> out;

  void gauge(std::string name, std::string help, double value) {
    put(family(out, MetricType::Gauge, std::move(name), std::move(help)), value);
  }
  void counter(std::string name, std::string help, double value) {
    put(family(out, MetricType::Counter, std::move(name), std::move(help)), value);
  }
  void histogram(std::string name, std::string help, const latency_histogram& value) {
    put(family(out, MetricType::Histogram, std::move(name), std::move(help)), value);
  }
};

template <class Number>
double real(Number n) {
  return static_cast<double>(n);
}

void add_crawls(writer& w, const engine_load& load) {
  MetricFamily& crawls = family(w.out, MetricType::Gauge, "orbweaver_crawls",
                                "Crawls that are not over, by their state.");
  for (const auto state :
       {crawl_state::queued, crawl_state::running, crawl_state::pausing, crawl_state::paused})
    put(crawls, real(load.by_state[static_cast<std::size_t>(state)]),
        {{"state", std::string(name(state))}});
  w.gauge("orbweaver_urls_queued", "URLs that wait for their fetch.", real(load.queued));
  w.gauge("orbweaver_fetches_in_flight", "Fetches under way.", real(load.in_flight));
  w.gauge("orbweaver_hosts", "Hosts with URLs to fetch, or asked so lately that they must wait.",
          real(load.hosts));
  MetricFamily& connections =
      family(w.out, MetricType::Gauge, "orbweaver_connections", "Connections to crawled sites.");
  put(connections, real(load.idle_connections), {{"state", "idle"}});
  put(connections, real(load.connections - load.idle_connections), {{"state", "busy"}});
}

// Every outcome has its line from the start, so that a rate can be told from the first one on.
void add_fetches(writer& w, const service_numbers& n) {
  MetricFamily& pages = family(w.out, MetricType::Counter, "orbweaver_pages_total",
                               "Pages whose turn came and that have ended, by their outcome.");
  for (const outcome_info& row : outcome_table())
    put(pages, real(n.totals.pages[static_cast<std::uint8_t>(row.code)]),
        {{"outcome", std::string(row.name)}});
  w.counter("orbweaver_fetches_total",
            "Requests that ended: robots.txt, sitemaps, redirects and retries, too.",
            real(n.totals.fetches));
  w.counter("orbweaver_retries_total", "Pages put off for another attempt.",
            real(n.totals.retries));
  w.counter("orbweaver_received_bytes_total", "Bytes that sites have sent.",
            real(n.totals.bytes_on_wire));
  MetricFamily& phases = family(w.out, MetricType::Histogram, "orbweaver_fetch_seconds",
                                "How long the phases of requests took.");
  constexpr std::array<const char*, fetch_phases> names{"dns", "connect", "tls", "first_byte",
                                                        "total"};
  for (std::size_t i = 0; i < fetch_phases; ++i)
    put(phases, n.totals.latency[i], {{"phase", names[i]}});
  w.gauge("orbweaver_body_bytes", "Memory of the bodies that are being read.", real(n.body_bytes));
}

void add_names(writer& w, const resolver::counts& names) {
  w.counter("orbweaver_dns_lookups_total", "Names asked of DNS.", real(names.lookups));
  w.counter("orbweaver_dns_cache_hits_total", "Names found in the cache.", real(names.cache_hits));
  w.counter("orbweaver_dns_failures_total", "Look-ups that ended without an address.",
            real(names.failures));
}

void add_store(writer& w, const service_numbers& n) {
  w.counter("orbweaver_store_groups_total", "Groups of commits, each written and synced at once.",
            real(n.store.groups));
  w.counter("orbweaver_store_written_bytes_total", "Bytes of these groups.",
            real(n.store.bytes_written));
  w.histogram("orbweaver_store_write_seconds", "How long it took until a group was durable.",
              n.store.write_time);
  w.gauge("orbweaver_store_waiting_bytes", "Bytes that wait to be written.",
          real(n.store.bytes_waiting));
  w.gauge("orbweaver_store_disk_bytes", "The size of the store's files.", real(n.store.disk_bytes));
  w.gauge("orbweaver_store_memory_bytes", "The store's cache, and rows not yet in files.",
          real(n.store.memory_bytes));
  MetricFamily& health = family(w.out, MetricType::Gauge, "orbweaver_store_health",
                                "1 for what the store is like now.");
  constexpr std::array<const char*, 4> names{"well", "congested", "full", "failing"};
  for (std::size_t i = 0; i < names.size(); ++i)
    put(health, i == static_cast<std::size_t>(n.health) ? 1 : 0, {{"state", names[i]}});
}

void add_service(writer& w, const service_numbers& n) {
  MetricFamily& answers = family(w.out, MetricType::Counter, "orbweaver_api_answers_total",
                                 "Answers of the API, by the class of their status.");
  for (std::size_t i = 2; i < n.answers.size(); ++i)
    put(answers, real(n.answers[i]), {{"status", std::to_string(i) + "xx"}});
  w.gauge("orbweaver_api_connections", "Connections of the API's clients.",
          real(n.api_connections));
  MetricFamily& hooks = family(w.out, MetricType::Counter, "orbweaver_webhook_messages_total",
                               "Messages to webhooks, by what became of them.");
  put(hooks, real(n.hooks.delivered), {{"result", "delivered"}});
  put(hooks, real(n.hooks.given_up), {{"result", "given_up"}});
  w.histogram("orbweaver_loop_lag_seconds",
              "How long what was ready had to wait for a thread of the event loop.", n.lag);
  put(family(w.out, MetricType::Gauge, "orbweaver_build_info", "1; the label says which version."),
      1, {{"version", std::string(version)}});
}

// By the names that Prometheus's own libraries give them.
void add_process(writer& w, const process_numbers& p) {
  w.counter("process_cpu_seconds_total", "CPU time spent in user and system mode.", p.cpu_seconds);
  w.gauge("process_resident_memory_bytes", "Memory that is in RAM.", real(p.resident_bytes));
  w.gauge("process_virtual_memory_bytes", "Address space.", real(p.virtual_bytes));
  w.gauge("process_open_fds", "Files that are open.", real(p.open_files));
  w.gauge("process_max_fds", "Files that may be open.", real(p.max_files));
  w.gauge("process_threads", "Threads.", real(p.threads));
  w.gauge("process_start_time_seconds", "When it was started, since 1970.", p.start_seconds);
}

}  // namespace

std::string metrics_text(const service_numbers& n) {
  writer w;
  add_crawls(w, n.load);
  add_fetches(w, n);
  add_names(w, n.names);
  add_store(w, n);
  add_service(w, n);
  if (n.process) add_process(w, *n.process);
  return prometheus::TextSerializer().Serialize(w.out);
}

}  // namespace orbweaver
