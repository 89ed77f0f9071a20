#include "server/commands/crawl_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "common/rfc3339.hpp"
#include "server/commands/inspect_text.hpp"
#include "server/commands/progress_line.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

const json& member(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto it = object.find(name);
  return it == object.end() ? nothing : *it;
}

std::string text_in(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? printable(value.get_ref<const std::string&>()) : std::string();
}
double number_in(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_number() ? value.get<double>() : 0;
}
std::uint64_t count_in(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}
std::vector<std::string> texts_in(const json& object, const char* name) {
  std::vector<std::string> out;
  for (const json& value : member(object, name))
    if (value.is_string()) out.push_back(printable(value.get_ref<const std::string&>()));
  return out;
}

finish_reason reason_in(std::string_view text) {
  using enum finish_reason;
  for (const finish_reason one : {exhausted, limit, duration, bytes, cancelled, error})
    if (name(one) == text) return one;
  return none;
}

crawl_counts counts_in(const json& object) {
  return {.discovered = count_in(object, "discovered"),
          .queued = count_in(object, "queued"),
          .in_flight = count_in(object, "inFlight"),
          .fetched = count_in(object, "fetched"),
          .failed = count_in(object, "failed"),
          .skipped = count_in(object, "skipped"),
          .duplicates = count_in(object, "duplicates"),
          .bytes_on_wire = count_in(object, "bytesOnWire"),
          .bytes_stored = count_in(object, "bytesStored")};
}

void read_tallies(const json& object, crawl_status& to) {
  for (const auto& [key, n] : member(object, "byStatus").items()) {
    std::uint16_t status = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), status);
    if (error == std::errc() && end == key.data() + key.size() && n.is_number_unsigned())
      to.by_status[status] = n;
  }
  for (const auto& [key, n] : member(object, "byOutcome").items())
    if (n.is_number_unsigned())
      to.by_outcome[outcome_from_name(key).value_or(outcome::unknown)] += n.get<std::uint64_t>();
}

crawl_status status_in(const json& object) {
  crawl_status out;
  out.state = crawl_state_from_name(text_in(object, "state")).value_or(crawl_state::queued);
  out.reason = reason_in(text_in(object, "finishReason"));
  out.started_at = from_rfc3339(text_in(object, "startedAt"));
  out.finished_at = from_rfc3339(text_in(object, "finishedAt"));
  out.counts = counts_in(member(object, "counts"));
  out.pages_per_second = number_in(member(object, "rates"), "pagesPerSecond");
  out.bytes_per_second = number_in(member(object, "rates"), "bytesPerSecond");
  if (member(object, "progress").is_number())
    out.progress = std::clamp(number_in(object, "progress"), 0.0, 1.0);
  if (member(object, "etaSeconds").is_number())
    out.eta = seconds_f(number_in(object, "etaSeconds"));
  read_tallies(object, out);
  out.warnings = texts_in(object, "warnings");
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// At most so many seeds are shown.
constexpr std::size_t shown_seeds = 5;

std::string counts_text(const crawl_counts& c) {
  std::string out = std::to_string(c.fetched) + " fetched";
  for (const auto& [n, what] : {std::pair{c.failed, "failed"},
                                {c.skipped, "skipped"},
                                {c.queued, "queued"},
                                {c.in_flight, "in flight"}})
    if (n != 0) out += ", " + std::to_string(n) + ' ' + what;
  return out;
}

}  // namespace

std::optional<crawl_view> view_of(const json& object) {
  if (!object.is_object() || text_in(object, "id").empty()) return std::nullopt;
  crawl_view out;
  out.id = text_in(object, "id");
  out.name = text_in(object, "name");
  const json& labels = member(object, "labels");
  if (labels.is_object())
    for (const auto& [name, value] : labels.items())
      out.labels.push_back(printable(name) + '=' + text_in(labels, name.c_str()));
  out.seeds = texts_in(member(object, "request"), "urls");
  out.actions = texts_in(object, "availableActions");
  out.created_at = text_in(object, "createdAt");
  out.started_at = text_in(object, "startedAt");
  out.finished_at = text_in(object, "finishedAt");
  out.status = status_in(object);
  return out;
}

std::optional<crawl_view> parse_view(std::string_view text) {
  return view_of(json::parse(text, nullptr, false));
}

std::string described(const crawl_view& crawl) {
  const crawl_status& s = crawl.status;
  std::string out;
  const auto line = [&](std::string_view what, const std::string& value) {
    if (!value.empty()) append_row(out, what, value);
  };
  line("crawl", crawl.id);
  line("name", crawl.name);
  line("labels", joined(crawl.labels));
  for (std::size_t i = 0; i < std::min(shown_seeds, crawl.seeds.size()); ++i)
    line(i == 0 ? "seeds" : "", crawl.seeds[i]);
  line("created", crawl.created_at);
  line("started", crawl.started_at);
  line("finished", crawl.finished_at);
  line("state", std::string(name(s.state)));
  line("pages", counts_text(s.counts));
  line("received", readable_bytes(s.counts.bytes_on_wire));
  line("actions", joined(crawl.actions));
  if (is_final(s.state)) return out + crawl_summary(s);
  return out + progress_line(s, 80) + '\n';
}

namespace {

std::string row(const std::array<std::string, 6>& cells, const std::string& last) {
  std::array<char, 160> text;
  const int n =
      std::snprintf(text.data(), text.size(), "%-26.26s  %-9.9s  %9.9s  %9.9s  %9.9s  %-20.20s  ",
                    cells[0].c_str(), cells[1].c_str(), cells[2].c_str(), cells[3].c_str(),
                    cells[4].c_str(), cells[5].c_str());
  return std::string(text.data(), static_cast<std::size_t>(n)) + last + '\n';
}

}  // namespace

std::string table_header() {
  return row({"ID", "STATE", "PAGES", "QUEUED", "FAILED", "CREATED"}, "NAME OR FIRST SEED");
}

std::string table_line(const crawl_view& crawl) {
  const crawl_counts& c = crawl.status.counts;
  // Without the fraction of its second.
  std::string created = crawl.created_at.substr(0, crawl.created_at.find('.'));
  if (created.size() < crawl.created_at.size()) created += 'Z';
  const std::string last = !crawl.name.empty()   ? crawl.name
                           : crawl.seeds.empty() ? std::string()
                                                 : crawl.seeds.front();
  return row({crawl.id, std::string(name(crawl.status.state)), std::to_string(c.fetched),
              std::to_string(c.queued + c.in_flight), std::to_string(c.failed), created},
             last);
}

}  // namespace orbweaver
