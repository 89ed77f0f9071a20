#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <unistd.h>

#include "common/async/task_scope.hpp"
#include "common/config.hpp"
#include "common/log.hpp"
#include "common/signals.hpp"
#include "crawler/store/header_json.hpp"
#include "server/api/since.hpp"
#include "server/commands/commands.hpp"
#include "server/commands/complain.hpp"
#include "server/commands/drawn_progress.hpp"
#include "server/commands/progress_line.hpp"
#include "server/commands/record_file.hpp"
#include "server/commands/record_pipe.hpp"
#include "server/commands/request_flags.hpp"
#include "server/crawl_runtime.hpp"

namespace orbweaver {
namespace {

constexpr std::array<std::string_view, 9> setting_names{
    "threads",         "allow-net", "dns-server",    "ca-file",      "log-level",
    "max-connections", "data-dir",  "memory-budget", "min-free-disk"};
// The crawl is paused while more than this waits for a slow reader of the records.
constexpr std::size_t max_unwritten = 64 << 20;  // bytes
constexpr std::chrono::milliseconds redraw_time{200};

struct crawl_command {
  explicit crawl_command(CLI::App& command)
      : settings_flags(command, setting_names), request(command, field_use::crawl) {
    command.add_option("URL", urls, "Where to begin: one or more http or https URLs")->required();
    command
        .add_option("-o,--output", output, "Write the records to this file; - is standard output")
        ->type_name("FILE");
    command
        .add_option(
            "--format", format,
            "Of the records: ndjson is one JSON object a line, csv a table, warc an archive "
            "of requests and answers")
        ->check(CLI::IsMember({"ndjson", "csv", "warc"}))
        ->capture_default_str();
    command.add_option("--cdxj", index, "Write the archive's index to this file")
        ->type_name("FILE");
    command.add_option("--store", store, "Where the crawl keeps what it knows")
        ->check(CLI::IsMember({"memory", "rocksdb"}))
        ->capture_default_str();
    command.add_flag("--quiet", quiet, "No progress line and no summary");
  }

  int run();

  // How the crawl was left.
  struct ending {
    std::optional<crawl_status> status;  // nothing: the store cannot say
    seconds_f ran{};                     // in all runs together
    int signal = 0;                      // that it was left for; 0: none
    error_code unread;                   // why records are missing; none: none are
  };
  bool is_durable() const { return store == "rocksdb"; }
  std::string misfit(const crawl_spec& spec) const;
  // Whether the next run has nothing to gain from the records that this one has not written out.
  static bool is_of_no_use(const record_file& writer, const ending& how) {
    return writer.file().reader_gone() || how.unread;
  }
  int conclude(const record_file& writer, const ending& how) const;

  config_flags settings_flags;
  request_flags request;
  std::vector<std::string> urls;
  std::string output;
  std::string format = "ndjson";
  std::string index;
  std::string store = "memory";  // unlike the service's: most crawls from here are done at once
  bool quiet = false;
};

// The crawl runs on the runtime's threads; this one writes what it brings, and may block.
class crawl_session {
 public:
  crawl_session(crawl_runtime& runtime, record_file& writer, bool progress)
      : runtime_(runtime), writer_(writer), progress_(progress) {}

  // From any thread: run() comes back soon, wherever the crawl is.
  void leave() { left_.store(true); }

  // Whether everything that the crawl brought has been written; it is over then.
  bool run(crawl_id id) {
    const bool written = write_all(id);
    line_.clear();
    if (!written && !left_.load()) give_up(id);
    return written;
  }
  std::optional<crawl_status> status(crawl_id id) {
    const auto found = runtime_.call(runtime_.crawls().status(id));
    return found ? std::optional(*found) : std::nullopt;
  }
  // Why there are records that were not read; none: there are not, or nobody wanted them.
  error_code unread() const noexcept { return unread_; }

 private:
  bool write_all(crawl_id id) {
    if (!writer_.begin()) return false;
    if (writer_.is_archive() && !begin_archive(id)) return false;
    record_pipe records(runtime_, id, max_unwritten, writer_.is_archive());
    for (bool last = false; !last;) {
      if (left_.load()) return false;
      const record_pipe::batch next = records.next(redraw_time);
      unread_ = next.failed;
      if (unread_) return false;
      last = next.last;
      // On a terminal the records take the place of the line, which is drawn anew below them.
      if (progress_ && !next.records.empty() && writer_.file().on_terminal()) line_.clear();
      if (!next.records.empty() && !writer_.write(next)) return false;
      if (progress_) redraw(id);
    }
    return writer_.finish();
  }
  bool begin_archive(crawl_id id) {
    const auto crawl = runtime_.call(runtime_.records().describe(id));
    if (!crawl) {
      unread_ = crawl.error();
      return false;
    }
    return writer_.begin_archive(crawl->header, [this](fingerprint hash, std::size_t at) {
      return runtime_.call(runtime_.records().payload_piece(hash, at));
    });
  }
  // What cannot be written here is of no use, unless the store has it for the next run.
  void give_up(crawl_id id) {
    if (!runtime_.records().is_durable()) runtime_.call(runtime_.crawls().cancel(id));
  }
  void redraw(crawl_id id) {
    const auto now = clock::now();
    if (now < next_redraw_) return;
    next_redraw_ = now + redraw_time;
    if (const auto now_is = status(id)) line_.draw(*now_is);
  }

  crawl_runtime& runtime_;
  record_file& writer_;
  bool progress_;
  drawn_progress line_;
  error_code unread_;
  std::atomic<bool> left_{false};
  clock::time_point next_redraw_{};
};

// At the first signal to stop: leaves a crawl that the next run can go on with, and cancels any
// other. To be made before the crawl begins: it needs a descriptor, and a crawl can take them all.
class stop_on_signal {
 public:
  stop_on_signal(crawl_runtime& runtime, crawl_session& session, bool durable)
      : runtime_(runtime),
        session_(session),
        durable_(durable),
        strand_(asio::make_strand(runtime.context())),
        scope_(strand_),
        signals_(strand_, [this](int number) {
          received_ = number;
          stop();
        }) {}
  ~stop_on_signal() { runtime_.call(close()); }
  stop_on_signal(const stop_on_signal&) = delete;
  stop_on_signal& operator=(const stop_on_signal&) = delete;

  // The crawl to stop, also by a signal that has come already.
  void begun(crawl_id id) {
    auto work = [this, id] {
      id_ = id;
      if (received_ != 0) stop();
    };
    runtime_.call(run_on(strand_, std::move(work)));
  }
  // The signal's number; 0: none.
  int received() const noexcept { return received_; }

 private:
  static task<> cancel(engine& crawls, crawl_id id) { co_await crawls.cancel(id); }
  void stop() {
    if (durable_) {
      session_.leave();
    } else if (id_) {
      scope_.spawn(strand_, cancel(runtime_.crawls(), *id_), "cancelling");
    }
  }
  task<> close() {
    auto work = [this] { signals_.close(); };
    co_await run_on(strand_, std::move(work));
    co_await scope_.join();
  }

  crawl_runtime& runtime_;
  crawl_session& session_;
  const bool durable_;
  strand strand_;
  std::atomic<int> received_{0};
  std::optional<crawl_id> id_;  // on strand_
  task_scope scope_;
  stop_signals signals_;
};

struct begun_crawl {
  crawl_id id;
  std::chrono::milliseconds ran_before{};  // in earlier runs
  bool was_over = false;                   // only its records are still to be written out
};

// Kept of a crawl until all its records have been written out, where webhooks keep theirs of
// others: a crawl from here has none.
constexpr std::string_view not_written = "not written out";

void note(crawl_runtime& runtime, crawl_id id, std::string_view state) {
  if (runtime.records().is_durable()) runtime.records().save_delivery(id, std::string(state));
}

// The latest crawl of this request, if it came to its end and its records were not all written out.
task<result<std::optional<stored_crawl>>> find_unwritten(store& records, std::string wanted) {
  constexpr std::size_t crawls_per_read = 100;
  using found = std::optional<stored_crawl>;
  std::uint64_t before = 0;
  for (bool more = records.is_durable(); more;) {
    const result<std::vector<stored_crawl>> rows = co_await records.list(before, crawls_per_read);
    if (!rows) co_return rows.error();
    for (const stored_crawl& crawl : *rows) {
      before = crawl.header.number;
      if (spec_as_json(*crawl.header.spec) != wanted) continue;
      if (crawl.header.state != crawl_state::completed) co_return found();
      const result<std::string> kept = co_await records.delivery(crawl.header.id);
      if (!kept) co_return kept.error();
      if (*kept != not_written) co_return found();
      co_return found(crawl);
    }
    more = rows->size() == crawls_per_read;
  }
  co_return found();
}

begun_crawl begun(const stored_crawl& earlier) {
  return {earlier.header.id, std::chrono::milliseconds(earlier.tally.ran_ms)};
}

// The crawl that an earlier run of the same request has left unfinished or unwritten, or a new one.
result<begun_crawl> begin_or_go_on(crawl_runtime& runtime, crawl_spec spec) {
  const std::string wanted = spec_as_json(spec);
  for (const stored_crawl& left : runtime.call(runtime.records().unfinished())) {
    if (spec_as_json(*left.header.spec) != wanted) continue;
    runtime.call(runtime.crawls().take_up(left));
    // An earlier run may have been killed while it held the crawl back for a slow reader.
    if (left.header.state == crawl_state::pausing || left.header.state == crawl_state::paused) {
      const auto resumed = runtime.call(runtime.crawls().resume(left.header.id));
      if (!resumed) return resumed.error();
    }
    note(runtime, left.header.id, not_written);
    return begun(left);
  }
  const auto over = runtime.call(find_unwritten(runtime.records(), wanted));
  if (!over) return over.error();
  if (*over) {
    begun_crawl again = begun(**over);
    again.was_over = true;
    return again;
  }
  const auto created = runtime.call(runtime.crawls().create(std::move(spec)));
  if (!created) return created.error();
  note(runtime, created->id, not_written);
  return begun_crawl{created->id};
}

// Neither of them need be there yet. What is no file to keep, such as /dev/null, can take both.
bool is_one_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code unknown;
  if (std::filesystem::exists(a, unknown) && !std::filesystem::is_regular_file(a, unknown))
    return false;
  return std::filesystem::equivalent(a, b, unknown) ||
         std::filesystem::weakly_canonical(a, unknown) ==
             std::filesystem::weakly_canonical(b, unknown);
}

// What does not go together; "": nothing.
std::string crawl_command::misfit(const crawl_spec& spec) const {
  if (!index.empty() && !output.empty() && is_one_file(output, index))
    return "--output and --cdxj name one file";
  if (format == "warc") {
    if (spec.store_bodies != false) return "";
    return "--format warc needs the bodies that --no-store-bodies leaves out";
  }
  return index.empty() ? "" : "--cdxj is the index of an archive: it needs --format warc";
}

int crawl_command::conclude(const record_file& writer, const ending& how) const {
  if (writer.file().reader_gone()) return 0;
  if (!quiet && how.status) std::cerr << crawl_summary(*how.status, how.ran);
  if (how.unread) {
    std::cerr << "orbweaver: not all records could be read: " << how.unread.message() << '\n';
    return exit_failed;
  }
  if (!writer.error().empty()) {
    std::cerr << "orbweaver: the records could not be written: " << writer.error() << '\n';
    return exit_failed;
  }
  const bool is_over = how.status && is_final(how.status->state);
  if (!quiet && is_durable() && how.status)
    std::cerr << "The crawl is " << how.status->id.to_string() << " in the store.\n";
  if (!quiet && how.status && !is_over)
    std::cerr << "The crawl is not over: the same command goes on with it.\n";
  if (how.signal != 0) return 128 + how.signal;
  return is_over && how.status->counts.fetched != 0 ? 0 : exit_failed;
}

int crawl_command::run() try {
  settings_or_mistakes settings = settings_flags.read();
  if (!settings) return complain(settings.error().lines);
  auto spec = request.read(urls);
  if (auto* mistakes = std::get_if<1>(&spec)) return complain(*mistakes);
  if (const auto mistake = misfit(std::get<0>(spec)); !mistake.empty())
    return complain(mistake, exit_mistaken);
  configure_log({settings->level, settings->format});
  ignore_sigpipe();
  settings->store = is_durable() ? store_kind::rocksdb : store_kind::memory;
  crawl_runtime runtime(*settings, format == "warc");
  runtime.start();
  if (const auto mistake = runtime.call(settle_since(runtime.records(), std::get<0>(spec))))
    return complain("--since " + *mistake, exit_mistaken);
  record_file writer(*record_format_from_name(format), output, index);
  crawl_session session(runtime, writer, !quiet && isatty(STDERR_FILENO) != 0);
  ending how;
  {
    stop_on_signal signals(runtime, session, is_durable());
    const auto begun = begin_or_go_on(runtime, std::move(std::get<0>(spec)));
    if (!begun) return complain(begun.error().message(), exit_failed);
    if (begun->was_over && !quiet)
      std::cerr << "An earlier run has done this crawl; its records are written out now.\n";
    const auto began = clock::now();
    signals.begun(begun->id);
    const bool written = session.run(begun->id);
    how.status = session.status(begun->id);
    how.unread = session.unread();
    if (written || is_of_no_use(writer, how)) note(runtime, begun->id, "");
    how.ran = begun->ran_before + (clock::now() - began);
    how.signal = signals.received();
  }
  runtime.stop(std::chrono::seconds(0));
  return conclude(writer, how);
} catch (const store_refused& why) {
  return complain(std::string(why.what()), exit_failed);
}

}  // namespace

void add_crawl_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("crawl", "Crawl from here and print every page's record");
  command->footer(R"(Examples:
  orbweaver crawl https://example.com/ > pages.ndjson
  orbweaver crawl https://example.com/docs/ --scope path --max-depth 3 -o docs.ndjson
  orbweaver crawl https://example.com/ --formats none --limit 100   outcomes only: a link check
  orbweaver crawl https://example.com/ --store rocksdb -o pages.ndjson   run again, it goes on where
                                                        it was stopped, by whatever
  orbweaver crawl https://example.com/ --format warc -o site.warc.gz --cdxj site.cdxj
  orbweaver crawl http://127.0.0.1:8000/ --allow-net 127.0.0.0/8 --delay 0   a site on this machine

Exit codes: 0 finished, 1 not one page fetched, or records not read or written, 2 a mistake in the
command line, 130 interrupted by SIGINT, 143 by SIGTERM.)");
  auto state = std::make_shared<crawl_command>(*command);
  command->callback([state, &exit_code] { exit_code = state->run(); });
}

}  // namespace orbweaver
