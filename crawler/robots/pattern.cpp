#include "crawler/robots/pattern.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "common/url/percent.hpp"

namespace orbweaver::robots {
namespace {

enum class byte_class : std::uint8_t {
  escape,      // belongs in no URL unescaped
  reserved,    // RFC 3986, section 2.2: stays as it is, escaped or not
  unreserved,  // RFC 3986, section 2.3: never escaped
};

constexpr auto classes = [] {
  std::array<byte_class, 256> out{};
  const auto put = [&](std::string_view bytes, byte_class c) {
    for (const char byte : bytes) out[static_cast<unsigned char>(byte)] = c;
  };
  put(":/?#[]@!&()+,;=", byte_class::reserved);
  put("0123456789-._~", byte_class::unreserved);
  put("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", byte_class::unreserved);
  // The URL parser escapes it in a query, so it cannot matter whether it is.
  put("'", byte_class::unreserved);
  return out;
}();

byte_class class_of(char c) noexcept { return classes[static_cast<unsigned char>(c)]; }

// `wildcards`: '*' anywhere and '$' at the end stay as they are.
std::string normalise(std::string_view text, bool wildcards) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_escape(text, i)) {
      const char byte = escaped_byte(text, i);
      if (class_of(byte) == byte_class::unreserved)
        out.push_back(byte);
      else
        append_escape(out, byte);
      i += 2;
    } else if (wildcards && c == '*') {
      if (!out.ends_with('*')) out.push_back('*');
    } else if (class_of(c) != byte_class::escape ||
               (wildcards && c == '$' && i + 1 == text.size())) {
      out.push_back(c);
    } else {
      append_escape(out, c);
    }
  }
  return out;
}

// std::string_view::find() takes many times as long on text made to be slow.
std::size_t find(std::string_view text, std::string_view piece) noexcept {
  const void* const at = memmem(text.data(), text.size(), piece.data(), piece.size());
  return at ? static_cast<std::size_t>(static_cast<const char*>(at) - text.data()) : text.npos;
}

bool is_plain_in_query(char c) noexcept {
  return std::string_view(":/?@[]").find(c) != std::string_view::npos;
}

}  // namespace

std::string normal_pattern(std::string_view written) { return normalise(written, true); }
std::string normal_path(std::string_view path_and_query) {
  return normalise(path_and_query, false);
}

bool matches(std::string_view pattern, std::string_view path, std::size_t& work_left) noexcept {
  const bool to_the_end = pattern.ends_with('$');
  if (to_the_end) pattern.remove_suffix(1);
  std::size_t star = pattern.find('*');
  if (!path.starts_with(pattern.substr(0, star))) return false;
  if (star == pattern.npos) return !to_the_end || path.size() == pattern.size();
  path.remove_prefix(star);
  // Each piece between two stars is taken where it comes first: if the rest matches at all, it
  // matches behind that.
  while (true) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    if (star == pattern.npos && to_the_end) return path.ends_with(piece);
    if (work_left <= path.size()) return work_left = 0, false;
    const std::size_t found = find(path, piece);
    work_left -= std::min(found, path.size());
    if (found == path.npos) return false;
    if (star == pattern.npos) return true;
    path.remove_prefix(found + piece.size());
  }
}

bool has_escaped_query(std::string_view normal) noexcept {
  const std::size_t query = normal.find('?');
  if (query == normal.npos) return false;
  for (std::size_t at = normal.find('%', query); at != normal.npos; at = normal.find('%', at + 3))
    if (is_plain_in_query(escaped_byte(normal, at))) return true;
  return false;
}

std::string with_plain_query(std::string_view normal) {
  const std::size_t query = std::min(normal.find('?'), normal.size());
  std::string out(normal.substr(0, query));
  for (std::size_t i = query; i < normal.size(); ++i) {
    if (is_escape(normal, i) && is_plain_in_query(escaped_byte(normal, i))) {
      out.push_back(escaped_byte(normal, i));
      i += 2;
    } else {
      out.push_back(normal[i]);
    }
  }
  return out;
}

}  // namespace orbweaver::robots
