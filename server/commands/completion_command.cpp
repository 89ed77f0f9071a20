#include <CLI/CLI.hpp>
#include <iostream>

#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/completion.hpp"
#include "server/commands/man_page.hpp"

namespace orbweaver {
namespace {

int print(const std::string& text) { return std::cout << text << std::flush ? 0 : exit_failed; }

}  // namespace

void add_completion_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("completion", "Print a shell's script for completing words");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(R"(Examples:
  source <(orbweaver completion bash)            in ~/.bashrc
  source <(orbweaver completion zsh)             in ~/.zshrc, behind compinit
  orbweaver completion fish | source             in ~/.config/fish/config.fish

'cmake --install' puts them where the shells look for them.)");
  command->callback([shell, &app, &exit_code] {
    const command_doc root = describe_command(app);
    exit_code = print(*shell == "bash"  ? bash_completion(root)
                      : *shell == "zsh" ? zsh_completion(root)
                                        : fish_completion(root));
  });
}

void add_man_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("man", "Print the manual page");
  command->footer("Example:\n  orbweaver man | man -l -");
  command->callback([&app, &exit_code] { exit_code = print(man_page(describe_command(app))); });
}

}  // namespace orbweaver
