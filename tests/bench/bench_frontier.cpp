// What a URL costs between its discovery and its end, apart from fetching it: its turn in the
// frontier, and the question of whether it is known.
#include <benchmark/benchmark.h>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/frontier/fingerprint.hpp"
#include "crawler/frontier/frontier.hpp"
#include "crawler/frontier/seen_cache.hpp"
#include "crawler/frontier/seen_set.hpp"
#include "tests/bench/fixed_iterations.hpp"

namespace orbweaver {
namespace {

using namespace std::chrono_literals;

struct site {
  std::string host, origin;
};

std::vector<site> sites(std::size_t count) {
  std::vector<site> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].host = "www.site-" + std::to_string(i) + ".example";
    out[i].origin = "https://" + out[i].host;
  }
  return out;
}

// One entry is started and has its end; its URL is found again meanwhile, so that the queues stay
// as long as they are. Called is what the engine calls for a page of a crawl on disk whose queues
// have room in memory.
void cycle(benchmark::State& state) {
  constexpr std::size_t queued_each = 4;
  const std::vector<site> all = sites(static_cast<std::size_t>(state.range(0)));
  const clock::time_point now = clock::time_point{} + 1h;
  frontier f(100);
  const auto crawl = f.add_crawl({});
  f.set_window(crawl, {.queues = 1 << 20, .entries = 1 << 20, .most = 1 << 20});
  const auto add = [&](frontier_entry entry) {
    const site& at = all[entry.id % all.size()];
    if (f.admit(crawl, at.origin, at.host)) f.push_new(crawl, at.origin, at.host, std::move(entry));
  };
  for (url_id id = 0; id < queued_each * all.size(); ++id) {
    frontier_entry entry;
    entry.url = all[id % all.size()].origin + "/articles/" + std::to_string(id) + "/index.html";
    entry.id = id;
    add(std::move(entry));
  }
  for (auto _ : state) {
    auto step = f.next(now);
    auto* const begun = std::get_if<frontier::start>(&step);
    if (!begun) {
      state.SkipWithError("nothing to start");
      break;
    }
    const std::string_view origin = all[begun->entry.id % all.size()].origin;
    add(std::move(begun->entry));
    f.finished(begun->held, now);
    f.ended(crawl, origin, now);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cycle)
    ->Name("frontier/cycle/hosts")
    ->Arg(1)
    ->Arg(100)
    ->Arg(10'000)
    ->Apply(fixed_iterations);

std::vector<fingerprint> prints(std::int64_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<fingerprint> out(static_cast<std::size_t>(count));
  for (fingerprint& f : out) f = {random(), random()};
  return out;
}

void fill(seen_set& set, const std::vector<fingerprint>& with) {
  url_id next = 0;
  for (const fingerprint f : with) set.insert(f, next++);
}

// As in a crawl that has half filled its memory: at 96 bytes each, a generation has room for more
// than half of them and for less than all. So both are in use, and nothing has been dropped.
void fill(seen_cache& cache, const std::vector<fingerprint>& with) {
  cache.set_capacity(96 * with.size());
  url_id next = 0;
  for (const fingerprint f : with) {
    cache.insert(f, next++);
    cache.make_room();
  }
}

auto look_up(const seen_set& set, fingerprint f) { return set.get(f); }
auto look_up(seen_cache& cache, fingerprint f) { return cache.find(f); }

// From nothing on, growing and giving back included.
template <class Set>
void insert(benchmark::State& state) {
  const auto all = prints(state.range(0), 1);
  for (auto _ : state) {
    Set set;
    fill(set, all);
    benchmark::DoNotOptimize(set.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Set, bool known>
void find(benchmark::State& state) {
  const auto all = prints(state.range(0), 1);
  const auto asked = known ? all : prints(state.range(0), 2);
  Set set;
  fill(set, all);
  for (const fingerprint f : asked) look_up(set, f);  // moves it to a cache's young generation
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(look_up(set, asked[i]));
    if (++i == asked.size()) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}

// The one in the middle is what instructions.py counts: it is quick, and its slots are sparse and
// many, so that little depends on how a process, at random, spreads fingerprints over them.
void entries(benchmark::internal::Benchmark* of) {
  of->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Apply(fixed_iterations);
}
BENCHMARK_TEMPLATE(insert, seen_set)->Name("seen_set/insert")->Apply(entries);
BENCHMARK_TEMPLATE(find, seen_set, true)->Name("seen_set/find/known")->Apply(entries);
BENCHMARK_TEMPLATE(find, seen_set, false)->Name("seen_set/find/unknown")->Apply(entries);
BENCHMARK_TEMPLATE(insert, seen_cache)->Name("seen_cache/insert")->Apply(entries);
BENCHMARK_TEMPLATE(find, seen_cache, true)->Name("seen_cache/find/known")->Apply(entries);
BENCHMARK_TEMPLATE(find, seen_cache, false)->Name("seen_cache/find/unknown")->Apply(entries);

void fingerprint_of_url(benchmark::State& state) {
  constexpr std::string_view url = "https://www.example.org/articles/2024/05/17/some-title.html?";
  static_assert(url.size() == 60);
  const fingerprinter make;
  for (auto _ : state) benchmark::DoNotOptimize(make.of(url));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fingerprint_of_url)->Name("fingerprint/60_bytes")->Apply(fixed_iterations);

}  // namespace
}  // namespace orbweaver
