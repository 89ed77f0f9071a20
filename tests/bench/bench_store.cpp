// How many pages a second the store on disk takes: a record of 2 KB, with a body of 10 KB or
// without.
#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "crawler/store/database.hpp"
#include "crawler/store/rocksdb_store.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t pages = 50'000;
constexpr std::size_t record_bytes = 2 << 10;
constexpr std::size_t body_bytes = 10 << 10;

// Text that compresses about as well as markup, and is no other page's.
std::string text_of(std::size_t page, std::size_t bytes) {
  std::string out;
  std::uint64_t state = page * 2654435761 + 1;
  while (out.size() < bytes) {
    state = state * 6364136223846793005 + 1442695040888963407;
    out.append("<li class=\"item\"><a href=\"/page/").append(std::to_string(state >> 40));
    out.append("\">").append(std::to_string(state >> 48)).append("</a></li>\n");
  }
  out.resize(bytes);
  return out;
}

http_exchange exchange_of(std::size_t page) {
  const std::string body = text_of(page, body_bytes);
  return {.url = "http://a.example/" + std::to_string(page),
          .request_head = std::string(250, 'q'),
          .response_head = std::string(250, 'r'),
          .hash = fingerprinter().of(body),
          .payload_bytes = body.size(),
          .payload = std::make_shared<const kept_body>(body)};
}

page_commit commit_of(const crawl_id& id, url_id page, bool with_body) {
  page_commit out{.crawl = id, .url = page, .fate = outcome::fetched};
  out.first_found = page;
  out.found = {{.url = "http://a.example/" + std::to_string(page),
                .print = {page * 0x9e3779b97f4a7c15ULL, page}}};
  out.record = record_draft{.members = text_of(page, record_bytes)};
  if (with_body) out.exchanges.push_back(exchange_of(page));
  return out;
}

void commit_pages(benchmark::State& state, bool with_body) {
  std::string folder = (std::filesystem::temp_directory_path() / "orbweaver-bench-XXXXXX").string();
  if (!mkdtemp(folder.data())) return state.SkipWithError("no temporary folder");
  for (auto _ : state) {
    asio::io_context context(1);
    auto guard = asio::make_work_guard(context);
    rocksdb_store store(context, {.directory = std::filesystem::path(folder) / "data"});
    std::jthread loop([&] { context.run(); });
    auto spec = std::make_shared<crawl_spec>();
    const crawl_id id = crawl_id::random();
    store.open_crawl({.id = id, .number = 1, .spec = std::move(spec)});
    for (url_id page = 0; page < pages; ++page) {
      while (store.health() != store_health::well) std::this_thread::yield();
      store.commit(commit_of(id, page, with_body));
    }
    asio::co_spawn(asio::make_strand(context), store.flush(), asio::use_future).get().value();
    guard.reset();
    loop.join();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(pages) * state.iterations());
  std::filesystem::remove_all(folder);
}
BENCHMARK_CAPTURE(commit_pages, records, false)
    ->Name("store/records")
    ->Iterations(1)
    ->UseRealTime()
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(commit_pages, bodies, true)
    ->Name("store/records_and_bodies")
    ->Iterations(1)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace orbweaver
