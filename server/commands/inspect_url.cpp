#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "common/net/bad_ports.hpp"
#include "common/url/canonical.hpp"
#include "common/url/site.hpp"
#include "common/url/url.hpp"
#include "common/url/wire_target.hpp"
#include "crawler/export/json_text.hpp"
#include "server/commands/inspect.hpp"
#include "server/commands/inspect_input.hpp"
#include "server/commands/inspect_text.hpp"

namespace orbweaver {
namespace {

struct url_part {
  std::string_view name;
  std::string_view (url::*get)() const noexcept;
};
// In the order and by the names of the URL API (URL Standard, section 6.1).
constexpr std::array<url_part, 10> url_parts{{{"href", &url::href},
                                              {"protocol", &url::protocol},
                                              {"username", &url::username},
                                              {"password", &url::password},
                                              {"host", &url::host},
                                              {"hostname", &url::hostname},
                                              {"port", &url::port},
                                              {"pathname", &url::pathname},
                                              {"search", &url::search},
                                              {"hash", &url::hash}}};

// new URL(input, base), section 6.1. Answers why it is none.
std::string construct(std::string_view input, std::optional<std::string_view> base, url& out) {
  thread_local url base_url;
  url_error why = url_error::none;
  if (base && !base_url.assign(*base, nullptr, &why))
    return "The base is no URL: " + std::string(message(why));
  return out.assign(input, base ? &base_url : nullptr, &why) ? "" : std::string(message(why));
}

void append_parts(std::string& out, const url& u) {
  char before = '{';
  for (const url_part& part : url_parts) {
    out.append(1, before).append(1, '"').append(part.name).append("\":");
    append_json_string(out, (u.*part.get)());
    before = ',';
  }
  out += '}';
}

std::string port_in_words(const url& u) {
  std::string out = std::to_string(u.effective_port());
  if (u.port().empty()) out += " (the scheme's own)";
  if (is_bad_port(u.effective_port())) out += ", refused: it belongs to another protocol";
  return out;
}

void append_view_of_crawler(std::string& out, const url& u) {
  out += "\nThe crawler\n";
  if (!u.is_http()) {
    append_row(out, "fetches", "nothing: it speaks http and https only");
    return;
  }
  std::string scratch;
  append_row(out, "asks for", wire_target(u, scratch));
  append_row(out, "at port", port_in_words(u));
  append_row(out, "of site", registrable_domain(u.hostname()));
  append_row(out, "knows it as", canonicalizer().key(u, scratch));
}

}  // namespace

bool inspect_url(std::string_view line, std::string& out) {
  std::array fields{input_field{"input"}, input_field{"base", false}};
  if (const std::string wrong = read_input(line, fields); !wrong.empty())
    return append_error(out, wrong);
  thread_local url parsed;
  const std::string why_not = construct(*fields[0].value, fields[1].value, parsed);
  if (why_not.empty()) {
    append_parts(out, parsed);
    return true;
  }
  out += "{\"failure\":true,\"reason\":";
  append_json_string(out, why_not);
  out += '}';
  return true;
}

explanation explain_url(std::string_view input, std::optional<std::string_view> base) {
  url parsed;
  const std::string why_not = construct(input, base, parsed);
  if (!why_not.empty()) return {why_not + '\n', false};
  explanation out;
  for (const url_part& part : url_parts) append_row(out.text, part.name, (parsed.*part.get)());
  append_view_of_crawler(out.text, parsed);
  return out;
}

inspect_run add_url_arguments(CLI::App& command) {
  struct arguments {
    std::string input, base;
  };
  auto given = std::make_shared<arguments>();
  CLI::Option* input = command.add_option("URL", given->input, "What is to be a URL");
  CLI::Option* base =
      command.add_option("--base", given->base, "The URL that URL is relative to. Default: none");
  return [given, input, base] {
    if (!*input) throw CLI::RequiredError("URL");
    return explain_url(given->input,
                       *base ? std::optional<std::string_view>(given->base) : std::nullopt);
  };
}

}  // namespace orbweaver
