#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/commands/service_client.hpp"

namespace CLI {
class App;
}

namespace orbweaver {

// --limit and --cursor of a command that prints a list.
void add_page_flags(CLI::App& command, std::optional<std::uint64_t>& limit, std::string& cursor);

// These write what a service tells of a crawl to a file, "" and "-" being standard output, and
// answer the command's exit code. A file is begun only once there is something to write: a refusal
// overwrites nothing.

// The body of a good answer to a GET, as it comes.
int write_answer(service_client& service, const std::string& target, const std::string& output);

// At most `limit` items of a list, one a line, in pages: from `cursor` on, or from the first if
// that is empty. `target` has a query. Where more may come, standard error says with which cursor.
int write_items(service_client& service, const std::string& target, std::uint64_t limit,
                std::string cursor, const std::string& output);

}  // namespace orbweaver
