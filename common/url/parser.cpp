#include "common/url/parser.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "common/ascii.hpp"
#include "common/url/windows_drive.hpp"

namespace orbweaver {
namespace {

constexpr bool is_alpha(char c) noexcept { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_c0_or_space(char c) noexcept { return static_cast<unsigned char>(c) <= 0x20; }
constexpr bool is_tab_or_newline(char c) noexcept { return c == '\t' || c == '\n' || c == '\r'; }

// Eight bytes at a time, for nearly every input has none.
bool has_c0_control(std::string_view text) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (((word - ones * 0x20) & ~word & ones * 0x80) != 0) return true;
  }
  for (; i < text.size(); ++i)
    if (static_cast<unsigned char>(text[i]) < 0x20) return true;
  return false;
}

// Section 4.2: the special schemes.
url_scheme scheme_of(std::string_view name) noexcept {
  switch (name.size()) {
    case 2: return name == "ws" ? url_scheme::ws : url_scheme::other;
    case 3:
      return name == "wss" ? url_scheme::wss : name == "ftp" ? url_scheme::ftp : url_scheme::other;
    case 4:
      return name == "http"   ? url_scheme::http
             : name == "file" ? url_scheme::file
                              : url_scheme::other;
    case 5: return name == "https" ? url_scheme::https : url_scheme::other;
    default: return url_scheme::other;
  }
}

}  // namespace

url_error url_parser::run() {
  out_.clear();
  clean_input();
  if (const url_error why = parse(); why != url_error::none) return why;
  query_and_fragment();
  own_origin();
  return url_error::none;
}

// Section 4.4, steps 1 to 3: no C0 controls or spaces around it, no tabs or line ends within.
void url_parser::clean_input() {
  while (!in_.empty() && is_c0_or_space(in_.front())) in_.remove_prefix(1);
  while (!in_.empty() && is_c0_or_space(in_.back())) in_.remove_suffix(1);
  if (!has_c0_control(in_) || std::ranges::none_of(in_, is_tab_or_newline)) return;
  std::ranges::remove_copy_if(in_, std::back_inserter(cleaned_), is_tab_or_newline);
  in_ = cleaned_;
}

url_error url_parser::parse() { return take_scheme() ? after_scheme() : no_scheme(); }

// Scheme start state and scheme state.
bool url_parser::take_scheme() {
  if (in_.empty() || !is_alpha(in_[0])) return false;
  std::size_t end = 1;
  while (end < in_.size() && (is_alpha(in_[end]) || is_digit(in_[end]) || in_[end] == '+' ||
                              in_[end] == '-' || in_[end] == '.'))
    ++end;
  if (end == in_.size() || in_[end] != ':') return false;
  href_.append(in_, 0, end + 1);
  std::ranges::transform(href_, href_.begin(), ascii_lower);
  out_.scheme_end_ = size();
  out_.scheme_ = scheme_of(std::string_view(href_).substr(0, end));
  at_ = end + 1;
  return true;
}

// Scheme state, step 2, where the scheme is known; special relative or authority state, special
// authority (ignore) slashes states, path or authority state.
url_error url_parser::after_scheme() {
  if (out_.scheme_ == url_scheme::file) return file();
  if (out_.is_special()) {
    const bool same_scheme = base_ && base_->scheme_ == out_.scheme_;
    if (same_scheme && !rest().starts_with("//")) return relative();
    while (at_slash()) ++at_;
    return authority();
  }
  if (rest().starts_with("//")) {
    at_ += 2;
    return authority();
  }
  no_authority();
  begin_path();
  if (at('/')) {
    ++at_;
    path();
  } else {
    opaque_path();
  }
  return url_error::none;
}

// No scheme state.
url_error url_parser::no_scheme() {
  if (!base_ || base_->empty()) return url_error::no_scheme;
  out_.scheme_ = base_->scheme_;
  if (base_->opaque_path_) {
    if (!at('#')) return url_error::base_has_opaque_path;
    copy_authority(*base_);
    begin_path();
    href_.append(base_->pathname());
    out_.opaque_path_ = true;
    inherit_query_ = true;
    return url_error::none;
  }
  return base_->scheme_ == url_scheme::file ? file() : relative();
}

// Relative state and relative slash state.
url_error url_parser::relative() {
  if (at_slash()) {
    ++at_;
    if (at_slash()) {
      do ++at_;
      while (out_.is_special() && at_slash());
      href_.assign(base_->protocol());
      out_.scheme_end_ = size();
      return authority();
    }
    copy_authority(*base_);
    begin_path();
    path();
    return url_error::none;
  }
  copy_authority(*base_);
  begin_path();
  const std::string_view base_path = base_->pathname();
  if (at_end() || at('?') || at('#')) {
    href_.append(base_path);
    inherit_query_ = !at('?');
    end_path();
    return url_error::none;
  }
  href_.append(base_path.substr(0, base_path.rfind('/')));
  path();
  return url_error::none;
}

// File state and file slash state.
url_error url_parser::file() {
  const url* base = base_ && base_->scheme_ == url_scheme::file ? base_ : nullptr;
  if (href_.empty()) {
    href_ = "file:";
    out_.scheme_end_ = size();
  }
  const bool slash = at_slash();
  if (slash) {
    ++at_;
    if (at_slash()) {
      ++at_;
      return file_host();
    }
  }
  if (base)
    copy_authority(*base);
  else
    open_authority();
  begin_path();
  const bool drive = starts_with_windows_drive(rest());
  if (base && slash) {
    if (!drive && has_windows_drive(base->pathname())) href_.append(base->pathname(), 0, 3);
  } else if (base) {
    if (at_end() || at('?') || at('#')) {
      href_.append(base->pathname());
      inherit_query_ = !at('?');
      return url_error::none;
    }
    if (!drive) {
      href_.append(base->pathname());
      shorten_path();
    }
  }
  path();
  return url_error::none;
}

// File host state.
url_error url_parser::file_host() {
  const std::size_t end = std::min(in_.find_first_of("/\\?#", at_), in_.size());
  const std::string_view text = in_.substr(at_, end - at_);
  open_authority();
  if (is_windows_drive(text)) {
    begin_path();
    path();
    return url_error::none;
  }
  if (!text.empty()) {
    if (const url_error why = host(text); why != url_error::none) return why;
    if (out_.hostname() == "localhost") {
      href_.resize(out_.host_);
      out_.host_end_ = size();
      out_.host_kind_ = host_kind::empty;
    }
  }
  at_ = end;
  path_start();
  return url_error::none;
}

}  // namespace orbweaver
