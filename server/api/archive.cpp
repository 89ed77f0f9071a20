// A crawl as a web archive, and the index of that.
#include "crawler/export/cdxj.hpp"
#include "crawler/export/line_sorter.hpp"
#include "crawler/export/warc.hpp"
#include "server/api/answers.hpp"
#include "server/api/rest_api.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t records_per_read = 100;
constexpr std::size_t write_bytes = 64 << 10;
// How often a follower of a quiet crawl looks about: its client may have gone.
constexpr std::chrono::milliseconds look_about{500};

std::string file_name(const crawl_id& id) { return id.to_string() + ".warc.gz"; }

// One walk through a crawl's exchanges. What costs time is done on the compute pool.
class archive_walk {
 public:
  archive_walk(store& records, asio::thread_pool& pool, const crawl_header& of)
      : records_(records), pool_(pool.get_executor()), id_(of.id), archive_(of) {}

  // The archive itself. false: the client is gone, or the crawl.
  task<bool> write(bool follow, body_writer& to) {
    to_ = &to;
    archive_.write_info(out_);
    exchanges_query query{.limit = records_per_read};
    for (;;) {
      const result<exchanges_page> page = co_await records_.exchanges(id_, query);
      if (!page) co_return false;
      for (const stored_exchange& one : page->exchanges) {
        const bool written = co_await entry(one);
        if (!written) co_return false;
      }
      query.after = page->next;
      if (page->more) continue;
      if (!follow || page->finished) break;
      const bool sent = co_await send();
      if (!sent || to.ending()) co_return false;
      co_await records_.wait(id_, query.after, look_about);
    }
    co_return co_await send();
  }

  // Its index alone: the archive is made once more, to see where its records lie.
  task<bool> index(body_writer& to) {
    line_sorter lines;
    index_ = &lines;
    archive_.write_info(out_);
    exchanges_query query{.limit = records_per_read};
    for (bool more = true; more;) {
      const result<exchanges_page> page = co_await records_.exchanges(id_, query);
      if (!page || to.gone()) co_return false;
      for (const stored_exchange& one : page->exchanges) {
        const bool written = co_await entry(one);
        if (!written) co_return false;
      }
      query.after = page->next;
      more = page->more;
    }
    co_return co_await send_index(lines, to);
  }

 private:
  task<bool> entry(const stored_exchange& one) {
    const std::size_t pieces = payload_pieces(one.what.payload_bytes);
    archive_.start(one);
    std::string piece;
    for (std::size_t i = 0; i < pieces; ++i) {
      const bool read = co_await read_piece(one, i, piece);
      if (!read) co_return false;
      auto digest = [&] { archive_.digest(piece); };
      co_await run_on(pool_, std::move(digest));
    }
    auto begin = [&] { archive_.begin(out_); };
    co_await run_on(pool_, std::move(begin));
    for (std::size_t i = 0; i < pieces && archive_.wants_payload(); ++i) {
      bool well = pieces == 1;  // it is still there
      if (!well) well = co_await read_piece(one, i, piece);
      if (!well) co_return false;
      auto add = [&] { archive_.add(piece, out_); };
      co_await run_on(pool_, std::move(add));
      if (out_.size() > write_bytes) well = co_await send();
      if (!well) co_return false;
    }
    auto end = [&] {
      const warc_entry made = archive_.end(out_);
      if (index_) index_->add(cdxj_line(one, made, file_name(id_)));
    };
    co_await run_on(pool_, std::move(end));
    bool sent = true;
    if (out_.size() > write_bytes) sent = co_await send();
    co_return sent;
  }

  task<bool> read_piece(const stored_exchange& one, std::size_t at, std::string& piece) {
    result<std::string> read = co_await records_.payload_piece(one.what.hash, at);
    if (read) piece = std::move(*read);
    co_return read.has_value();
  }

  task<bool> send() {
    bool taken = true;
    if (to_) taken = co_await to_->write(out_);
    out_.clear();
    co_return taken;
  }

  task<bool> send_index(line_sorter& lines, body_writer& to) {
    std::string text;
    while (auto line = lines.next()) {
      text.append(*line).append("\n");
      if (text.size() < write_bytes) continue;
      const bool taken = co_await to.write(text);
      if (!taken) co_return false;
      text.clear();
    }
    co_return co_await to.write(text);
  }

  store& records_;
  asio::thread_pool::executor_type pool_;
  crawl_id id_;
  warc_writer archive_;
  std::string out_;
  body_writer* to_ = nullptr;     // null: nobody wants the archive
  line_sorter* index_ = nullptr;  // null: nobody wants an index
};

task<bool> write_archive(std::shared_ptr<archive_walk> walk, bool follow, body_writer& writer) {
  co_return co_await walk->write(follow, writer);
}
task<bool> write_index(std::shared_ptr<archive_walk> walk, body_writer& writer) {
  co_return co_await walk->index(writer);
}

}  // namespace

task<reply> rest_api::archive_of(request_context& request, crawl_id id, bool index, bool follow) {
  const result<stored_crawl> crawl = co_await records_.describe(id);
  if (!crawl) co_return refuse(request, crawl.error());
  if (!records_.keeps_exchanges() || crawl->header.spec->store_bodies == false)
    co_return refuse(request, problem_code::body_not_kept, "The crawl keeps no pages' bytes.");
  const auto walk = std::make_shared<archive_walk>(records_, crawls_.compute(), crawl->header);
  reply out;
  if (index) {
    out.content_type = "text/x-cdxj";
    out.produce = [walk](body_writer& writer) { return write_index(walk, writer); };
  } else {
    out.content_type = "application/warc";
    out.headers.emplace_back("Content-Disposition",
                             "attachment; filename=\"" + file_name(id) + '"');
    out.produce = [walk, follow](body_writer& writer) {
      return write_archive(walk, follow, writer);
    };
  }
  co_return out;
}

}  // namespace orbweaver
