#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "crawler/store/store_check.hpp"
#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"

namespace orbweaver {
namespace {

constexpr int damaged = 1;
constexpr int refused = 2;

struct store_arguments {
  std::string directory;
  bool accept = false;
};

int check(const store_arguments& with) {
  if (with.accept) {
    const std::string accepted = accept_losses(with.directory);
    if (!accepted.empty()) std::cout << "Accepted:\n" << accepted << '\n';
  }
  const auto problems = check_store(with.directory);
  for (const std::string& problem : problems) std::cout << problem << '\n';
  if (problems.empty()) std::cout << "The store is sound.\n";
  return problems.empty() ? 0 : damaged;
}

int measure(const store_arguments& with) {
  const store_statistics s = measure_store(with.directory);
  std::cout << "crawls       " << s.crawls << "\nunfinished   " << s.unfinished << "\nURLs         "
            << s.urls << "\nrecords      " << s.records << "\ntable bytes  " << s.table_bytes
            << "\nblob bytes   " << s.blob_bytes << '\n';
  if (!s.doubt.empty()) std::cout << s.doubt << '\n';
  return 0;
}

int compact(const store_arguments& with) {
  compact_store(with.directory);
  return 0;
}

// Its arguments, for what this command alone has.
store_arguments& add(CLI::App& store, const char* name, const char* what,
                     int (*run)(const store_arguments&), int& exit_code) {
  CLI::App* command = store.add_subcommand(name, what);
  auto with = std::make_shared<store_arguments>();
  command->add_option("DIR", with->directory, "The service's --data-dir")->required();
  command->callback([with, run, &exit_code] {
    try {
      exit_code = run(*with);
    } catch (const store_refused& why) {
      exit_code = complain(std::string(why.what()), refused);
    } catch (const std::runtime_error& why) {
      exit_code = complain(std::string(why.what()), damaged);
    }
  });
  return *with;
}

}  // namespace

void add_store_command(CLI::App& app, int& exit_code) {
  CLI::App* store =
      app.add_subcommand("store", "Look after a store on disk, while no service runs");
  store->require_subcommand(1);
  store_arguments& checked =
      add(*store, "check", "Read everything, count anew whatever has a row, and say what is wrong",
          check, exit_code);
  store->get_subcommand("check")->add_flag(
      "--accept", checked.accept, "Go on without what was found to be lost, and tell it no more");
  add(*store, "stat", "What it holds", measure, exit_code);
  add(*store, "compact", "Give the space of what was deleted back to the disk", compact, exit_code);
  store->footer(
      R"(check takes bytes on the wire and the time a crawl has run from its counts: no row has them.
What a start has found to be lost is told by check, by stat and by the service, until it is accepted.

Exit codes: 0 done, 1 the store is damaged, 2 it could not be opened.)");
}

}  // namespace orbweaver
