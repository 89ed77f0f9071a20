#include "crawler/export/statistics_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

json hosts_as_json(const std::vector<host_tally>& hosts) {
  json out = json::array();
  for (const host_tally& h : hosts)
    out.push_back({{"host", h.host},
                   {"pages", h.pages},
                   {"failures", h.failures},
                   {"meanSeconds", h.pages == 0 ? 0 : h.seconds / static_cast<double>(h.pages)},
                   {"maxSeconds", h.longest}});
  return out;
}

std::vector<host_tally> hosts_from(const json& in) {
  std::vector<host_tally> out;
  for (const json& one : in) {
    host_tally& h = out.emplace_back();
    one.at("host").get_to(h.host);
    one.at("pages").get_to(h.pages);
    one.at("failures").get_to(h.failures);
    h.seconds = one.at("meanSeconds").get<double>() * static_cast<double>(h.pages);
    one.at("maxSeconds").get_to(h.longest);
  }
  return out;
}

json latency_as_json(const phase_latencies& all) {
  json phases;
  for (std::size_t i = 0; i < fetch_phases; ++i)
    phases[std::string(name(static_cast<fetch_phase>(i)))] = {
        {"count", all[i].count}, {"sum", all[i].sum}, {"buckets", all[i].buckets}};
  return {{"bounds", latency_bounds}, {"phases", std::move(phases)}};
}

// A histogram with other bounds than today's cannot be gone on with.
void read_latency(const json& in, phase_latencies& out) {
  if (in.at("bounds") != json(latency_bounds)) return;
  for (std::size_t i = 0; i < fetch_phases; ++i) {
    const json& one = in.at("phases").at(std::string(name(static_cast<fetch_phase>(i))));
    one.at("count").get_to(out[i].count);
    one.at("sum").get_to(out[i].sum);
    one.at("buckets").get_to(out[i].buckets);
  }
}

// Column by column: so it is shorter, and plots want it so.
json timeline_as_json(const std::vector<timeline_point>& points) {
  json end = json::array(), fetched = json::array(), failed = json::array(), bytes = json::array();
  for (const timeline_point& p : points) {
    end.push_back(p.end);
    fetched.push_back(p.fetched);
    failed.push_back(p.failed);
    bytes.push_back(p.bytes);
  }
  return {{"endSeconds", std::move(end)},
          {"fetched", std::move(fetched)},
          {"failed", std::move(failed)},
          {"bytes", std::move(bytes)}};
}

std::vector<timeline_point> timeline_from(const json& in) {
  std::vector<timeline_point> out(in.at("endSeconds").size());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = {in.at("endSeconds").at(i), in.at("fetched").at(i), in.at("failed").at(i),
              in.at("bytes").at(i)};
  return out;
}

}  // namespace

std::string statistics_as_json(const statistics_snapshot& s) {
  json types = json::array();
  for (const content_type_count& one : s.content_types)
    types.push_back({{"type", one.type}, {"pages", one.pages}});
  const json out{
      {"latency", latency_as_json(s.latency)},
      {"depths", s.depths},
      {"contentTypes", std::move(types)},
      {"hosts", {{"slowest", hosts_as_json(s.slowest)}, {"failing", hosts_as_json(s.failing)}}},
      {"timeline", timeline_as_json(s.timeline)}};
  // A content type may hold any bytes.
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<statistics_snapshot> statistics_from_json(std::string_view text) try {
  const json in = json::parse(text);
  statistics_snapshot out;
  read_latency(in.at("latency"), out.latency);
  const auto depths = in.at("depths").get<std::vector<std::uint64_t>>();
  std::copy_n(depths.begin(), std::min(depths.size(), max_depths), out.depths.begin());
  for (const json& one : in.at("contentTypes"))
    out.content_types.push_back({one.at("type"), one.at("pages")});
  out.slowest = hosts_from(in.at("hosts").at("slowest"));
  out.failing = hosts_from(in.at("hosts").at("failing"));
  out.timeline = timeline_from(in.at("timeline"));
  return out;
} catch (const std::exception&) {  // of the JSON library
  return std::nullopt;
}

}  // namespace orbweaver
