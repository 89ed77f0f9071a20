#pragma once

#include "crawler/model.hpp"

namespace orbweaver {

// A crawl's progress on the last line of the terminal that standard error is.
class drawn_progress {
 public:
  void draw(const crawl_status& status);
  // Makes room for other text. Without effect where nothing is drawn.
  void clear();

 private:
  bool drawn_ = false;
};

}  // namespace orbweaver
