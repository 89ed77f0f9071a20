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

int check(const std::string& directory) {
  const auto problems = check_store(directory);
  for (const std::string& problem : problems) std::cout << problem << '\n';
  if (problems.empty()) std::cout << "The store is sound.\n";
  return problems.empty() ? 0 : damaged;
}

int measure(const std::string& directory) {
  const store_statistics s = measure_store(directory);
  std::cout << "crawls       " << s.crawls << "\nunfinished   " << s.unfinished << "\nURLs         "
            << s.urls << "\nrecords      " << s.records << "\ntable bytes  " << s.table_bytes
            << "\nblob bytes   " << s.blob_bytes << '\n';
  return 0;
}

int compact(const std::string& directory) {
  compact_store(directory);
  return 0;
}

void add(CLI::App& store, const char* name, const char* what, int (*run)(const std::string&),
         int& exit_code) {
  CLI::App* command = store.add_subcommand(name, what);
  auto directory = std::make_shared<std::string>();
  command->add_option("DIR", *directory, "The service's --data-dir")->required();
  command->callback([directory, run, &exit_code] {
    try {
      exit_code = run(*directory);
    } catch (const store_refused& why) {
      exit_code = complain(std::string(why.what()), refused);
    } catch (const std::runtime_error& why) {
      exit_code = complain(std::string(why.what()), damaged);
    }
  });
}

}  // namespace

void add_store_command(CLI::App& app, int& exit_code) {
  CLI::App* store =
      app.add_subcommand("store", "Look after a store on disk, while no service runs");
  store->require_subcommand(1);
  add(*store, "check", "Read everything, count anew whatever has a row, and say what is wrong",
      check, exit_code);
  add(*store, "stat", "What it holds", measure, exit_code);
  add(*store, "compact", "Give the space of what was deleted back to the disk", compact, exit_code);
  store->footer(
      R"(check takes bytes on the wire and the time a crawl has run from its counts: no row has them.

Exit codes: 0 done, 1 the store is damaged, 2 it could not be opened.)");
}

}  // namespace orbweaver
