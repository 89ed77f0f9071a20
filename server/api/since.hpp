#pragma once

#include <optional>
#include <string>

#include "crawler/store/store.hpp"

namespace orbweaver {

// Completes a request's `since` by what the store knows of that crawl. Answers what is wrong with
// it, to follow the field's name.
task<std::optional<std::string>> settle_since(store& records, crawl_spec& spec);

}  // namespace orbweaver
