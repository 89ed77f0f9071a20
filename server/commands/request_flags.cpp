#include "server/commands/request_flags.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "server/api/crawl_request.hpp"
#include "server/api/json_document.hpp"

namespace orbweaver {
namespace {

using nlohmann::json;

std::string help_of(const request_field& field) {
  std::string out(field.help);
  if (!field.words.empty()) out += " One of: " + listed(field.words) + '.';
  // Of pages and links the sentence speaks anyway.
  const std::string unit =
      field.unit == "seconds" || field.unit == "bytes" ? std::string(field.unit) + "; " : "";
  return out + " (" + unit + "default: " + std::string(field.fallback) + ")";
}

std::string_view placeholder_of(field_type type) {
  switch (type) {
    case field_type::whole_number:
    case field_type::number: return "N";
    case field_type::word: return "WORD";
    case field_type::words: return "WORD,...";
    case field_type::text_map: return "NAME=VALUE";
    case field_type::rules: return "NAME=PATTERN|NAME=JSON";
    case field_type::credentials: return "USER:PASSWORD";
    case field_type::webhook:
    case field_type::boolean:
    case field_type::text:
    case field_type::texts: break;
  }
  return "TEXT";
}

// Text that is no number stays text, and is refused for being that.
json number_or_text(const std::string& text) {
  const json value = json::parse(text, nullptr, false);
  return value.is_number() ? value : json(text);
}

json list_of_words(const std::string& text) {
  json out = json::array();
  if (text == "none") return out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// "Name: value" and "name=value"; the first of either mark ends the name.
std::size_t end_of_name(const std::string& text) {
  return std::min(text.find_first_of(":="), text.size());
}

// The names that stand in more than one of these; a JSON object would hold the last alone.
std::set<std::string> names_given_twice(const std::vector<std::string>& texts) {
  std::set<std::string> once, twice;
  for (const std::string& text : texts) {
    std::string name = text.substr(0, end_of_name(text));
    if (!once.insert(name).second) twice.insert(std::move(name));
  }
  return twice;
}

json map_of(const std::vector<std::string>& texts) {
  json out = json::object();
  for (const std::string& text : texts) {
    const std::size_t mark = end_of_name(text);
    const std::size_t value = std::min(text.find_first_not_of(" \t", mark + 1), text.size());
    out[text.substr(0, mark)] = mark == text.size() ? "" : text.substr(value);
  }
  return out;
}

// RFC 6901 section 4.
std::string unescaped(std::string_view pointer) {
  std::string out;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const std::string_view two = pointer.substr(i, 2);
    const bool escape = two == "~0" || two == "~1";
    out += two == "~0" ? '~' : two == "~1" ? '/' : pointer[i];
    i += escape ? 1 : 0;
  }
  return out;
}

// A value that begins as a JSON object does is a rule as a request has it; any other is the rule's
// pattern.
bool is_written_as_json(std::string_view value) { return value.starts_with('{'); }

json rules_of(const std::vector<std::string>& texts) {
  const json given = map_of(texts);
  json out = json::object();
  for (const auto& [name, value] : given.items()) {
    const auto& text = value.get_ref<const std::string&>();
    json rule = {{"regex", text}};
    if (is_written_as_json(text)) rule = json::parse(text, nullptr, false);
    if (!rule.is_discarded()) out[name] = std::move(rule);
  }
  return out;
}

// What is lost where a rule's JSON is broken or gives a key twice: the first thing of each rule.
std::vector<std::string> mistakes_in_rules(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  const json given = map_of(texts);
  for (const auto& [name, value] : given.items()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!is_written_as_json(text)) continue;
    const json_document rule = parse_json(text);
    if (rule.errors.empty()) continue;
    const request_error& first = rule.errors.front();
    out.push_back(name + unescaped(first.pointer) + ' ' + first.detail);
    if (!rule.value) out.back() += "; a pattern that begins with { is written \\{";
  }
  return out;
}

json credentials_of(const std::string& text) {
  const std::size_t mark = std::min(text.find(':'), text.size());
  return {{"username", text.substr(0, mark)},
          {"password", mark == text.size() ? "" : text.substr(mark + 1)}};
}

json value_of(const request_field& field, const std::vector<std::string>& texts) {
  const std::string& last = texts.back();
  switch (field.type) {
    case field_type::whole_number:
    case field_type::number: return number_or_text(last);
    case field_type::boolean:
      return last == "true" ? json(true) : last == "false" ? json(false) : json(last);
    case field_type::words: return list_of_words(last);
    case field_type::texts: return texts;
    case field_type::text_map: return map_of(texts);
    case field_type::rules: return rules_of(texts);
    case field_type::credentials: return credentials_of(last);
    case field_type::webhook:
    case field_type::text:
    case field_type::word: break;
  }
  return last;
}

}  // namespace

request_flags::request_flags(CLI::App& command, field_use use) : use_(use) {
  for (const request_field& field : request_fields()) {
    if (field.flag.empty() || !used_by(field, use)) continue;
    given& here = given_.emplace_back(given{&field, {}});
    const std::string flag = "--" + std::string(field.flag);
    CLI::Option* option = nullptr;
    if (field.type == field_type::boolean) {
      option = command.add_flag_function(
          flag + ",!--no-" + std::string(field.flag), [](std::int64_t) {}, help_of(field));
      option->each([&here](const std::string& value) { here.texts.push_back(value); });
    } else {
      option = command.add_option(flag, here.texts, help_of(field));
      option->expected(1)->take_all()->allow_extra_args(false);
      option->type_name(std::string(placeholder_of(field.type)));
    }
    option->group("Request");
  }
}

request_flags::written request_flags::write(const std::vector<std::string>& urls) const {
  json request = json::object();
  written out;
  for (const given& g : given_) {
    if (g.texts.empty()) continue;
    const std::string flag = "--" + std::string(g.field->flag) + ' ';
    request[std::string(g.field->name)] = value_of(*g.field, g.texts);
    if (g.field->type == field_type::rules)
      for (const std::string& wrong : mistakes_in_rules(g.texts))
        out.mistakes.push_back(flag + wrong);
    if (g.field->type != field_type::text_map && g.field->type != field_type::rules) continue;
    for (const std::string& name : names_given_twice(g.texts))
      out.mistakes.push_back(flag + name + " is given twice");
  }
  if (use_ == field_use::fetch) {
    request["url"] = urls.front();
  } else {
    request["urls"] = urls;
  }
  // Bytes of the command line need not be UTF-8; what JSON cannot hold is replaced.
  out.json = request.dump(-1, ' ', false, json::error_handler_t::replace);
  return out;
}

bool request_flags::empty() const noexcept {
  return std::ranges::all_of(given_, [](const given& g) { return g.texts.empty(); });
}

std::variant<crawl_spec, std::vector<std::string>> request_flags::read(
    const std::vector<std::string>& urls) const {
  auto [request, lines] = write(urls);
  parsed_request parsed =
      use_ == field_use::fetch ? parse_fetch_request(request) : parse_crawl_request(request);
  if (auto* errors = std::get_if<std::vector<request_error>>(&parsed))
    for (const request_error& e : *errors)
      lines.push_back(place_on_command_line(e.pointer, urls) + ' ' + e.detail);
  if (!lines.empty()) return lines;
  return std::get<crawl_spec>(std::move(parsed));
}

std::string place_on_command_line(std::string_view pointer, const std::vector<std::string>& urls) {
  const std::string_view rest = pointer.substr(std::min<std::size_t>(1, pointer.size()));
  const std::string_view name = rest.substr(0, rest.find('/'));
  if (name == "url" && !urls.empty()) return "\"" + urls.front() + "\"";
  if (name == "urls") {
    const std::string_view index(rest.substr(std::min(name.size() + 1, rest.size())));
    std::size_t at = 0;
    const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), at);
    const bool known = error == std::errc() && end == index.data() + index.size();
    return known && at < urls.size() ? "\"" + urls[at] + "\"" : "URL";
  }
  const request_field* field = find_request_field(name);
  if (!field || field->flag.empty()) return std::string(pointer);
  const std::string flag = "--" + std::string(field->flag);
  const bool named = field->type == field_type::text_map || field->type == field_type::rules;
  return named && name.size() < rest.size() ? flag + ' ' + unescaped(rest.substr(name.size() + 1))
                                            : flag;
}

}  // namespace orbweaver
