#include "crawler/fetch/keep_exchange.hpp"

#include <algorithm>
#include <array>

#include "crawler/fetch/decode_codings.hpp"
#include "crawler/fetch/media_type.hpp"
#include "crawler/fetch/page_reader.hpp"
#include "crawler/fetch/request.hpp"

namespace orbweaver {
namespace {

// Formats whose bytes no further compression makes smaller.
constexpr std::array<std::string_view, 8> packed_types{
    "image/*",         "audio/*",         "video/*",          "font/woff*",
    "application/pdf", "application/zip", "application/gzip", "application/vnd.openxmlformats*"};

bool is_packed(const header_list& headers) {
  const auto codings = codings_of(headers);
  if (!codings || !codings->empty()) return true;
  const auto type = media_type_of(headers);
  if (!type || type->essence == "image/svg+xml") return false;
  return std::ranges::any_of(packed_types, [&](std::string_view pattern) {
    return matches_media_pattern(type->essence, pattern);
  });
}

payload_cut cut_of(const response_parser& head, outcome ended) {
  if (ended == outcome::total_timeout || ended == outcome::too_slow) return payload_cut::time;
  switch (head.truncated()) {
    case truncation::size_limit: return payload_cut::length;
    case truncation::closed: return payload_cut::disconnect;
    case truncation::bad_chunk: return payload_cut::unspecified;
    case truncation::none: break;
  }
  return head.done() ? payload_cut::none : payload_cut::length;  // not read on
}

}  // namespace

void keep_exchange(const fetch_order& order, const url& target, const std::string& address,
                   const response_parser& head, std::string_view wire_body, outcome ended,
                   fetch_report& report) {
  if (!order.profile->keeps.exchanges || order.entry.kind != entry_kind::page) return;
  // What type a 304 claims for itself is of no interest.
  const bool unchanged = is_unchanged(order, target, report);
  if (!unchanged && !report.location && !wants_body(order, head)) return;
  const auto ago = std::chrono::duration_cast<wall_clock::duration>(report.timings.total);
  http_exchange& out = report.exchange.emplace();
  out.url = std::string(target.href_without_fragment());
  out.request_head = request_for(order, target, report.earlier.get(), request_secrets::left_out);
  out.response_head = std::string(head.headers().raw());
  out.address = address;
  out.time = wall_clock::now() - ago;
  out.cut = cut_of(head, ended);
  if (unchanged) {
    out.unchanged = report.earlier->exchange;
    out.hash = report.earlier->payload_hash;
    out.payload_bytes = report.earlier->payload_bytes;
    return;
  }
  if (wire_body.empty()) return;
  out.hash = order.profile->keeps.prints.of(wire_body);
  out.payload_bytes = wire_body.size();
  out.packed = is_packed(head.headers());
  out.payload = std::make_shared<const kept_body>(wire_body);
}

}  // namespace orbweaver
