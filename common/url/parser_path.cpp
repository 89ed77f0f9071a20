// The end of the URL parser: path, query and fragment.
#include <algorithm>
#include <array>

#include "common/url/parser.hpp"
#include "common/url/percent.hpp"
#include "common/url/windows_drive.hpp"

namespace orbweaver {
namespace {

enum path_class : std::uint8_t { plain, slash, query_start, other };

// What a byte means to a path that is to be copied as it stands.
constexpr auto path_classes = [] {
  std::array<path_class, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c)
    if (must_encode(static_cast<char>(c), encode_set::path)) classes[c] = other;
  classes['\\'] = other;
  classes['/'] = slash;
  classes['?'] = classes['#'] = query_start;
  return classes;
}();

path_class class_of(char c) noexcept { return path_classes[static_cast<unsigned char>(c)]; }

// The number of dots `segment` stands for, each written '.' or "%2e", if it is one or two; or 0.
int dots(std::string_view segment) noexcept {
  int count = 0;
  while (!segment.empty()) {
    if (segment[0] == '.')
      segment.remove_prefix(1);
    else if (segment.size() >= 3 && segment[0] == '%' && segment[1] == '2' &&
             (segment[2] | 0x20) == 'e')
      segment.remove_prefix(3);
    else
      return 0;
    if (++count > 2) return 0;
  }
  return count;
}

bool may_be_dots(std::string_view segment) noexcept {
  return !segment.empty() && (segment[0] == '.' || segment[0] == '%') && dots(segment) != 0;
}

}  // namespace

std::string_view url_parser::before_query() const noexcept {
  std::size_t end = at_;
  while (end < in_.size() && class_of(in_[end]) != query_start) ++end;
  return in_.substr(at_, end - at_);
}

// Path start state.
void url_parser::path_start() {
  begin_path();
  if (!out_.is_special() && (at_end() || at('?') || at('#'))) return;
  if (at_slash()) ++at_;
  path();
}

// Path state. What the path holds so far is in the string already; the slash before the first
// segment has been taken.
void url_parser::path() {
  if (!append_plain_path()) append_segments(before_query());
  end_path();
}

// Section 4.5, step 3: without an authority, "//" would look like the beginning of one.
void url_parser::end_path() {
  if (out_.host_kind_ != host_kind::none || href_.compare(out_.path_, 2, "//") != 0) return;
  href_.insert(out_.path_, "/.");
  out_.path_ += 2;
}

// Many links begin with "../" or "./"; what follows is then most often a plain path.
void url_parser::skip_leading_dots() {
  while (at('.')) {
    if (rest().starts_with("./")) {
      at_ += 2;
    } else if (rest().starts_with("../")) {
      shorten_path();
      at_ += 3;
    } else {
      return;
    }
  }
}

// Most paths have nothing to escape, resolve or repair: they are looked over once and copied.
bool url_parser::append_plain_path() {
  if (out_.scheme_ == url_scheme::file) return false;
  skip_leading_dots();
  std::size_t segment = at_;
  std::size_t i = at_;
  for (; i < in_.size(); ++i) {
    const path_class c = class_of(in_[i]);
    if (c == plain) continue;
    if (c == query_start) break;
    if (c == other || may_be_dots(in_.substr(segment, i - segment))) return false;
    segment = i + 1;
  }
  if (may_be_dots(in_.substr(segment, i - segment))) return false;
  href_.push_back('/');
  href_.append(in_, at_, i - at_);
  at_ = i;
  return true;
}

void url_parser::append_segments(std::string_view text) {
  const std::string_view separators = out_.is_special() ? "/\\" : "/";
  at_ += text.size();
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    append_segment(text.substr(0, end), end == text.npos);
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

void url_parser::append_segment(std::string_view segment, bool last) {
  if (const int count = dots(segment); count > 0) {
    if (count == 2) shorten_path();
    if (last) href_.push_back('/');
    return;
  }
  const bool first = size() == out_.path_;
  href_.push_back('/');
  if (first && out_.scheme_ == url_scheme::file && is_windows_drive(segment)) {
    href_.push_back(segment[0]);
    href_.push_back(':');
  } else {
    append_encoded(href_, segment, encode_set::path);
  }
}

// Section 4.2, "shorten": drops the last segment, but never a drive letter that stands alone.
void url_parser::shorten_path() {
  const std::string_view path = std::string_view(href_).substr(out_.path_);
  if (out_.scheme_ == url_scheme::file && path.size() == 3 && has_windows_drive(path)) return;
  if (!path.empty()) href_.resize(out_.path_ + path.rfind('/'));
}

// Opaque path state.
void url_parser::opaque_path() {
  const std::string_view text = before_query();
  at_ += text.size();
  out_.opaque_path_ = true;
  // A space at the end would be lost when the serialised URL is parsed again.
  const bool space = text.ends_with(' ');
  append_encoded(href_, text.substr(0, text.size() - space), encode_set::c0_control);
  if (space) href_.append("%20");
}

// Query state and fragment state.
void url_parser::query_and_fragment() {
  out_.query_ = size();
  if (at('?')) {
    const std::size_t end = std::min(in_.find('#', at_), in_.size());
    href_.push_back('?');
    append_encoded(href_, in_.substr(at_ + 1, end - at_ - 1),
                   out_.is_special() ? encode_set::special_query : encode_set::query);
    at_ = end;
  } else if (inherit_query_) {
    href_.append(base_->href_, base_->query_, base_->fragment_ - base_->query_);
  }
  out_.fragment_ = size();
  if (at('#')) {
    href_.push_back('#');
    append_encoded(href_, in_.substr(at_ + 1), encode_set::fragment);
  }
  out_.end_ = size();
}

}  // namespace orbweaver
