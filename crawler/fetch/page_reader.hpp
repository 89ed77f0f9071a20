#pragma once

#include <optional>

#include "common/url/url.hpp"
#include "crawler/fetch/fetch.hpp"
#include "crawler/fetch/response_parser.hpp"

namespace orbweaver {

// The most cookies taken from one answer, curl's limit; further ones are passed over. Each costs a
// look at the whole jar.
inline constexpr std::size_t max_set_cookies = 50;

// How much of a body is received and how much of it decoded, in bytes: what the crawl asks for, but
// robots.txt and sitemaps up to where they count.
std::size_t max_body_bytes(const fetch_order& order);

// Whether the body of an answer with this head is worth receiving.
bool wants_body(const fetch_order& order, const response_parser& head);

// Whether the answer is a 304 that stands for the page as the earlier crawl had it: one that was
// not asked for does not. The report has the status.
bool is_unchanged(const fetch_order& order, const url& target, const fetch_report& report);

// Makes a report of a complete (or cut-off) answer from `target`: redirects, decoding, charset,
// links with their fingerprints, and the record's members. Pure; `wire_body` is undone of
// chunking only. Answers how the fetch ended; nothing when the body turns out to be longer than
// `most_decoded` bytes, for callers that have no time for such: then it is to be called anew.
std::optional<outcome> read_answer(const fetch_order& order, const url& target,
                                   const response_parser& head, std::string_view wire_body,
                                   fetch_report& report, std::size_t most_decoded);

}  // namespace orbweaver
