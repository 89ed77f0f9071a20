#include "server/api/field_readers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "common/ascii.hpp"
#include "crawler/fetch/headers.hpp"
#include "crawler/fetch/media_type.hpp"
#include "crawler/fetch/request_headers.hpp"
#include "server/api/crawl_request.hpp"
#include "server/api/json_document.hpp"
#include "server/api/nearest_name.hpp"
#include "server/api/seed_url.hpp"

namespace orbweaver::field_readers {
namespace {

constexpr std::size_t max_quoted = 40;  // bytes of a wrong value repeated to its sender

// The value as it came, for the end of a sentence; containers by their kind alone.
std::string quoted(const json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  std::string out = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (out.size() > max_quoted) out = out.substr(0, max_quoted) + "…";
  return out;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// Whether what this header carries is likely a secret, which no answer repeats.
bool is_secret_header(std::string_view name) {
  constexpr std::array<std::string_view, 6> words{"auth", "cookie",   "token",
                                                  "key",  "password", "secret"};
  const std::string plain = ascii_lowered(name);
  return std::ranges::any_of(
      words, [&](std::string_view w) { return plain.find(w) != std::string::npos; });
}

// Reports a word that is none of the field's, with the one that was likely meant.
void refuse_word(const field_reading& in, std::string_view within, const json& value) {
  std::string detail = "must be one of " + listed(in.field.words) + ", not " + quoted(value);
  // A guess costs microseconds: none for what is not reported.
  if (value.is_string() && in.errors.size() < max_request_errors) {
    const auto near = nearest_name(value.get_ref<const std::string&>(), in.field.words);
    if (!near.empty()) detail += "; did you mean \"" + std::string(near) + "\"?";
  }
  in.refuse(within, std::move(detail));
}

}  // namespace

void refuse_value(const field_reading& in, std::string_view within, const std::string& expected,
                  const json& value) {
  in.refuse(within, "must be " + expected + ", not " + quoted(value));
}

bool right_size(const field_reading& in, const json& value, std::string_view items) {
  const auto size = static_cast<double>(value.size());
  if (size >= in.field.minimum && size <= in.field.maximum) return true;
  in.refuse("", "must hold " + std::to_string(static_cast<std::uint64_t>(in.field.minimum)) +
                    " to " + std::to_string(static_cast<std::uint64_t>(in.field.maximum)) + " " +
                    std::string(items) + ", not " + std::to_string(value.size()));
  return false;
}

std::optional<std::uint64_t> whole_number(const field_reading& in, const json& value) {
  // 10.0 and 1e3 are whole numbers too (JSON Schema says the same).
  if (value.is_number()) {
    const double v = value.get<double>();
    if (v == std::floor(v) && v >= in.field.minimum && v <= in.field.maximum)
      return value.is_number_float() ? static_cast<std::uint64_t>(v) : value.get<std::uint64_t>();
  }
  refuse_value(in, "", expectation(in.field), value);
  return std::nullopt;
}

std::optional<double> number(const field_reading& in, const json& value) {
  if (value.is_number()) {
    const double v = value.get<double>();
    if (v >= in.field.minimum && v <= in.field.maximum) return v;
  }
  refuse_value(in, "", expectation(in.field), value);
  return std::nullopt;
}

std::optional<bool> boolean(const field_reading& in, const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  refuse_value(in, "", expectation(in.field), value);
  return std::nullopt;
}

std::optional<std::string> text(const field_reading& in, const json& value) {
  if (value.is_string()) return value.get<std::string>();
  refuse_value(in, "", "a string", value);
  return std::nullopt;
}

std::optional<std::size_t> word(const field_reading& in, const json& value) {
  if (value.is_string()) {
    const auto it = std::ranges::find(in.field.words, value.get_ref<const std::string&>());
    if (it != in.field.words.end()) return static_cast<std::size_t>(it - in.field.words.begin());
  }
  refuse_word(in, "", value);
  return std::nullopt;
}

std::optional<std::vector<std::string>> texts(const field_reading& in, const json& value,
                                              text_check check) {
  if (!value.is_array()) {
    refuse_value(in, "", expectation(in.field), value);
    return std::nullopt;
  }
  if (!right_size(in, value, "strings")) return std::nullopt;
  std::vector<std::string> out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const json& item = value[i];
    if (!item.is_string()) {
      refuse_value(in, "/" + std::to_string(i), "a string", item);
      continue;
    }
    const auto& s = item.get_ref<const std::string&>();
    if (auto wrong = check(s)) in.refuse("/" + std::to_string(i), std::move(*wrong));
    out.push_back(s);
  }
  return out;
}

void read_labels(const field_reading& in, const json& value) {
  constexpr std::size_t max_key_bytes = 64;
  constexpr std::string_view key_characters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-";
  if (!value.is_object()) return refuse_value(in, "", expectation(in.field), value);
  if (!right_size(in, value, "labels")) return;
  for (const auto& [key, v] : value.items()) {
    const std::string within = child_pointer("", key);
    if (key.empty() || key.size() > max_key_bytes ||
        key.find_first_not_of(key_characters) != std::string::npos) {
      in.refuse(within, "a label's name holds 1 to 64 letters, digits and ._/-");
    } else if (!v.is_string()) {
      refuse_value(in, within, "a string", v);
    } else if (const auto& s = v.get_ref<const std::string&>();
               auto wrong = length_problem(s, max_label_bytes)) {
      in.refuse(within, std::move(*wrong));
    } else if (has_control(s)) {
      in.refuse(within, "must not hold line breaks or other control characters");
    } else {
      in.spec.labels.emplace(key, s);
    }
  }
}

void read_pairs(const field_reading& in, const json& value, std::string_view items,
                std::size_t max_bytes, pair_check why_not, text_pairs& to) {
  if (!value.is_object()) return refuse_value(in, "", expectation(in.field), value);
  if (!right_size(in, value, items)) return;
  std::size_t total = 0;
  for (const auto& [name, v] : value.items()) {
    const std::string within = child_pointer("", name);
    if (!v.is_string()) {
      refuse_value(in, within, "a string", v);
      continue;
    }
    const std::string_view s = trim_whitespace(v.get_ref<const std::string&>());
    if (auto wrong = why_not(name, s)) {
      in.refuse(within, std::move(*wrong));
      continue;
    }
    total += name.size() + s.size();
    to.emplace_back(name, s);
  }
  if (total > max_bytes)
    in.refuse("", "must not hold more than " + std::to_string(max_bytes) + " bytes in all");
}

void read_headers(const field_reading& in, const json& value) {
  constexpr std::size_t max_total_bytes = 16 << 10;
  read_pairs(in, value, "headers", max_total_bytes, why_not, in.spec.headers);
  std::set<std::string> names;  // in lower case: headers' names have none
  for (const auto& [name, text] : in.spec.headers)
    if (!names.insert(ascii_lowered(name)).second)
      in.refuse(child_pointer("", name), "is given twice");
}

void read_credentials(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  if (!value.is_object()) return refuse_value(in, "", expectation(in.field), value);
  http_auth auth;
  for (const auto& [key, v] : value.items()) {
    const std::string within = child_pointer("", key);
    if (key != "username" && key != "password") {
      in.refuse(within, "is not a known field; username and password are");
    } else if (!v.is_string()) {
      in.refuse(within, "must be a string");
    } else if (const auto& s = v.get_ref<const std::string&>();
               auto wrong = length_problem(s, max_credential_bytes)) {
      in.refuse(within, std::move(*wrong));
    } else if (has_control(s)) {
      in.refuse(within, "must not hold line breaks or other control characters");
    } else {
      (key == "username" ? auth.username : auth.password) = s;
    }
  }
  for (const std::string_view key : {"username", "password"})
    if (!value.contains(key)) in.refuse(child_pointer("", key), "is missing");
  // RFC 7617 section 2: the first colon ends the user name.
  if (auth.username.find(':') != std::string::npos) in.refuse("/username", "must not hold a colon");
  in.spec.auth = std::move(auth);
}

void read_formats(const field_reading& in, const json& value) {
  if (!value.is_array()) return refuse_value(in, "", expectation(in.field), value);
  if (!right_size(in, value, "words")) return;
  format_set formats;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const json& item = value[i];
    const auto it = item.is_string()
                        ? std::ranges::find(in.field.words, item.get_ref<const std::string&>())
                        : in.field.words.end();
    if (it == in.field.words.end()) {
      refuse_word(in, "/" + std::to_string(i), item);
      continue;
    }
    formats.add(static_cast<format>(1 << (it - in.field.words.begin())));
  }
  in.spec.formats = formats;
}

void read_single_url(const field_reading& in, const json& value) {
  auto url = text(in, value);
  if (!url) return;
  if (auto wrong = seed_problem(*url)) return in.refuse("", std::move(*wrong));
  in.spec.urls.assign(1, std::move(*url));
}

// Whether there is such a crawl is for the service to say.
void read_since(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  const auto id = text(in, value);
  if (!id) return;
  const auto parsed = crawl_id::parse(*id);
  if (!parsed) return in.refuse("", "is not the id of a crawl");
  in.spec.since = earlier_crawl{*parsed, {}};
}

json show_since(const crawl_spec& spec) {
  return spec.since ? json(spec.since->id.to_string()) : json(nullptr);
}

std::optional<std::string> length_problem(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::nullopt;
  return "must not be longer than " + std::to_string(max_bytes) + " bytes";
}

std::optional<std::string> name_problem(std::string_view name) {
  if (auto wrong = length_problem(name, max_name_bytes)) return wrong;
  if (has_control(name)) return "must not hold line breaks or other control characters";
  return std::nullopt;
}

std::optional<std::string> user_agent_problem(std::string_view agent) {
  if (agent.empty()) return "must not be empty";
  if (auto wrong = length_problem(agent, max_user_agent_bytes)) return wrong;
  if (agent.front() == ' ' || agent.back() == ' ') return "must not begin or end with a space";
  if (!std::ranges::all_of(agent, [](char c) { return c >= 0x20 && c < 0x7f; }))
    return "must hold printable ASCII characters only";
  return std::nullopt;
}

std::optional<std::string> query_parameter_problem(std::string_view name) {
  if (name.empty()) return "must not be empty";
  return length_problem(name, max_query_parameter_bytes);
}

std::optional<std::string> media_type_problem(std::string_view type) {
  if (type.size() <= max_media_type_bytes && is_media_pattern(type)) return std::nullopt;
  return "must be a media type such as text/html, or a pattern such as text/*";
}

json show_scope(const crawl_spec& spec) { return name(spec.scope); }

json show_sitemap(const crawl_spec& spec) { return name(spec.sitemap); }

json show_robots(const crawl_spec& spec) {
  return spec.robots == robots_policy::obey ? "obey" : "ignore";
}

json show_headers(const crawl_spec& spec) {
  json out = json::object();
  for (const auto& [name, value] : spec.headers)
    out[name] = is_secret_header(name) ? std::string(redacted) : value;
  return out;
}

json show_credentials(const crawl_spec& spec) {
  if (!spec.auth) return nullptr;
  return {{"username", spec.auth->username}, {"password", redacted}};
}

}  // namespace orbweaver::field_readers
