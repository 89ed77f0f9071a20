#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "server/api/request_field.hpp"

namespace orbweaver {

// The readers and showers of the field table. The simple kinds are templates over the member of
// crawl_spec that they fill; the others know their field.
namespace field_readers {

using nlohmann::json;

// Bounds on single texts.
inline constexpr std::size_t max_name_bytes = 256;
inline constexpr std::size_t max_user_agent_bytes = 512;
inline constexpr std::size_t max_query_parameter_bytes = 256;
inline constexpr std::size_t max_media_type_bytes = 128;
inline constexpr std::size_t max_label_bytes = 256;
inline constexpr std::size_t max_credential_bytes = 1024;  // of either part
inline constexpr std::size_t max_rule_name_bytes = 64;     // of `extract`

// Reports that the value at `within` had to be `expected`.
void refuse_value(const field_reading& in, std::string_view within, const std::string& expected,
                  const json& value);
// Whether an array or object holds as many `items` as the field allows; a mistake is reported.
bool right_size(const field_reading& in, const json& value, std::string_view items);

// Reads an object of names and texts, `items` of it, of at most `max_bytes` in all. `why_not` says
// what is wrong with a name and its trimmed text, if anything; what is right goes to `take`.
using pair_check = std::optional<std::string> (*)(std::string_view name, std::string_view text);
using text_pairs = std::vector<std::pair<std::string, std::string>>;
void read_pairs(const field_reading& in, const json& value, std::string_view items,
                std::size_t max_bytes, pair_check why_not, text_pairs& to);

// The value if it is what the field expects, else nullopt and a mistake reported.
std::optional<std::uint64_t> whole_number(const field_reading& in, const json& value);
std::optional<double> number(const field_reading& in, const json& value);
std::optional<bool> boolean(const field_reading& in, const json& value);
std::optional<std::string> text(const field_reading& in, const json& value);
// The index among the field's words.
std::optional<std::size_t> word(const field_reading& in, const json& value);
// All strings, even where one of them failed `check`, so that every mistake is found. `check`
// answers why a string is wrong, nullopt if it is not.
using text_check = std::optional<std::string> (*)(std::string_view);
std::optional<std::vector<std::string>> texts(const field_reading& in, const json& value,
                                              text_check check);

template <class T>
struct inner {
  using type = T;
};
template <class T>
struct inner<std::optional<T>> {
  using type = T;
};
template <class T>
inline constexpr bool is_optional = !std::is_same_v<T, typename inner<T>::type>;

template <auto Member>
using member_type = std::remove_cvref_t<decltype(std::declval<crawl_spec&>().*Member)>;

// null stands for "none" where a field has that as its default.
template <auto Member>
bool left_out(const json& value) {
  return is_optional<member_type<Member>> && value.is_null();
}

template <auto Member>
void read_whole_number(const field_reading& in, const json& value) {
  if (left_out<Member>(value)) return;
  using type = typename inner<member_type<Member>>::type;
  if (const auto v = whole_number(in, value)) in.spec.*Member = static_cast<type>(*v);
}

template <auto Member>
void read_seconds(const field_reading& in, const json& value) {
  if (left_out<Member>(value)) return;
  if (const auto v = number(in, value)) in.spec.*Member = seconds_f(*v);
}

template <auto Member>
void read_boolean(const field_reading& in, const json& value) {
  if (const auto v = boolean(in, value)) in.spec.*Member = *v;
}

template <auto Member, text_check Check>
void read_text(const field_reading& in, const json& value) {
  if (value.is_null()) return;
  auto v = text(in, value);
  if (!v) return;
  if (auto wrong = Check(*v)) return in.refuse("", std::move(*wrong));
  in.spec.*Member = std::move(*v);
}

template <auto Member, text_check Check>
void read_texts(const field_reading& in, const json& value) {
  if (left_out<Member>(value)) return;
  if (auto v = texts(in, value, Check)) in.spec.*Member = std::move(*v);
}

// Words stand in the order of the enumeration's values.
template <auto Member>
void read_word(const field_reading& in, const json& value) {
  if (const auto v = word(in, value)) in.spec.*Member = static_cast<member_type<Member>>(*v);
}

void read_labels(const field_reading& in, const json& value);
void read_headers(const field_reading& in, const json& value);
void read_proxy(const field_reading& in, const json& value);
void read_cookies(const field_reading& in, const json& value);
void read_credentials(const field_reading& in, const json& value);
void read_formats(const field_reading& in, const json& value);
void read_single_url(const field_reading& in, const json& value);
void read_include_paths(const field_reading& in, const json& value);
void read_exclude_paths(const field_reading& in, const json& value);
void read_since(const field_reading& in, const json& value);
void read_extract(const field_reading& in, const json& value);
// Of a field that later versions will know: anything but null is a mistake.
// webhook_field.cpp
void read_webhook(const field_reading& in, const json& value);
nlohmann::json show_webhook(const crawl_spec& spec);

// Why a text is longer than that; nullopt: it is not.
std::optional<std::string> length_problem(std::string_view text, std::size_t max_bytes);
std::optional<std::string> name_problem(std::string_view name);
std::optional<std::string> user_agent_problem(std::string_view agent);
std::optional<std::string> query_parameter_problem(std::string_view name);
std::optional<std::string> media_type_problem(std::string_view type);

template <auto Member>
json show_value(const crawl_spec& spec) {
  const auto& v = spec.*Member;
  if constexpr (is_optional<member_type<Member>>) {
    if (!v) return nullptr;
    if constexpr (std::is_same_v<typename inner<member_type<Member>>::type, seconds_f>) {
      return v->count();
    } else {
      return *v;
    }
  } else if constexpr (std::is_same_v<member_type<Member>, seconds_f>) {
    return v.count();
  } else if constexpr (std::is_same_v<member_type<Member>, std::string>) {
    return v.empty() ? json(nullptr) : json(v);
  } else {
    return v;
  }
}

json show_scope(const crawl_spec& spec);
json show_sitemap(const crawl_spec& spec);
json show_include_paths(const crawl_spec& spec);
json show_exclude_paths(const crawl_spec& spec);
json show_since(const crawl_spec& spec);
json show_extract(const crawl_spec& spec);
json show_robots(const crawl_spec& spec);
json show_headers(const crawl_spec& spec);
json show_proxy(const crawl_spec& spec);
json show_cookies(const crawl_spec& spec);
json show_credentials(const crawl_spec& spec);

}  // namespace field_readers
}  // namespace orbweaver
