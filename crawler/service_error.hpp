#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <type_traits>

namespace orbweaver {

// Why the engine or the store refuses a call of its own users. Not about a URL: see `outcome`.
enum class service_error : std::uint8_t {
  not_found = 1,    // no such crawl, or it was deleted
  wrong_state,      // the crawl's state does not allow it
  too_many_crawls,  // the service's limit of unfinished crawls is reached
  shutting_down,
  bad_cursor,
  no_record,       // a single fetch was given up before it had one
  storage_full,    // the disk has no space left
  storage_failed,  // the disk cannot be written, or not be read
  no_body,         // none was kept of that record
  account_crawls,  // the account has as many unfinished crawls as it may
  account_pages,   // it has used up its pages of the day
  account_bytes,   // ... its bytes
};

const boost::system::error_category& service_category() noexcept;
boost::system::error_code make_error_code(service_error code) noexcept;

}  // namespace orbweaver

template <>
struct boost::system::is_error_code_enum<orbweaver::service_error> : std::true_type {};
