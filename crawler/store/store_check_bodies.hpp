#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crawler/store/database.hpp"

namespace orbweaver {

// Whether every payload is whole, there for a crawl that needs it, and noted as that. Adds a line
// for each that is not to `problems`.
void check_bodies(const database& db, std::vector<std::string>& problems);

// Of a crawl's exchanges: what they count for in bytesStored. Adds a line to `problems` for each
// that is damaged, or whose payload is not noted.
std::uint64_t count_exchanges(const database& db, std::uint64_t number,
                              std::vector<std::string>& problems);

}  // namespace orbweaver
