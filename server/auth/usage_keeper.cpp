#include "server/auth/usage_keeper.hpp"

#include <nlohmann/json.hpp>

#include "common/file.hpp"
#include "common/log.hpp"
#include "server/auth/key_file.hpp"

namespace orbweaver {
namespace {

using json = nlohmann::ordered_json;

constexpr std::chrono::seconds interval{1};
constexpr int file_version = 1;
constexpr std::size_t max_usage_file = 1 << 20;  // bytes
constexpr std::size_t members_of_usage = 3;

std::uint64_t number_in(const json& from, const char* name) {
  const json& value = from.at(name);
  if (!value.is_number_unsigned()) throw std::invalid_argument("no number");
  return value.get<std::uint64_t>();
}

}  // namespace

parsed<account_book::usages> read_usage(std::string_view text) try {
  const json document = json::parse(text);
  if (document.at("version") != file_version || document.size() != 2)
    return refuse("was written by another version");
  if (document.at("used").size() > max_keys) return refuse("has too many keys");
  account_book::usages out;
  for (const auto& [id, used] : document.at("used").items()) {
    if (used.size() != members_of_usage) return refuse("is damaged");
    const auto day = static_cast<std::int64_t>(number_in(used, "day"));
    out[id] = {day, number_in(used, "pages"), number_in(used, "bytes")};
  }
  return out;
} catch (const std::exception&) {  // of the JSON library, or of a value that is none
  return refuse("is damaged");
}

std::string usage_as_json(const account_book::usages& used) {
  json out{{"version", file_version}, {"used", json::object()}};
  for (const auto& [id, one] : used)
    out["used"][id] = {{"day", one.day}, {"pages", one.pages}, {"bytes", one.bytes}};
  return out.dump(1) + "\n";
}

usage_keeper::usage_keeper(asio::io_context& context, asio::thread_pool& compute, key_ring& keys,
                           account_book& book, const std::filesystem::path& data_dir)
    : compute_(compute),
      keys_(keys),
      book_(book),
      file_(data_dir / "usage.json"),
      turns_(context, interval, "usage of API keys") {}

void usage_keeper::load() {
  std::error_code ignored;
  if (std::filesystem::exists(file_, ignored)) {
    const auto text = read_file(file_, max_usage_file);
    auto used = text ? read_usage(*text) : parsed<account_book::usages>(text.error());
    if (used) {
      written_ = *used;
      book_.restore(std::move(*used));
    } else {
      log_warn("what API keys have used today is not known, and counts as nothing",
               {{"file", file_.string()}, {"why", used.error().why()}});
    }
  }
  tell_quotas();
}

void usage_keeper::tell_quotas() {
  account_book::quotas all;
  if (const auto keys = keys_.current(clock::now()))
    for (const api_key& key : *keys) all[key.id] = key.quota;
  book_.set_quotas(std::move(all));
}

void usage_keeper::start() {
  turns_.start([this](clock::duration) { return look(); });
}

task<> usage_keeper::stop() {
  co_await turns_.stop();
  co_await save();
}

task<> usage_keeper::look() {
  tell_quotas();
  co_await save();
}

task<> usage_keeper::save() {
  account_book::usages used = book_.used(wall_clock::now());
  if (used == written_) co_return;
  auto work = [this, text = usage_as_json(used)] { return replace_file(file_, text); };
  const auto pool = compute_.get_executor();
  const std::error_code failed = co_await run_on(pool, std::move(work));
  if (failed && !std::exchange(warned_, true))
    log_warn("what API keys have used today cannot be written",
             {{"file", file_.string()}, {"why", failed.message()}});
  if (failed) co_return;
  warned_ = false;
  written_ = std::move(used);
}

}  // namespace orbweaver
