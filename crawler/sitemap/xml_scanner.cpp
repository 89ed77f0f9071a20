#include "crawler/sitemap/xml_scanner.hpp"

#include <algorithm>
#include <utility>

namespace orbweaver {
namespace {

constexpr std::string_view comment_start = "<!--";
constexpr std::string_view instruction_start = "<?";
constexpr std::string_view cdata_start = "<![CDATA[";
constexpr std::string_view cdata_end = "]]>";

constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
// Loosely what a name may begin with (XML 1.0, section 2.3).
constexpr bool begins_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}
// Whether what follows `before`, a part of a tag, is an attribute's value.
bool begins_value(std::string_view before) noexcept {
  const std::size_t last = before.find_last_not_of(" \t\r\n");
  return last != before.npos && before[last] == '=';
}

}  // namespace

void xml_scanner::put(std::string_view bytes) {
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_.append(bytes);
}

std::optional<xml_token> xml_scanner::next() {
  xml_token out{};
  while (!failed_ && at_ < buffer_.size()) {
    step done = step::wait;
    switch (state_) {
      case state::text: done = in_text(out); break;
      case state::cdata: done = in_cdata(out); break;
      case state::doctype: done = in_doctype(); break;
      case state::instruction: done = skip_to("?>"); break;
      case state::comment: done = skip_to("-->"); break;
    }
    if (done == step::token) return out;
    if (done == step::wait) break;
  }
  return std::nullopt;
}

// Section 2.4: text reaches up to the next '<'.
xml_scanner::step xml_scanner::in_text(xml_token& out) {
  const std::string_view text = rest();
  std::size_t size = std::min(text.find('<'), text.size());
  if (size == 0) {
    if (text.size() == 1) return step::wait;
    if (text[1] == '!') return in_declaration();
    if (text[1] == '?') {
      skip(instruction_start, state::instruction);
      return step::moved;
    }
    if (text[1] == '/' || begins_name(text[1])) return take_tag(out);
    size = 1;  // no markup after all
  }
  out = {xml_token::type::text, {}, {}, text.substr(0, size)};
  at_ += size;
  return step::token;
}

// Sections 2.5, 2.7 and 2.8.
xml_scanner::step xml_scanner::in_declaration() noexcept {
  const std::string_view text = rest();
  if (text.starts_with(comment_start)) {
    skip(comment_start, state::comment);
  } else if (text.starts_with(cdata_start)) {
    at_ += cdata_start.size();
    state_ = state::cdata;
  } else if (comment_start.starts_with(text) || cdata_start.starts_with(text)) {
    return step::wait;
  } else {
    at_ += 2;
    brackets_ = 0;
    quote_ = 0;
    state_ = state::doctype;
  }
  return step::moved;
}

xml_scanner::step xml_scanner::in_cdata(xml_token& out) {
  const std::string_view text = rest();
  const std::size_t end = text.find(cdata_end);
  if (end == 0) {
    at_ += cdata_end.size();
    state_ = state::text;
    return step::moved;
  }
  // The end may be cut in two.
  const std::size_t size =
      end != text.npos ? end : text.size() - std::min<std::size_t>(text.size(), 2);
  if (size == 0) return step::wait;
  out = {xml_token::type::cdata, {}, {}, text.substr(0, size)};
  at_ += size;
  return step::token;
}

// Its internal subset stands in brackets; nothing in it is read. Brackets and the end do not count
// within quotes, and quotes not within comments and instructions.
xml_scanner::step xml_scanner::in_doctype() noexcept {
  while (at_ < buffer_.size()) {
    if (quote_ == 0 && buffer_[at_] == '<') {
      const std::string_view text = rest();
      if (text.starts_with(comment_start)) {
        skip(comment_start, state::comment);
        break;
      }
      if (text.starts_with(instruction_start)) {
        skip(instruction_start, state::instruction);
        break;
      }
      if (comment_start.starts_with(text)) return step::wait;
    }
    const char c = buffer_[at_++];
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
      continue;
    }
    if (c == '"' || c == '\'') quote_ = c;
    if (c == '[') ++brackets_;
    if (c == ']' && brackets_ > 0) --brackets_;
    if (c == '>' && brackets_ == 0) {
      state_ = state::text;
      break;
    }
  }
  return step::moved;
}

void xml_scanner::skip(std::string_view start, state inner) noexcept {
  at_ += start.size();
  outer_ = std::exchange(state_, inner);
}

xml_scanner::step xml_scanner::skip_to(std::string_view terminator) noexcept {
  const std::size_t end = rest().find(terminator);
  if (end == std::string_view::npos) {
    at_ += rest().size() - std::min(rest().size(), terminator.size() - 1);
    return step::wait;
  }
  at_ += end + terminator.size();
  state_ = outer_;
  return step::moved;
}

// Section 3.1. A '>' within quotes belongs to an attribute's value, and quotes stand behind a '='.
xml_scanner::step xml_scanner::take_tag(xml_token& out) {
  const std::string_view text = rest();
  scanned_ = std::max<std::size_t>(scanned_, 1);
  for (; scanned_ < text.size(); ++scanned_) {
    const char c = text[scanned_];
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
    } else if ((c == '"' || c == '\'') && begins_value(text.substr(0, scanned_))) {
      quote_ = c;
    } else if (c == '>') {
      break;
    }
  }
  failed_ = scanned_ > max_tag;
  if (failed_ || scanned_ == text.size()) return step::wait;

  std::string_view tag = text.substr(1, scanned_ - 1);
  at_ += scanned_ + 1;
  scanned_ = 0;
  out = {xml_token::type::start, {}, {}, {}};
  if (tag.starts_with('/')) {
    out.kind = xml_token::type::end;
    tag.remove_prefix(1);
  } else if (tag.ends_with('/')) {
    out.kind = xml_token::type::empty;
    tag.remove_suffix(1);
  }
  const auto end = std::ranges::find_if(tag, is_space);
  out.name = tag.substr(0, static_cast<std::size_t>(end - tag.begin()));
  out.attributes = tag.substr(out.name.size());
  return step::token;
}

}  // namespace orbweaver
