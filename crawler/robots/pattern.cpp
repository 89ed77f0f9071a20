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

// What a search costs, in units of max_robots_work, as measured: to begin it, for each place where
// it had to look closer, and how many bytes of text or piece are passed in one unit.
constexpr std::size_t search_cost = 8;
constexpr std::size_t candidate_cost = 10;
constexpr std::size_t bytes_per_unit = 16;

// False when there is not so much left.
bool spend(std::size_t& work_left, std::size_t cost) noexcept {
  const bool enough = work_left > cost;
  work_left = enough ? work_left - cost : 0;
  return enough;
}

bool is_plain_in_query(char c) noexcept {
  return std::string_view(":/?@[]").find(c) != std::string_view::npos;
}

}  // namespace

std::string normal_pattern(std::string_view written) { return normalise(written, true); }
std::string normal_path(std::string_view path_and_query) {
  return normalise(path_and_query, false);
}

path_matcher::path_matcher(std::string normal_path) : path_(std::move(normal_path)) {
  for (const char c : path_) ++counts_[static_cast<unsigned char>(c)];
}

bool path_matcher::matches(std::string_view pattern, std::size_t& work_left) const noexcept {
  const bool to_the_end = pattern.ends_with('$');
  if (to_the_end) pattern.remove_suffix(1);
  std::size_t star = pattern.find('*');
  if (!path_.starts_with(pattern.substr(0, star))) return false;
  if (star == pattern.npos) return !to_the_end || path_.size() == pattern.size();
  // Each piece between two stars is taken where it comes first: if the rest matches at all, it
  // matches behind that.
  for (std::size_t at = star;;) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    if (star == pattern.npos && to_the_end)
      return path_.size() - at >= piece.size() && path_.ends_with(piece);
    at = find(piece, at, work_left);
    if (at == path_.npos) return false;
    if (star == pattern.npos) return true;
    at += piece.size();
  }
}

// Where `piece` first stands, at `from` or later.
std::size_t path_matcher::find(std::string_view piece, std::size_t from,
                               std::size_t& work_left) const noexcept {
  if (!spend(work_left, search_cost + piece.size())) return path_.npos;
  if (piece.empty()) return from;
  const std::size_t key = rarest(piece);
  if (counts_[static_cast<unsigned char>(piece[key])] == 0) return path_.npos;
  while (path_.size() - from >= piece.size()) {
    const std::size_t places = path_.size() - from - piece.size() + 1;
    const auto* const begin = path_.data() + from + key;
    const auto* const found = static_cast<const char*>(std::memchr(begin, piece[key], places));
    const std::size_t passed = found ? static_cast<std::size_t>(found - begin) : places;
    const std::size_t looked_at = passed + (found ? piece.size() : 0);
    if (!spend(work_left, candidate_cost + looked_at / bytes_per_unit) || !found) break;
    from += passed;
    if (std::memcmp(path_.data() + from, piece.data(), piece.size()) == 0) return from;
    ++from;
  }
  return path_.npos;
}

std::size_t path_matcher::rarest(std::string_view piece) const noexcept {
  const auto count = [this](char c) { return counts_[static_cast<unsigned char>(c)]; };
  return static_cast<std::size_t>(std::ranges::min_element(piece, {}, count) - piece.begin());
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
