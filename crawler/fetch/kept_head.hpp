#pragma once

#include <string>
#include <string_view>

#include "crawler/fetch/response_parser.hpp"

namespace orbweaver {

// The head of a kept answer, read once more.
class kept_head {
 public:
  explicit kept_head(std::string_view response_head) : text_(response_head) {
    parser_.parse(text_);
  }
  kept_head(const kept_head&) = delete;
  kept_head& operator=(const kept_head&) = delete;

  // 0: it is none.
  unsigned status() const noexcept { return parser_.status(); }
  const header_list& headers() const noexcept { return parser_.headers(); }

 private:
  std::string text_;
  response_parser parser_;
};

}  // namespace orbweaver
