#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/url/url.hpp"

namespace orbweaver {

// The scheme's own port, or 0.
std::uint16_t default_port(url_scheme scheme) noexcept;

// The basic URL parser (URL Standard, section 4.4) for one input: each of its states is a function
// that takes all it is responsible for at once and appends it, serialised, to the URL's string.
// Parts of a base are copied as they stand, for they are serialised already.
class url_parser {
 public:
  // `base` may be null; neither it nor `input` may be memory of `out`.
  url_parser(url& out, std::string_view input, const url* base) noexcept
      : out_(out), href_(out.href_), in_(input), base_(base) {}

  url_error run();

 private:
  void clean_input();
  url_error parse();
  bool take_scheme();
  url_error after_scheme();
  url_error no_scheme();
  url_error relative();
  url_error file();
  url_error file_host();
  url_error authority();
  void credentials(std::string_view text);
  url_error host_and_port(std::string_view text);
  url_error host(std::string_view text);
  url_error port(std::string_view digits);
  void path_start();
  void path();
  void end_path();
  void skip_leading_dots();
  bool append_plain_path();
  void append_segments(std::string_view text);
  void append_segment(std::string_view segment, bool last);
  void shorten_path();
  void opaque_path();
  void query_and_fragment();
  void own_origin();

  void open_authority();
  void no_authority() noexcept;
  void copy_authority(const url& from);
  void begin_path() noexcept { out_.path_ = size(); }

  bool at_end() const noexcept { return at_ == in_.size(); }
  bool at(char c) const noexcept { return at_ < in_.size() && in_[at_] == c; }
  bool at_slash() const noexcept { return at('/') || (at('\\') && out_.is_special()); }
  std::string_view rest() const noexcept { return in_.substr(at_); }
  // What lies before the next '?' or '#', or before the end.
  std::string_view before_query() const noexcept;
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(href_.size()); }

  url& out_;
  std::string& href_;
  std::string_view in_;
  std::string cleaned_;  // the input without tabs and line ends, if it had any
  const url* base_;
  std::size_t at_ = 0;
  bool inherit_query_ = false;
};

}  // namespace orbweaver
