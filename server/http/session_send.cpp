// How a session sends its answers.
#include <array>
#include <cstdio>

#include "common/log.hpp"
#include "server/http/session.hpp"

namespace orbweaver {
namespace {

constexpr std::size_t write_bytes = 64 << 10;  // one slice: the client has limits.write for it

}  // namespace

// Sends each piece as one chunk (RFC 9112 section 7.1), or as it is where the client knows none.
class http_session::chunk_writer final : public body_writer {
 public:
  chunk_writer(http_session& session, bool chunked) : session_(session), chunked_(chunked) {}

  task<bool> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::string_view slice = bytes.substr(0, write_bytes);
      bytes.remove_prefix(slice.size());
      if (gone()) co_return false;
      const bool sent = co_await write_slice(slice);
      if (!sent) co_return false;
    }
    co_return !gone();
  }

  task<bool> finish() {
    if (!chunked_) co_return true;
    co_return co_await session_.write("0\r\n\r\n");
  }

  bool gone() const noexcept override { return session_.gone_ || session_.aborted_; }
  bool ending() const noexcept override { return session_.shared_.ending.load(); }

 private:
  task<bool> write_slice(std::string_view slice) {
    if (!chunked_) co_return co_await session_.write(slice);
    std::array<char, 20> size;
    const int n = std::snprintf(size.data(), size.size(), "%zx\r\n", slice.size());
    std::string chunk(size.data(), static_cast<std::size_t>(n));
    chunk.append(slice).append("\r\n");
    co_return co_await session_.write(chunk);
  }

  http_session& session_;
  bool chunked_;
};

// false: not sent whole.
task<bool> http_session::send(const reply& answer, std::string head, bool body_wanted,
                              bool chunked) {
  if (!body_wanted) co_return co_await write(head);
  if (answer.produce) {
    const bool begun = co_await write(head);
    if (!begun) co_return false;
    co_return co_await send_stream(answer, chunked);
  }
  if (head.size() + answer.body.size() <= write_bytes) {
    head += answer.body;
    co_return co_await write(head);
  }
  const bool begun = co_await write(head);
  if (!begun) co_return false;
  co_return co_await write(answer.body);
}

task<bool> http_session::send_stream(const reply& answer, bool chunked) {
  begin_watch(nullptr);
  chunk_writer writer(*this, chunked);
  bool whole = false;
  try {
    whole = co_await answer.produce(writer);
  } catch (const std::exception& e) {
    log_error("a streamed answer's producer threw",
              {{"request", request_id_}, {"client", client_.address}, {"what", e.what()}});
  }
  if (whole) whole = co_await writer.finish();
  co_await end_watch();
  co_return whole;
}

task<bool> http_session::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view slice = bytes.substr(0, write_bytes);
    deadline_.expires_after(shared_.limits.write);
    const bool taken = co_await write_slice(slice);
    if (!taken) co_return false;
    bytes.remove_prefix(slice.size());
  }
  deadline_.clear();
  co_return true;
}

task<bool> http_session::write_slice(std::string_view slice) {
  while (!slice.empty()) {
    if (aborted_) co_return false;
    const io_result sent = stream_->write_some(slice);
    if (sent.status == io_status::ok) {
      slice.remove_prefix(sent.bytes);
      continue;
    }
    const bool ready = co_await wait(sent.status);
    if (!ready) co_return false;
  }
  co_return true;
}

}  // namespace orbweaver
