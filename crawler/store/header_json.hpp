#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/store/stored_crawl.hpp"

namespace orbweaver {

// Crawls as the store keeps them: JSON, so that a later version can read what an earlier one wrote.
// Unlike server/api's, it holds secrets, and is nobody's interface. Members that are missing take
// their defaults; a reader answers nothing for text that is not such JSON.
std::string spec_as_json(const crawl_spec& spec);
std::shared_ptr<const crawl_spec> spec_from_json(std::string_view text);

// All but the spec.
std::string header_as_json(const crawl_header& header);
std::optional<crawl_header> header_from_json(std::string_view text);
// Whether header_as_json() has written it of a crawl that is not listed, without reading it all.
bool says_unlisted(std::string_view text) noexcept;

}  // namespace orbweaver
