#include "crawler/parse/meta_prescan.hpp"

#include <algorithm>
#include <utility>

#include "crawler/parse/ascii.hpp"
#include "crawler/parse/charset_table.hpp"
#include "crawler/parse/markup.hpp"

namespace orbweaver {
namespace {

using html::equals_ignoring_case;
using html::is_space;
using html::tag_part;
using html::view;

constexpr std::size_t npos = std::string_view::npos;

void skip_spaces(std::string_view& text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

// What stands in quotes at the beginning of `text`, nothing if they are not closed.
std::string_view quoted(std::string_view text) noexcept {
  const auto close = text.find(text.front(), 1);
  return close == npos ? std::string_view{} : text.substr(1, close - 1);
}

// 2.5.4, "extracting a character encoding from a meta element": the label in a content attribute.
std::string_view label_in_content(std::string_view content) noexcept {
  constexpr std::string_view word = "charset";
  for (; content.size() > word.size(); content.remove_prefix(1)) {
    if (!equals_ignoring_case(content.substr(0, word.size()), word)) continue;
    auto rest = content.substr(word.size());
    skip_spaces(rest);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    skip_spaces(rest);
    if (rest.starts_with('"') || rest.starts_with('\'')) return quoted(rest);
    const auto* const end =
        std::find_if(rest.begin(), rest.end(), [](char c) { return is_space(c) || c == ';'; });
    return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  }
  return {};
}

// The document could be read so far as ASCII, and so cannot be in UTF-16.
std::string_view declared(const encoding& found) noexcept {
  if (found.name.starts_with("UTF-16")) return "UTF-8";
  return found.name == "x-user-defined" ? "windows-1252" : found.name;
}

class prescan {
 public:
  explicit prescan(std::string_view head) noexcept
      : p_(head.data()), end_(head.data() + head.size()) {}

  std::string_view run() noexcept {
    for (; p_ != end_; ++p_) {
      p_ = html::find_byte(p_, end_, '<');
      const std::string_view rest = view(p_, end_);
      if (rest.starts_with("<!--")) {
        p_ = comment_end();
      } else if (rest.size() > 5 && equals_ignoring_case(rest.substr(0, 5), "<meta") &&
                 (is_space(rest[5]) || rest[5] == '/')) {
        p_ += 5;
        if (const auto found = meta(); !found.empty()) return found;
      } else if (rest.size() > 1 && (html::is_alpha(rest[1]) || rest[1] == '/')) {
        tag();
      } else if (rest.size() > 1 && (rest[1] == '!' || rest[1] == '?')) {
        p_ = html::find_byte(p_, end_, '>');
      }
      if (p_ == end_) break;
    }
    return {};
  }

 private:
  // The '>' of the first `-->`; its dashes may be those that open the comment.
  const char* comment_end() noexcept {
    const char* p = p_ + 4;
    while ((p = html::find_byte(p, end_, '>')) != end_ && (p[-1] != '-' || p[-2] != '-')) ++p;
    return p;
  }

  void tag() noexcept {
    const char* const name = p_ + (p_[1] == '/' ? 2 : 1);
    if (name == end_ || !html::is_alpha(*name)) {
      p_ = html::find_byte(p_, end_, '>');
      return;
    }
    p_ = html::tag_name_end(name, end_);
    while (next_part().type == tag_part::kind::attribute) {
    }
  }

  // To behind the next part of a tag, but not past its '>'.
  tag_part next_part() noexcept {
    const tag_part part = html::read_tag_part(p_, end_);
    const bool closed =
        part.type == tag_part::kind::closed || part.type == tag_part::kind::self_closed;
    p_ = part.next - (closed ? 1 : 0);
    return part;
  }

  std::string_view meta() noexcept {
    bool pragma = false;
    enum { unknown, needed, not_needed } need = unknown;
    const encoding* found = nullptr;
    bool seen_http_equiv = false, seen_content = false, seen_charset = false;
    const auto first = [](bool& seen) { return !std::exchange(seen, true); };
    tag_part part;
    while ((part = next_part()).type == tag_part::kind::attribute) {
      const auto [name, value] = part.attribute;
      if (equals_ignoring_case(name, "http-equiv")) {
        if (first(seen_http_equiv)) pragma |= equals_ignoring_case(value, "content-type");
      } else if (equals_ignoring_case(name, "content")) {
        if (!first(seen_content) || found != nullptr) continue;
        found = encoding_from_label(label_in_content(value));
        if (found != nullptr) need = needed;
      } else if (equals_ignoring_case(name, "charset") && first(seen_charset)) {
        found = encoding_from_label(value);
        need = not_needed;
      }
    }
    const bool whole = part.type != tag_part::kind::cut_off;
    const bool meant = need == not_needed || (need == needed && pragma);
    return whole && meant && found != nullptr ? declared(*found) : std::string_view{};
  }

  const char* p_;
  const char* const end_;
};

// XML 1.0, 2.8 and 4.3.3; read as leniently as HTML Standard 13.2.3.2, "get an XML encoding".
std::string_view xml_charset(std::string_view head) noexcept {
  if (!head.starts_with("<?xml")) return {};
  const auto end = head.find('>');
  if (end == npos) return {};
  auto rest = head.substr(0, end);
  const auto at = rest.find("encoding");
  if (at == npos) return {};
  rest.remove_prefix(at + 8);
  skip_spaces(rest);
  if (!rest.starts_with('=')) return {};
  rest.remove_prefix(1);
  skip_spaces(rest);
  if (!rest.starts_with('"') && !rest.starts_with('\'')) return {};
  const encoding* const found = encoding_from_label(quoted(rest));
  return found != nullptr ? declared(*found) : std::string_view{};
}

}  // namespace

std::string_view prescan_charset(std::string_view head) noexcept {
  using namespace std::string_view_literals;
  if (head.starts_with("<\0?\0x\0"sv)) return "UTF-16LE";
  if (head.starts_with("\0<\0?\0x"sv)) return "UTF-16BE";
  const auto found = prescan(head).run();
  return !found.empty() ? found : xml_charset(head);
}

}  // namespace orbweaver
