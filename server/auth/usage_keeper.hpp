#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/async/periodic.hpp"
#include "common/parsed.hpp"
#include "crawler/job/account_book.hpp"
#include "server/auth/key_ring.hpp"

namespace orbweaver {

// The text of the file that says what has been used on each account today (JSON), both ways.
parsed<account_book::usages> read_usage(std::string_view text);
std::string usage_as_json(const account_book::usages& used);

// Tells the book of accounts which keys there are, and carries what they have used over a restart:
// it is written at the end, and once a second while it changes, so that a crash loses no more.
class usage_keeper {
 public:
  // `compute`: where the file is written.
  usage_keeper(asio::io_context& context, asio::thread_pool& compute, key_ring& keys,
               account_book& book, const std::filesystem::path& data_dir);

  // Reads what the last start left; before any crawl goes on. A file that cannot be read is warned
  // of, and counts as none.
  void load();
  void start();
  // Writes what is left to write. Once.
  task<> stop();

 private:
  task<> look();
  task<> save();
  void tell_quotas();

  asio::thread_pool& compute_;
  key_ring& keys_;
  account_book& book_;
  const std::filesystem::path file_;
  account_book::usages written_;
  bool warned_ = false;
  periodic turns_;
};

}  // namespace orbweaver
