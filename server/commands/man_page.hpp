#pragma once

#include <string>

#include "server/commands/command_doc.hpp"

namespace orbweaver {

// The manual of all commands in one page, in the macros of man(7).
std::string man_page(const command_doc& root);

}  // namespace orbweaver
