#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/model.hpp"

namespace orbweaver {

// A crawl as a service tells of it. Texts are fit for a terminal.
struct crawl_view {
  std::string id;
  std::string name;                 // empty: none
  std::vector<std::string> labels;  // "name=value"
  std::vector<std::string> seeds;   // the first of them
  std::vector<std::string> actions;
  std::string created_at, started_at, finished_at;  // RFC 3339; empty: not yet
  crawl_status status;                              // but for its id and request
};

// Of the status object. What is missing in it stays at its default, for the service may be of
// another version; nothing for text that is no such object.
std::optional<crawl_view> parse_view(std::string_view text);
std::optional<crawl_view> view_of(const nlohmann::json& object);

// A crawl in some lines, and in one line of a table under that header.
std::string described(const crawl_view& crawl);
std::string table_header();
std::string table_line(const crawl_view& crawl);

}  // namespace orbweaver
