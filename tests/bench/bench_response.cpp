#include <benchmark/benchmark.h>
#include <cstring>
#include <string>

#include "crawler/fetch/response_parser.hpp"
#include "tests/bench/fixed_iterations.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t body_bytes = 37 * 1024;

constexpr std::string_view fields =
    "HTTP/1.1 200 OK\r\n"
    "Server: nginx/1.22.1\r\n"
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT\r\n"
    "Connection: keep-alive\r\n"
    "Vary: Accept-Encoding\r\n"
    "ETag: \"2eb8ccd4-9400\"\r\n"
    "Cache-Control: max-age=600, public\r\n"
    "X-Frame-Options: SAMEORIGIN\r\n";

std::string with_length() {
  return std::string(fields) + "Content-Length: " + std::to_string(body_bytes) + "\r\n\r\n" +
         std::string(body_bytes, 'x');
}

std::string in_chunks(std::size_t chunk) {
  std::string bytes = std::string(fields) + "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t left = body_bytes; left != 0;) {
    const std::size_t n = std::min(left, chunk);
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", n);
    bytes += size + std::string(n, 'x') + "\r\n";
    left -= n;
  }
  return bytes + "0\r\n\r\n";
}

// One response in `reads` equal reads. What is measured with chunks includes copying the bytes
// into the buffer, because decoding changes them.
void parse(benchmark::State& state, const std::string& bytes, std::size_t reads, bool copy) {
  response_parser parser;
  std::string buffer = bytes;
  const std::size_t piece = bytes.size() / reads + 1;
  for (auto _ : state) {
    parser.reset();
    std::size_t filled = 0;
    auto last = response_parser::state::need_more;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      const std::size_t n = std::min(piece, bytes.size() - at);
      if (copy) std::memcpy(buffer.data() + filled, bytes.data() + at, n);
      filled += n;
      while ((last = parser.parse({buffer.data(), filled})) == response_parser::state::head_done) {
        benchmark::DoNotOptimize(parser.headers().get(header_id::content_type));
      }
      filled = parser.buffered();
    }
    if (last != response_parser::state::done || parser.body(buffer).size() != body_bytes) {
      state.SkipWithError("the response was not read to its end");
      break;
    }
  }
}

void sized(benchmark::State& state) {
  parse(state, with_length(), static_cast<std::size_t>(state.range(0)), false);
}
BENCHMARK(sized)->Name("response/content_length/reads")->Arg(1)->Arg(3)->Apply(fixed_iterations);

void chunked(benchmark::State& state) {
  parse(state, in_chunks(static_cast<std::size_t>(state.range(0))), 3, true);
}
BENCHMARK(chunked)
    ->Name("response/chunked/chunk_bytes")
    ->Arg(1 << 20)
    ->Arg(8192)
    ->Arg(256)
    ->Apply(fixed_iterations);

void copy_alone(benchmark::State& state) {
  const std::string bytes = with_length();
  std::string buffer = bytes;
  for (auto _ : state) {
    std::memcpy(buffer.data(), bytes.data(), bytes.size());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(copy_alone)->Name("response/copying_alone");

}  // namespace
}  // namespace orbweaver
