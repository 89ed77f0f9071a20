#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "common/url/url.hpp"
#include "crawler/export/json_text.hpp"
#include "crawler/robots/robots.hpp"
#include "server/commands/inspect.hpp"
#include "server/commands/inspect_input.hpp"
#include "server/commands/inspect_text.hpp"

namespace orbweaver {
namespace {

// A URL, or a path on the host whose robots.txt it is. Answers why it is neither.
std::string_view read_target(std::string_view text, url& out) {
  const std::string path_of_any_host = "http://localhost" + std::string(text);
  url_error why = url_error::none;
  const bool good = out.assign(text.starts_with('/') ? path_of_any_host : text, nullptr, &why);
  return good ? std::string_view() : message(why);
}

void append_answer(std::string& out, const robots_rules& rules, const robots_verdict& verdict) {
  out += verdict.allowed ? "{\"allowed\":true" : "{\"allowed\":false";
  out += ",\"line\":";
  if (verdict.line != 0)
    append_json_number(out, verdict.line);
  else
    out += "null";
  out += ",\"rule\":";
  if (verdict.line != 0)
    append_json_string(out, verdict.rule());
  else
    out += "null";
  out += ",\"crawlDelay\":";
  if (rules.crawl_delay())
    append_json_seconds(out, rules.crawl_delay()->count());
  else
    out += "null";
  out += ",\"sitemaps\":[";
  for (const std::string& sitemap : rules.sitemaps()) {
    if (&sitemap != rules.sitemaps().data()) out += ',';
    append_json_string(out, sitemap);
  }
  out += ']';
  if (verdict.undecided()) {
    out += ",\"reason\":";
    append_json_string(out, verdict.reason());
  }
  if (rules.crawl_delay_clamped()) out += ",\"crawlDelayClamped\":true";
  if (rules.truncated()) out += ",\"truncated\":true";
  out += '}';
}

std::string seconds_text(const robots_rules& rules) {
  std::string out;
  append_json_seconds(out, rules.crawl_delay()->count());
  out += " s between two fetches";
  if (rules.crawl_delay_clamped()) out += " (the file asks for more)";
  return out;
}

// "allowed      https://h/a  (line 3: Allow: /a)"
bool append_verdict(std::string& out, const robots_rules& rules, const std::string& address) {
  url target;
  if (const std::string_view why_not = read_target(address, target); !why_not.empty()) {
    append_row(out, "no URL", address + "  (" + std::string(why_not) + ')');
    return false;
  }
  const robots_verdict verdict = rules.check(target.request_target());
  append_row(out, verdict.allowed ? "allowed" : "disallowed",
             address + "  (" + verdict.reason() + ')');
  return verdict.allowed;
}

}  // namespace

bool inspect_robots(std::string_view line, std::string& out) {
  std::array fields{input_field{"robots"}, input_field{"agent"}, input_field{"url"}};
  if (const std::string wrong = read_input(line, fields); !wrong.empty())
    return append_error(out, wrong);
  url target;
  if (const std::string_view why_not = read_target(*fields[2].value, target); !why_not.empty())
    return append_error(out, "\"url\": " + std::string(why_not));
  const robots_rules rules = parse_robots(*fields[0].value, product_token(*fields[1].value));
  append_answer(out, rules, rules.check(target.request_target()));
  return true;
}

explanation explain_robots(std::string_view robots, std::string_view agent,
                           const std::vector<std::string>& urls) {
  const std::string_view token = product_token(agent);
  const robots_rules rules = parse_robots(robots, token);
  explanation out;
  append_row(out.text, "agent", token.empty() ? "any" : token);
  append_row(out.text, "rules",
             std::to_string(rules.size()) +
                 (rules.names_agent() ? ", of the agent's own group" : ", of the group for all"));
  if (rules.crawl_delay()) append_row(out.text, "crawl-delay", seconds_text(rules));
  for (const std::string& sitemap : rules.sitemaps()) append_row(out.text, "sitemap", sitemap);
  if (rules.truncated()) append_row(out.text, "note", "the file is too long to be read whole");
  for (const std::string& address : urls)
    out.good = append_verdict(out.text, rules, address) && out.good;
  return out;
}

inspect_run add_robots_arguments(CLI::App& command) {
  struct arguments {
    std::string file, agent = "*";
    std::vector<std::string> urls;
  };
  auto given = std::make_shared<arguments>();
  CLI::Option* file =
      command.add_option("FILE", given->file, "The robots.txt; '-' is standard input");
  command.add_option("URL", given->urls, "URLs, or paths that begin with '/'");
  command.add_option("--agent", given->agent,
                     "Who asks: a product token, or a whole User-Agent. Default: anybody");
  return [given, file] {
    if (!*file) throw CLI::RequiredError("FILE");
    return explain_robots(read_source(given->file), given->agent, given->urls);
  };
}

}  // namespace orbweaver
