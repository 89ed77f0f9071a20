#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orbweaver {

// A record as readers see it: what the fetch brought (see record_draft), and around it what the
// store adds. URLs that are not known are left out.
std::string render_record(std::uint64_t seq, std::optional<std::string_view> referrer,
                          std::optional<std::string_view> duplicate_of, std::string_view members);

}  // namespace orbweaver
