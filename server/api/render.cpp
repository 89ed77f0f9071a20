#include "server/api/render.hpp"

#include <nlohmann/json.hpp>

#include "common/rfc3339.hpp"
#include "server/api/crawl_request.hpp"

namespace orbweaver {
namespace {

using nlohmann::ordered_json;

ordered_json time_or_null(const std::optional<wall_clock::time_point>& time) {
  if (!time) return nullptr;
  return to_rfc3339(*time);
}

ordered_json counts_as_json(const crawl_counts& c) {
  return {{"discovered", c.discovered},   {"queued", c.queued},
          {"inFlight", c.in_flight},      {"fetched", c.fetched},
          {"failed", c.failed},           {"skipped", c.skipped},
          {"duplicates", c.duplicates},   {"bytesOnWire", c.bytes_on_wire},
          {"bytesStored", c.bytes_stored}};
}

ordered_json links_as_json(const crawl_status& status) {
  const std::string self = "/v1/crawls/" + status.id.to_string();
  ordered_json links{{"self", self},
                     {"results", self + "/results"},
                     {"urls", self + "/urls"},
                     {"events", self + "/events"},
                     {"statistics", self + "/statistics"}};
  for (const std::string_view action : available_actions(status.state))
    if (action != "delete") links[std::string(action)] = self + "/" + std::string(action);
  return links;
}

ordered_json warnings_as_json(const crawl_status& status, std::size_t seeds) {
  ordered_json out(status.warnings);
  const std::size_t given = status.request->urls.size();
  if (given > seeds)
    out.push_back("request.urls shows the first " + std::to_string(seeds) + " of " +
                  std::to_string(given) + " seeds");
  return out;
}

}  // namespace

std::vector<std::string_view> available_actions(crawl_state state) {
  switch (state) {
    case crawl_state::queued:
    case crawl_state::running: return {"pause", "cancel", "delete"};
    case crawl_state::pausing:
    case crawl_state::paused: return {"resume", "cancel", "delete"};
    case crawl_state::completed:
    case crawl_state::cancelled:
    case crawl_state::failed: break;
  }
  return {"delete"};
}

nlohmann::ordered_json status_as_json(const crawl_status& s, std::size_t seeds) {
  ordered_json by_status = ordered_json::object();
  for (const auto& [code, n] : s.by_status) by_status[std::to_string(code)] = n;
  ordered_json by_outcome = ordered_json::object();
  for (const auto& [code, n] : s.by_outcome) by_outcome[std::string(name(code))] = n;
  const std::string_view reason = name(s.reason);
  return {
      {"id", s.id.to_string()},
      {"name", s.request->name.empty() ? ordered_json(nullptr) : ordered_json(s.request->name)},
      {"labels", s.request->labels},
      {"state", name(s.state)},
      {"finishReason", reason.empty() ? ordered_json(nullptr) : ordered_json(reason)},
      {"createdAt", to_rfc3339(s.created_at)},
      {"startedAt", time_or_null(s.started_at)},
      {"finishedAt", time_or_null(s.finished_at)},
      {"request", request_as_json(*s.request, seeds)},
      {"counts", counts_as_json(s.counts)},
      {"rates", {{"pagesPerSecond", s.pages_per_second}, {"bytesPerSecond", s.bytes_per_second}}},
      {"progress", s.progress ? ordered_json(*s.progress) : ordered_json(nullptr)},
      {"etaSeconds", s.eta ? ordered_json(s.eta->count()) : ordered_json(nullptr)},
      {"byStatus", std::move(by_status)},
      {"byOutcome", std::move(by_outcome)},
      {"availableActions", available_actions(s.state)},
      {"warnings", warnings_as_json(s, seeds)},
      {"links", links_as_json(s)},
  };
}

nlohmann::ordered_json progress_as_json(const crawl_status& status) {
  const ordered_json all = status_as_json(status, 0);
  ordered_json out;
  for (const char* name : {"counts", "rates", "progress", "etaSeconds", "byStatus", "byOutcome"})
    out[name] = all.at(name);
  return out;
}

}  // namespace orbweaver
