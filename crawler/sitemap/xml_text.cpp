#include "crawler/sitemap/xml_text.hpp"

#include <algorithm>
#include <charconv>

namespace orbweaver {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t longest_entity = 10;  // "#x10FFFF", some zeros before it

struct entity {
  std::string_view name;
  char byte;
};
constexpr entity entities[] = {
    {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xe0 | c >> 12);
    } else {
      put(0xf0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3f));
    }
    put(0x80 | (c >> 6 & 0x3f));
  }
  put(0x80 | (c & 0x3f));
}

// `name`: what stands between '&' and ';'. False: it means nothing.
bool append_entity(std::string& out, std::string_view name) {
  if (!name.starts_with('#')) {
    const auto known = std::ranges::find(entities, name, &entity::name);
    if (known == std::end(entities)) return false;
    out.push_back(known->byte);
    return true;
  }
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  std::uint32_t c = 0;
  const char* const end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data(), end, c, hex ? 16 : 10);
  if (parsed.ec != std::errc() || parsed.ptr != end) return false;
  if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return false;
  append_utf8(out, c);
  return true;
}

}  // namespace

void append_xml_decoded(std::string& out, std::string_view raw) {
  while (true) {
    const std::size_t at = raw.find('&');
    out.append(raw.substr(0, at));
    if (at == raw.npos) return;
    raw.remove_prefix(at + 1);
    const std::size_t end = raw.substr(0, longest_entity + 1).find(';');
    if (end != raw.npos && append_entity(out, raw.substr(0, end)))
      raw.remove_prefix(end + 1);
    else
      out.push_back('&');
  }
}

std::optional<std::string> xml_attribute(std::string_view attributes, std::string_view name) {
  const auto skip_space = [&] {
    attributes.remove_prefix(
        std::min(attributes.find_first_not_of(white_space), attributes.size()));
  };
  while (true) {
    skip_space();
    if (attributes.empty()) return std::nullopt;
    const std::size_t name_end = std::min(attributes.find_first_of("= \t\r\n"), attributes.size());
    const std::string_view own = attributes.substr(0, name_end);
    attributes.remove_prefix(name_end);
    skip_space();
    if (!attributes.starts_with('=')) continue;
    attributes.remove_prefix(1);
    skip_space();
    const bool quoted = attributes.starts_with('"') || attributes.starts_with('\'');
    const std::size_t begin = quoted ? 1 : 0;
    const std::size_t end =
        std::min(quoted ? attributes.find(attributes[0], 1) : attributes.find_first_of(white_space),
                 attributes.size());
    if (own == name) {
      std::string value;
      append_xml_decoded(value, attributes.substr(begin, end - begin));
      return value;
    }
    attributes.remove_prefix(std::min(end + begin, attributes.size()));
  }
}

void xml_text::clear() noexcept {
  raw_.clear();
  text_.clear();
  too_long_ = false;
}

void xml_text::append(const xml_token& piece) {
  if (piece.kind == xml_token::type::cdata) decode_raw();
  std::string& to = piece.kind == xml_token::type::cdata ? text_ : raw_;
  const std::size_t room = limit_ - std::min(limit_, raw_.size() + text_.size());
  too_long_ = too_long_ || piece.text.size() > room;
  to.append(piece.text.substr(0, room));
}

std::string xml_text::take() {
  decode_raw();
  std::string out = std::move(text_);
  clear();
  out.erase(out.find_last_not_of(white_space) + 1);
  out.erase(0, std::min(out.find_first_not_of(white_space), out.size()));
  return out;
}

void xml_text::decode_raw() {
  append_xml_decoded(text_, raw_);
  raw_.clear();
}

}  // namespace orbweaver
