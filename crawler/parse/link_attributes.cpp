#include "crawler/parse/link_attributes.hpp"

#include <algorithm>

#include "crawler/parse/ascii.hpp"

namespace orbweaver::html {
namespace {

constexpr std::size_t npos = std::string_view::npos;

void skip_spaces(std::string_view& text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}
bool take(std::string_view& text, char lower) noexcept {
  if (text.empty() || to_lower(text.front()) != lower) return false;
  text.remove_prefix(1);
  return true;
}
bool take_digits(std::string_view& text) noexcept {
  const std::size_t before = text.size();
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text.size() != before;
}

// 2.3.4.2: digits only. Zero is an error for both descriptors that are integers.
bool is_positive_integer(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit) &&
         text.find_first_not_of('0') != npos;
}

// 2.3.4.3: a valid floating-point number that is not negative; "-0" is none.
bool is_number(std::string_view text) noexcept {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
    if (text.find_first_of("123456789") < text.find_first_of("eE")) return false;
  }
  const bool whole = take_digits(text);
  if (take(text, '.')) {
    if (!take_digits(text)) return false;
  } else if (!whole) {
    return false;
  }
  if (take(text, 'e')) {
    if (!take(text, '-')) take(text, '+');
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

// 4.8.4.2.2, "descriptor parser": what the descriptors of one candidate add up to.
class descriptors {
 public:
  void add(std::string_view one) noexcept {
    if (one.empty()) return;
    const char unit = one.back();
    const auto number = one.substr(0, one.size() - 1);
    if (unit == 'w' && is_positive_integer(number)) {
      ok_ = ok_ && !width_ && !density_;
      width_ = true;
    } else if (unit == 'x' && is_number(number)) {
      ok_ = ok_ && !width_ && !density_ && !height_;
      density_ = true;
    } else if (unit == 'h' && is_positive_integer(number)) {
      ok_ = ok_ && !density_ && !height_;
      height_ = true;
    } else {
      ok_ = false;
    }
  }
  bool ok() const noexcept { return ok_ && (width_ || !height_); }

 private:
  bool ok_ = true, width_ = false, density_ = false, height_ = false;
};

// "Descriptor tokenizer": reads up to the comma that ends the candidate; within parentheses commas
// and spaces are part of a descriptor.
descriptors read_descriptors(std::string_view& rest) noexcept {
  descriptors out;
  std::size_t begin = 0;
  std::size_t i = 0;
  bool in_parens = false;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    if (in_parens) {
      in_parens = c != ')';
    } else if (c == '(') {
      in_parens = true;
    } else if (c == ',' || is_space(c)) {
      out.add(rest.substr(begin, i - begin));
      begin = i + 1;
      if (c == ',') break;
    }
  }
  if (i == rest.size()) out.add(rest.substr(begin));
  rest.remove_prefix(std::min(rest.size(), i + 1));
  return out;
}

}  // namespace

std::optional<std::string_view> next_srcset_url(std::string_view& rest) noexcept {
  for (;;) {
    while (!rest.empty() && (is_space(rest.front()) || rest.front() == ',')) rest.remove_prefix(1);
    std::string_view url = next_token(rest);
    if (url.empty()) return std::nullopt;
    if (url.ends_with(',')) return url.substr(0, url.find_last_not_of(',') + 1);
    if (read_descriptors(rest).ok()) return url;
  }
}

refresh parse_refresh(std::string_view content) noexcept {
  // 4.2.5.3, "shared declarative refresh steps", 2 to 7: the time
  skip_spaces(content);
  if (!take_digits(content) && !content.starts_with('.')) return {};
  while (!content.empty() && (is_digit(content.front()) || content.front() == '.'))
    content.remove_prefix(1);
  // 11: what parts the time from the URL
  if (content.empty()) return {.valid = true, .url = {}};
  if (content.front() != ';' && content.front() != ',' && !is_space(content.front())) return {};
  skip_spaces(content);
  if (!take(content, ';')) take(content, ',');
  skip_spaces(content);
  // `url=`; if it is not whole, it is part of the URL.
  std::string_view rest = content;
  if (take(rest, 'u')) {
    if (!take(rest, 'r') || !take(rest, 'l')) return {.valid = true, .url = trim(content)};
    skip_spaces(rest);
    if (!take(rest, '=')) return {.valid = true, .url = trim(content)};
    skip_spaces(rest);
  }
  // "Skip quotes"
  if (rest.starts_with('"') || rest.starts_with('\'')) {
    const char quote = rest.front();
    rest.remove_prefix(1);
    rest = rest.substr(0, rest.find(quote));
  }
  return {.valid = true, .url = trim(rest)};
}

}  // namespace orbweaver::html
