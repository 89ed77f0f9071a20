#include "crawler/fetch/headers.hpp"

#include <algorithm>
#include <cstring>

#include "common/ascii.hpp"

namespace orbweaver {
namespace {

bool matches(std::string_view name, std::string_view lower_case) noexcept {
  for (std::size_t i = 0; i < lower_case.size(); ++i) {
    if (ascii_lower(name[i]) != lower_case[i]) return false;
  }
  return true;
}

}  // namespace

// At most three known names share a length, so one switch leaves at most three comparisons.
header_id identify_header(std::string_view name) noexcept {
  const auto either = [name](std::string_view text, header_id id, header_id otherwise) {
    return matches(name, text) ? id : otherwise;
  };
  using enum header_id;
  switch (name.size()) {
    case 4: return either("date", date, either("etag", etag, either("link", link, other)));
    case 7: return either("refresh", refresh, other);
    case 8: return either("location", location, other);
    case 10: return either("connection", connection, either("set-cookie", set_cookie, other));
    case 11: return either("retry-after", retry_after, other);
    case 12:
      return either("content-type", content_type, either("x-robots-tag", x_robots_tag, other));
    case 13: return either("last-modified", last_modified, other);
    case 14: return either("content-length", content_length, other);
    case 16:
      return either("content-encoding", content_encoding,
                    either("content-language", content_language, other));
    case 17: return either("transfer-encoding", transfer_encoding, other);
    default: return other;
  }
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

std::string_view trim_whitespace(std::string_view text) noexcept {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::string_view> header_list::get(header_id id) const noexcept {
  const std::uint32_t at = first_[index_of(id)];
  if (at == none) return std::nullopt;
  return view(fields_[at]).value;
}

std::optional<std::string_view> header_list::get(std::string_view name) const noexcept {
  for (const entry& e : fields_) {
    const field f = view(e);
    if (equals_ignoring_case(f.name, name)) return f.value;
  }
  return std::nullopt;
}

void header_list::clear() noexcept {
  // A list lives as long as its connection: one giant head must not stay allocated with it.
  constexpr std::size_t worth_keeping = 4096;
  if (raw_.capacity() > worth_keeping) std::string().swap(raw_);
  if (rewritten_.capacity() > worth_keeping) std::string().swap(rewritten_);
  if (fields_.capacity() * sizeof(entry) > worth_keeping) std::vector<entry>().swap(fields_);
  raw_.clear();
  rewritten_.clear();
  fields_.clear();
  first_ = no_fields;
  last_ = no_fields;
}

void header_list::add(const char* head, std::string_view name, std::string_view value) {
  const auto at = static_cast<std::uint32_t>(fields_.size());
  const auto offset = [head](std::string_view part) {
    return static_cast<std::uint32_t>(part.data() - head);
  };
  entry& e = fields_.emplace_back(entry{offset(name), static_cast<std::uint32_t>(name.size()),
                                        offset(value), static_cast<std::uint32_t>(value.size()),
                                        none, false});
  if (!value.empty() && std::memchr(value.data(), '\r', value.size()) != nullptr) rewrite(e, value);

  const header_id id = identify_header(name);
  if (id == header_id::other) return;
  std::uint32_t& last = last_[index_of(id)];
  (last == none ? first_[index_of(id)] : fields_[last].next) = at;
  last = at;
}

void header_list::extend_last(const char* head, std::string_view continuation) {
  if (continuation.empty()) return;
  entry& e = fields_.back();
  if (!e.rewritten) rewrite(e, {head + e.value_at, e.value_size});
  // The last field's value is always the end of rewritten_, so it can grow in place.
  if (e.value_size != 0) rewritten_ += ' ';
  rewritten_ += continuation;
  std::replace(rewritten_.end() - static_cast<std::ptrdiff_t>(continuation.size()),
               rewritten_.end(), '\r', ' ');
  e.value_size = static_cast<std::uint32_t>(rewritten_.size() - e.value_at);
}

// RFC 9112 2.2: a bare CR is replaced by SP before the element is used.
void header_list::rewrite(entry& e, std::string_view value) {
  e.value_at = static_cast<std::uint32_t>(rewritten_.size());
  e.rewritten = true;
  rewritten_ += value;
  std::replace(rewritten_.begin() + e.value_at, rewritten_.end(), '\r', ' ');
}

}  // namespace orbweaver
