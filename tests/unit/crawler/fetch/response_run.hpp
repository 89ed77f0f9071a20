#pragma once

#include <cstring>
#include <gtest/gtest.h>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "crawler/fetch/response_parser.hpp"

namespace orbweaver::response_test {

// Everything about one response that could be seen from outside.
struct seen {
  outcome error = outcome::fetched;
  unsigned status = 0;
  std::string body;
  bool keep_alive = false;
  truncation truncated = truncation::none;
  std::string head;
  std::size_t fields = 0;
  bool operator==(const seen&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const seen& s) {
  return out << name(s.error) << " status " << s.status << " body '" << s.body.substr(0, 200)
             << "' keep_alive " << s.keep_alive << " truncated " << static_cast<int>(s.truncated)
             << " fields " << s.fields;
}

// A connection that delivers `bytes` in pieces of the given sizes, the last one holding the
// rest, and then ends. Each call gets a buffer of exactly its size, so an over-read is seen by
// the address sanitizer.
inline seen run(std::string_view bytes, const std::vector<std::size_t>& pieces,
                request_kind kind = request_kind::get, const response_limits& limits = {}) {
  using state = response_parser::state;
  response_parser parser(limits);
  parser.reset(kind);
  std::vector<char> kept;
  unsigned heads = 0;
  auto last = state::need_more;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t n = i < pieces.size() ? std::min(pieces[i], bytes.size()) : bytes.size();
    std::vector<char> buffer(kept.size() + n);
    std::copy(kept.begin(), kept.end(), buffer.begin());
    std::copy_n(bytes.begin(), n, buffer.begin() + static_cast<std::ptrdiff_t>(kept.size()));
    bytes.remove_prefix(n);
    while ((last = parser.parse(buffer)) == state::head_done) ++heads;
    EXPECT_LE(parser.buffered(), buffer.size());
    buffer.resize(parser.buffered());
    kept = std::move(buffer);
  }
  if (last == state::need_more) last = parser.finish();
  EXPECT_TRUE(last == state::done || last == state::failed);
  EXPECT_EQ(last == state::failed, parser.error() != outcome::fetched);
  EXPECT_LE(heads, 1u);
  EXPECT_TRUE(last == state::failed || heads == 1);
  EXPECT_EQ(parser.parse(kept), last) << "an ended response stays ended";
  return {parser.error(),         parser.status(),    std::string(parser.body(kept)),
          parser.keep_alive(),    parser.truncated(), std::string(parser.headers().raw()),
          parser.headers().size()};
}

// `bytes` give the same in one piece, byte by byte, cut once anywhere, and cut at random.
inline seen run(std::string_view bytes, request_kind kind = request_kind::get,
                const response_limits& limits = {}) {
  const seen whole = run(bytes, {}, kind, limits);
  EXPECT_EQ(run(bytes, std::vector<std::size_t>(bytes.size(), 1), kind, limits), whole)
      << "byte by byte: " << bytes.substr(0, 500);
  const std::size_t step = bytes.size() / 400 + 1;
  for (std::size_t cut = 1; cut < bytes.size(); cut += step) {
    EXPECT_EQ(run(bytes, {cut}, kind, limits), whole) << "cut at " << cut;
  }
  std::mt19937 random(static_cast<unsigned>(bytes.size()));
  for (int round = 0; round < 20; ++round) {
    std::vector<std::size_t> pieces;
    const std::size_t longest = bytes.size() / (1 + random() % 8) + 1;
    for (std::size_t sum = 0; sum < bytes.size(); sum += pieces.back()) {
      pieces.push_back(1 + random() % longest);
    }
    EXPECT_EQ(run(bytes, pieces, kind, limits), whole) << "cut at random, round " << round;
  }
  return whole;
}

// An answer that ends as it should.
struct good {
  std::string_view body;
  bool keep_alive;
  unsigned status = 200;
};
inline void expect(std::string_view bytes, const good& wanted,
                   request_kind kind = request_kind::get) {
  SCOPED_TRACE(bytes);
  const seen s = run(bytes, kind);
  EXPECT_EQ(s.error, outcome::fetched) << s;
  EXPECT_EQ(s.status, wanted.status);
  EXPECT_EQ(s.body, wanted.body);
  EXPECT_EQ(s.keep_alive, wanted.keep_alive);
  EXPECT_EQ(s.truncated, truncation::none);
}

inline void expect_failure(std::string_view bytes, outcome wanted, std::string_view body = "",
                           truncation truncated = truncation::none) {
  SCOPED_TRACE(bytes);
  const seen s = run(bytes);
  EXPECT_EQ(s.error, wanted) << name(s.error);
  EXPECT_EQ(s.body, body);
  EXPECT_EQ(s.truncated, truncated);
  EXPECT_FALSE(s.keep_alive);
}

}  // namespace orbweaver::response_test
