#include <array>
#include <benchmark/benchmark.h>
#include <string>

#include "common/url/canonical.hpp"
#include "common/url/site.hpp"
#include "common/url/url.hpp"
#include "tests/bench/fixed_iterations.hpp"

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 8> absolute{
    "https://www.example.com/",
    "https://en.wikipedia.org/wiki/Web_crawler#History",
    "http://example.org:8080/a/b/c/page.html?id=42&lang=en",
    "https://cdn.example.net/assets/css/main.3f9a1c.css",
    "https://shop.example.co.uk/products/shoes/running?size=42&color=blue&sort=price",
    "https://news.example.com/2024/05/17/some-long-headline-about-the-weather-today.html",
    "http://blog.example.de/index.php?p=1234",
    "https://github.com/example/project/blob/main/src/parser.cpp#L10-L20",
};
constexpr std::string_view page = "https://en.example.org/wiki/articles/Web_crawler?action=view";

void parse_absolute(benchmark::State& state) {
  url out;
  std::size_t i = 0;
  for (auto _ : state) {
    out.assign(absolute[i++ % absolute.size()]);
    benchmark::DoNotOptimize(out.href().data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_absolute)->Name("url/parse_absolute")->Apply(fixed_iterations);

void resolve(benchmark::State& state, std::string_view link) {
  const url base = *url::parse(page);
  url out;
  for (auto _ : state) {
    out.assign(link, &base);
    benchmark::DoNotOptimize(out.href().data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(resolve, dotdot, "../foo/bar.html#x")
    ->Name("url/resolve/../foo/bar.html#x")
    ->Apply(fixed_iterations);
BENCHMARK_CAPTURE(resolve, sibling, "page.html")
    ->Name("url/resolve/page.html")
    ->Apply(fixed_iterations);
BENCHMARK_CAPTURE(resolve, root, "/w/x")->Name("url/resolve//w/x")->Apply(fixed_iterations);
BENCHMARK_CAPTURE(resolve, query, "?page=2")->Name("url/resolve/?page=2")->Apply(fixed_iterations);
BENCHMARK_CAPTURE(resolve, absolute, "https://www.example.com/a/b.html")
    ->Name("url/resolve/absolute")
    ->Apply(fixed_iterations);
BENCHMARK_CAPTURE(resolve, encoded, "/caf\xc3\xa9/a b?q=\xc3\xa9")
    ->Name("url/resolve/to_encode")
    ->Apply(fixed_iterations);
BENCHMARK_CAPTURE(resolve, idn,
                  "https://b\xc3\xbc"
                  "cher.example/")
    ->Name("url/resolve/idn")
    ->Apply(fixed_iterations);

void canonical_key(benchmark::State& state, std::string_view text) {
  const canonicalizer canonical;
  const url u = *url::parse(text);
  std::string scratch;
  for (auto _ : state) benchmark::DoNotOptimize(canonical.key(u, scratch).data());
}
BENCHMARK_CAPTURE(canonical_key, plain, page)
    ->Name("url/canonical/unchanged")
    ->Apply(fixed_iterations);
BENCHMARK_CAPTURE(canonical_key, tracking,
                  "https://example.org/%7ea?id=1&utm_source=x&utm_medium=y")
    ->Name("url/canonical/changed")
    ->Apply(fixed_iterations);

void site(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(registrable_domain("www.shop.example.co.uk").data());
}
BENCHMARK(site)->Name("url/registrable_domain")->Apply(fixed_iterations);

}  // namespace
}  // namespace orbweaver
