#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace orbweaver {

// Why a text given by a person was refused: a phrase that reads on after "<name>: ". Made by
// refuse() alone: a parsed<std::string> must not take its value for a reason.
class bad_text {
 public:
  bad_text() = default;
  const std::string& why() const noexcept { return why_; }

 private:
  struct token {};
  bad_text(std::string why, token) : why_(std::move(why)) {}
  friend bad_text refuse(std::string why);

  std::string why_;
};

inline bad_text refuse(std::string why) { return {std::move(why), bad_text::token{}}; }

// Found by parsed<T>::value(): asking a failure for its value is a bug.
[[noreturn]] inline void throw_exception_from_error(const bad_text& text,
                                                    const boost::source_location&) {
  throw std::invalid_argument(text.why());
}

// What a text means, or why it means nothing. For settings; outcomes of fetches use result<T>.
template <class T>
using parsed = boost::system::result<T, bad_text>;

}  // namespace orbweaver
