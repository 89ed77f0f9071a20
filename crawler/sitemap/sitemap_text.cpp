#include "crawler/sitemap/sitemap_text.hpp"

#include <algorithm>
#include <utility>

#include "crawler/parse/charset.hpp"

namespace orbweaver {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t slice = 64 << 10;  // bytes
constexpr std::string_view declaration = "<?xml";

// What says the encoding may begin so and go on.
bool may_say_more(std::string_view head) noexcept {
  constexpr std::string_view beginnings[] = {declaration,  "\xef\xbb\xbf"sv, "\xfe\xff"sv,
                                             "\xff\xfe"sv, "<\0?\0x\0"sv,    "\0<\0?\0x"sv};
  if (std::ranges::any_of(beginnings, [head](std::string_view b) {
        return b.size() > head.size() && b.starts_with(head);
      }))
    return true;
  return head.starts_with(declaration) && head.find('>') == head.npos;
}

std::string_view without_space(std::string_view text) noexcept {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

// Nothing when more bytes have to be seen.
std::string_view charset_of(std::string_view head, std::string_view label, bool whole) {
  head = without_space(head);
  if (!whole && may_say_more(head)) return {};
  if (head.starts_with(declaration)) head = head.substr(0, head.find('>') + 1);
  const charset_choice found = choose_charset(head, label);
  const bool said =
      found.source != charset_source::detected && found.source != charset_source::fallback;
  return said ? found.name : "UTF-8";
}

// How many bytes can be decoded without those that follow.
std::size_t whole_characters(std::string_view bytes, std::string_view charset) noexcept {
  if (charset.starts_with("UTF-16")) {
    const std::size_t end = bytes.size() / 2 * 2;
    const char high = bytes[charset == "UTF-16LE" ? end - 1 : end - 2];
    return (high & 0xfc) == 0xd8 ? end - 2 : end;  // half a surrogate pair
  }
  // No encoding has bytes below '0' within a character but ISO-2022-JP, whose lines begin anew.
  const bool by_lines = charset == "ISO-2022-JP";
  const auto last = std::find_if(bytes.rbegin(), bytes.rend(), [by_lines](char c) {
    return by_lines ? c == '\n' : c >= 0 && c < '0';
  });
  return last == bytes.rend() ? bytes.size() : static_cast<std::size_t>(bytes.rend() - last);
}

}  // namespace

std::optional<std::string_view> sitemap_text::next() {
  held_.erase(0, std::exchange(read_, 0));
  if (charset_.empty()) {
    hold(max_prescan_bytes);
    charset_ = charset_of(held_, label_, ended_ || held_.size() >= max_prescan_bytes);
    if (charset_.empty()) return std::nullopt;
  }
  if (charset_ != "UTF-8") return next_decoded();
  if (!held_.empty()) {
    read_ = held_.size();
    return held_;
  }
  if (rest_.empty()) return std::nullopt;
  return std::exchange(rest_, {});
}

// In slices of one size, so that it does not matter where a piece ends.
std::optional<std::string_view> sitemap_text::next_decoded() {
  hold(slice);
  if (held_.empty() || (held_.size() < slice && !ended_)) return std::nullopt;
  read_ = held_.size() < slice ? held_.size() : whole_characters(held_, charset_);
  return text_in_utf8(std::string_view(held_).substr(0, read_), charset_, decoded_);
}

void sitemap_text::hold(std::size_t most) {
  const std::string_view more = rest_.substr(0, most - std::min(most, held_.size()));
  held_ += more;
  rest_.remove_prefix(more.size());
}

}  // namespace orbweaver
