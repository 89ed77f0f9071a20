#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orbweaver {

// The field names a crawler asks for, recognised once while the head is parsed.
enum class header_id : std::uint8_t {
  connection,
  content_encoding,
  content_language,
  content_length,
  content_type,
  date,
  etag,
  last_modified,
  link,
  location,
  refresh,
  retry_after,
  set_cookie,
  transfer_encoding,
  x_robots_tag,
  other,  // every other name; also the number of known ones
};

// `other` for a name that is not in the list above. ASCII case does not matter.
header_id identify_header(std::string_view name) noexcept;

// Whether two strings are the same but for ASCII case.
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

// Without OWS (RFC 9110 5.6.3) and stray CRs at both ends.
std::string_view trim_whitespace(std::string_view text) noexcept;

// Calls f(element) for each non-empty element of a comma-separated list, trimmed (RFC 9110
// 5.6.1.2). Quoted strings are not known here: no field read by this function has them.
template <class F>
void for_each_list_element(std::string_view list, F&& f) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim_whitespace(list.substr(0, comma));
    if (!element.empty()) f(element);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

constexpr std::size_t index_of(header_id id) noexcept { return static_cast<std::size_t>(id); }

// The header section of one response. Owns a copy of the head as it was received; every view
// handed out lives until the list is changed, assigned or destroyed.
class header_list {
 public:
  struct field {
    std::string_view name;   // as received, without white space around it; may be empty
    std::string_view value;  // without white space around it; folds and bare CRs are spaces
  };

  // The whole head, byte for byte: status line, fields, empty line.
  std::string_view raw() const noexcept { return raw_; }

  std::size_t size() const noexcept { return fields_.size(); }
  bool empty() const noexcept { return fields_.empty(); }
  // In the order of arrival; `index` < size().
  field operator[](std::size_t index) const noexcept { return view(fields_[index]); }

  // The first field of that name.
  std::optional<std::string_view> get(header_id id) const noexcept;
  std::optional<std::string_view> get(std::string_view name) const noexcept;

  // Calls f(value) for every field of that name, in order. `id` is not `other`.
  template <class F>
  void for_each(header_id id, F&& f) const {
    for (std::uint32_t at = first_[index_of(id)]; at != none; at = fields_[at].next) {
      f(view(fields_[at]).value);
    }
  }

  // For the parser. Offsets count from the first byte of the head, `head` points to it; the list
  // is read only after take_raw().
  void clear() noexcept;
  void add(const char* head, std::string_view name, std::string_view value);
  // Appends a folded line to the last field (RFC 9112 5.2); there is one.
  void extend_last(const char* head, std::string_view continuation);
  void take_raw(std::string_view head) { raw_.assign(head); }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  using field_index = std::array<std::uint32_t, index_of(header_id::other)>;
  static constexpr field_index no_fields = [] {
    field_index all{};
    all.fill(none);
    return all;
  }();
  struct entry {
    std::uint32_t name_at;
    std::uint32_t name_size;
    std::uint32_t value_at;
    std::uint32_t value_size;
    std::uint32_t next;  // the next field of the same known name
    bool rewritten;      // the value stands in rewritten_, not in raw_
  };

  field view(const entry& e) const noexcept {
    const std::string& values = e.rewritten ? rewritten_ : raw_;
    return {{raw_.data() + e.name_at, e.name_size}, {values.data() + e.value_at, e.value_size}};
  }
  void rewrite(entry& e, std::string_view value);

  std::string raw_;
  std::string rewritten_;  // values that are not contiguous, or not clean, in raw_
  std::vector<entry> fields_;
  field_index first_ = no_fields;
  field_index last_ = no_fields;
};

}  // namespace orbweaver
