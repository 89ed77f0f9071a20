// The request field that says who is told of a crawl's events.
#include <algorithm>

#include "common/webhook_signature.hpp"
#include "crawler/fetch/request_headers.hpp"
#include "server/api/field_readers.hpp"
#include "server/api/json_document.hpp"
#include "server/api/seed_url.hpp"

namespace orbweaver::field_readers {
namespace {

constexpr std::size_t max_header_bytes = 16 << 10;  // of all of them

// Mistakes in a member of the field are reported as such.
struct member_reading {
  const field_reading& in;
  std::string name;
  std::vector<request_error> errors{};

  field_reading reading() { return {in.field, in.spec, errors}; }
  void report() {
    const std::size_t field_bytes = in.field.name.size() + 1;
    for (request_error& error : errors)
      in.refuse("/" + name + error.pointer.substr(field_bytes), std::move(error.detail));
  }
};

void read_events(const field_reading& in, const json& value, webhook_target& to) {
  if (!value.is_array() || value.empty() || value.size() > webhook_event_names.size())
    return refuse_value(in, "", "an array of any of " + listed(webhook_event_names), value);
  to.events = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const json& event = value[i];
    const auto it = std::ranges::find(webhook_event_names,
                                      event.is_string() ? event.get_ref<const std::string&>() : "");
    if (it == webhook_event_names.end()) {
      refuse_value(in, "/" + std::to_string(i), "one of " + listed(webhook_event_names), event);
    } else {
      to.events |= static_cast<std::uint8_t>(1 << (it - webhook_event_names.begin()));
    }
  }
}

void read_checked(const field_reading& in, const json& value, text_check check, std::string& to) {
  auto given = text(in, value);
  if (!given) return;
  if (auto wrong = check(*given)) in.refuse("", std::move(*wrong));
  to = std::move(*given);
}

}  // namespace

void read_webhook(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  if (!value.is_object()) return refuse_value(in, "", expectation(in.field), value);
  webhook_target to;
  for (const auto& [name, v] : value.items()) {
    member_reading member{in, name};
    if (name == "url") {
      read_checked(member.reading(), v, seed_problem, to.url);
    } else if (name == "secret") {
      read_checked(member.reading(), v, webhook_secret_problem, to.secret);
    } else if (name == "events") {
      read_events(member.reading(), v, to);
    } else if (name == "headers") {
      read_pairs(member.reading(), v, "headers", max_header_bytes, why_not, to.headers);
    } else {
      in.refuse(child_pointer("", name),
                "is not a known field; url, headers, events and secret are");
    }
    member.report();
  }
  if (!value.contains("url")) in.refuse("/url", "is missing");
  in.spec.webhook = std::move(to);
}

// Headers of a webhook are for its receiver, and often a secret between the two.
json show_webhook(const crawl_spec& spec) {
  if (!spec.webhook) return nullptr;
  json out{{"url", spec.webhook->url}, {"headers", json::object()}, {"events", json::array()}};
  for (const auto& [name, value] : spec.webhook->headers) out["headers"][name] = redacted;
  for (std::size_t i = 0; i < webhook_event_names.size(); ++i)
    if (spec.webhook->wants(static_cast<webhook_event>(1 << i)))
      out["events"].push_back(webhook_event_names[i]);
  if (!spec.webhook->secret.empty()) out["secret"] = redacted;
  return out;
}

}  // namespace orbweaver::field_readers
