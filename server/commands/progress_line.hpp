#pragma once

#include <cstddef>
#include <string>

#include "crawler/model.hpp"

namespace orbweaver {

// One line of at most `columns` characters: bar, pages, rate, queued, failed, time left. What does
// not fit is left out, the least important part first.
std::string progress_line(const crawl_status& status, std::size_t columns);

// Several lines: how a crawl went that is over, or was left by whom it ran for, and what failed of
// it. `ran`: for how long, in all runs together.
std::string crawl_summary(const crawl_status& status, seconds_f ran);
// Of a crawl that is over: it ran from its start to its end.
std::string crawl_summary(const crawl_status& status);

// "1.5 MB", "37 s", "2 h 5 min": for people.
std::string readable_bytes(std::uint64_t bytes);
std::string readable_time(seconds_f time);

}  // namespace orbweaver
