#include "crawler/model.hpp"

#include <algorithm>
#include <cstring>

#include "common/random.hpp"
#include "crawler/service_error.hpp"

namespace orbweaver {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::array<std::string_view, 7> state_names{"queued",    "running",   "pausing", "paused",
                                                      "completed", "cancelled", "failed"};
constexpr std::array<std::string_view, 7> reason_names{"",      "exhausted", "limit", "duration",
                                                       "bytes", "cancelled", "error"};
constexpr std::array<std::string_view, 5> scope_names{"host", "domain", "path", "any", "list"};
constexpr std::array<std::string_view, 3> sitemap_names{"include", "skip", "only"};

template <class E, std::size_t N>
std::optional<E> from_name(const std::array<std::string_view, N>& names, std::string_view wanted) {
  const auto it = std::ranges::find(names, wanted);
  if (it == names.end()) return std::nullopt;
  return static_cast<E>(it - names.begin());
}

class service_category_type final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "orbweaver.service"; }
  std::string message(int value) const override {
    switch (static_cast<service_error>(value)) {
      case service_error::not_found: return "There is no such crawl.";
      case service_error::wrong_state: return "The crawl's state does not allow this.";
      case service_error::too_many_crawls: return "Too many unfinished crawls.";
      case service_error::shutting_down: return "The service is shutting down.";
      case service_error::no_record: return "The fetch ended without a record.";
      case service_error::no_body: return "No body was kept of this record.";
      case service_error::account_crawls: return "The account has no room for another crawl.";
      case service_error::account_pages: return "The account's pages of the day are used up.";
      case service_error::account_bytes: return "The account's bytes of the day are used up.";
      case service_error::bad_cursor: return "The cursor is not one of this list.";
      case service_error::storage_full: return "The disk is full.";
      case service_error::storage_failed: return "The store cannot be written or read.";
    }
    return "An unknown error.";
  }
};

}  // namespace

crawl_id crawl_id::random() {
  crawl_id id;
  fill_with_random(id.bytes);
  return id;
}

// 26 characters carry 130 bits: the first one holds only the top three of the 128.
std::string crawl_id::to_string() const {
  std::string out(26, '0');
  unsigned bits = 2;
  unsigned value = 0;
  std::size_t at = 0;
  for (const std::uint8_t byte : bytes) {
    value = (value << 8 | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out[at++] = alphabet[value >> bits & 31];
    }
  }
  return out;
}

std::optional<crawl_id> crawl_id::parse(std::string_view text) noexcept {
  if (text.size() != 26) return std::nullopt;
  crawl_id id;
  unsigned value = 0;
  unsigned bits = 0;
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = alphabet.find(text[i]);
    if (digit == std::string_view::npos || (i == 0 && digit > 7)) return std::nullopt;
    value = (value << 5 | static_cast<unsigned>(digit)) & 0xffff;
    bits += i == 0 ? 3 : 5;
    if (bits >= 8) {
      bits -= 8;
      id.bytes[at++] = static_cast<std::uint8_t>(value >> bits);
    }
  }
  return id;
}

std::size_t crawl_id_hash::operator()(const crawl_id& id) const noexcept {
  std::size_t out;
  std::memcpy(&out, id.bytes.data(), sizeof out);
  return out;
}

std::string_view name(crawl_state s) noexcept { return state_names[static_cast<std::size_t>(s)]; }
std::string_view name(finish_reason r) noexcept {
  return reason_names[static_cast<std::size_t>(r)];
}
std::string_view name(scope_kind s) noexcept { return scope_names[static_cast<std::size_t>(s)]; }
std::optional<crawl_state> crawl_state_from_name(std::string_view n) noexcept {
  return from_name<crawl_state>(state_names, n);
}
std::optional<scope_kind> scope_from_name(std::string_view n) noexcept {
  return from_name<scope_kind>(scope_names, n);
}

std::string_view name(sitemap_policy p) noexcept {
  return sitemap_names[static_cast<std::size_t>(p)];
}
std::optional<sitemap_policy> sitemap_policy_from_name(std::string_view n) noexcept {
  return from_name<sitemap_policy>(sitemap_names, n);
}

const boost::system::error_category& service_category() noexcept {
  static const service_category_type category;
  return category;
}

boost::system::error_code make_error_code(service_error code) noexcept {
  return {static_cast<int>(code), service_category()};
}

}  // namespace orbweaver
