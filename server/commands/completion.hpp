#pragma once

#include <string>

#include "server/commands/command_doc.hpp"

namespace orbweaver {

// Scripts by which a shell completes commands, flags and the values that are words; of other
// values, the names of files.
std::string bash_completion(const command_doc& root);
std::string zsh_completion(const command_doc& root);
std::string fish_completion(const command_doc& root);

}  // namespace orbweaver
