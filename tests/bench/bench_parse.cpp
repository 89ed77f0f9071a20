#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/parse/page_scan.hpp"
#include "crawler/parse/utf8.hpp"
#include "tests/bench/fixed_iterations.hpp"
#include "tests/bench/made_up_page.hpp"

// Speed over real sites: the HTML of documentation packages, or of the directories named in
// ORBWEAVER_BENCH_HTML (separated by ':'). At most corpus_bytes of each are read. And over one page
// that is the same everywhere.
namespace orbweaver {
namespace {

constexpr std::size_t corpus_bytes = 64 << 20;
constexpr std::string_view made_up = "/made_up";  // stands for a directory

std::vector<std::string> read_pages(const std::string& directory) {
  if (directory == made_up) return {made_up_page().text()};
  namespace fs = std::filesystem;
  std::vector<std::string> pages;
  std::size_t total = 0;
  std::error_code ec;
  fs::recursive_directory_iterator files(directory, ec);
  for (; !ec && files != fs::recursive_directory_iterator(); files.increment(ec)) {
    if (!files->is_regular_file() || files->path().extension() != ".html") continue;
    std::ifstream in(files->path(), std::ios::binary);
    pages.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    total += pages.back().size();
    if (total > corpus_bytes) break;
  }
  return pages;
}

template <class Work>
void over_pages(benchmark::State& state, const std::string& directory, Work work) {
  static std::string loaded;
  static std::vector<std::string> pages;
  if (loaded != directory) {
    pages = read_pages(directory);
    loaded = directory;
  }
  if (pages.empty()) {
    state.SkipWithError(("no HTML below " + directory).c_str());
    return;
  }
  std::size_t bytes = 0;
  std::size_t count = 0;
  std::size_t found = 0;
  for ([[maybe_unused]] auto _ : state) {
    for (const std::string& page : pages) {
      found += work(page);
      bytes += page.size();
    }
    count += pages.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  state.counters["found/page"] = static_cast<double>(found) / static_cast<double>(count);
}

void scan(benchmark::State& state, const std::string& directory, const scan_options& options) {
  page_scan out;
  over_pages(state, directory, [&](const std::string& page) {
    scan_page(page, options, out);
    benchmark::DoNotOptimize(out.links.data());
    return out.links.size();
  });
}

void check(benchmark::State& state, const std::string& directory) {
  over_pages(state, directory,
             [](const std::string& page) { return is_valid_utf8(page) ? 1U : 0U; });
}

std::vector<std::string> directories() {
  const char* const given = std::getenv("ORBWEAVER_BENCH_HTML");
  std::string list = given != nullptr
                         ? given
                         : "/usr/share/cppreference/doc/html:/usr/share/doc/python3.11:"
                           "/usr/share/doc/postgresql-doc-15/html:"
                           "/usr/share/doc/libboost1.74-doc";
  std::vector<std::string> out{std::string(made_up)};
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t colon = std::min(list.find(':', at), list.size());
    if (colon != at) out.push_back(list.substr(at, colon - at));
    at = colon + 1;
  }
  return out;
}

const bool registered = [] {
  const struct {
    const char* name;
    scan_options options;
  } modes[] = {
      {"followed_only", {.followed_only = true}},
      {"links_title", {.link_text = false}},
      {"links_title_text", {}},
      {"everything", {.visible_text = true}},
  };
  for (const std::string& directory : directories()) {
    for (const auto& mode : modes) {
      benchmark::RegisterBenchmark(
          (std::string("scan_page/") + mode.name + directory).c_str(),
          [=](benchmark::State& state) { scan(state, directory, mode.options); })
          ->Unit(benchmark::kMillisecond)
          ->Apply(fixed_iterations);
    }
    benchmark::RegisterBenchmark(("is_valid_utf8" + directory).c_str(),
                                 [=](benchmark::State& state) { check(state, directory); })
        ->Unit(benchmark::kMillisecond)
        ->Apply(fixed_iterations);
  }
  return true;
}();

}  // namespace
}  // namespace orbweaver
