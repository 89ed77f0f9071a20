#include "server/commands/record_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "crawler/export/cdxj.hpp"
#include "crawler/export/csv.hpp"

namespace orbweaver {

std::optional<record_format> record_format_from_name(std::string_view name) noexcept {
  if (name == "ndjson") return record_format::ndjson;
  if (name == "csv") return record_format::csv;
  if (name == "warc") return record_format::warc;
  return std::nullopt;
}

namespace {

constexpr std::size_t buffer_bytes = 256 << 10;

// Whoever opens it may yet be refused what was to be written: std::fopen() would empty it at once.
std::FILE* open_as_it_is(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  return descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
}

}  // namespace

// The C library's own buffer holds half a record: each would be two calls of the system, and their
// file would grow page by page.
output_file::output_file(const std::string& path)
    : buffer_(std::make_unique<char[]>(buffer_bytes)), out_(stdout) {
  if (!path.empty() && path != "-") out_ = open_as_it_is(path);
  if (!out_) throw std::runtime_error(path + ": " + std::strerror(errno));
  std::setvbuf(out_, buffer_.get(), _IOFBF, buffer_bytes);
}

output_file::~output_file() {
  if (out_ != stdout) {
    std::fclose(out_);
  } else {
    std::fflush(stdout);
    std::setvbuf(stdout, nullptr, _IONBF, 0);
  }
}

// Pipes and devices have nothing that could be in the way.
bool output_file::begin() {
  struct stat found {};
  if (out_ == stdout || ::fstat(fileno(out_), &found) != 0 || !S_ISREG(found.st_mode)) return true;
  if (::ftruncate(fileno(out_), 0) == 0) return true;
  error_ = errno;
  return false;
}

bool output_file::write(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), out_) == bytes.size() || flush();
}

bool output_file::flush() {
  if (std::fflush(out_) == 0 && std::ferror(out_) == 0) return true;
  error_ = errno;
  return false;
}

bool output_file::on_terminal() const noexcept { return isatty(fileno(out_)) != 0; }
bool output_file::reader_gone() const noexcept { return error_ == EPIPE; }
std::string output_file::error() const { return error_ == 0 ? "" : std::strerror(error_); }

record_file::record_file(record_format format, const std::string& path,
                         const std::string& index_path)
    : format_(format), file_(path), name_(std::filesystem::path(path).filename().string()) {
  if (!index_path.empty()) index_file_.emplace(index_path);
}

bool record_file::begin() {
  if (!file_.begin() || (index_file_ && !index_file_->begin())) return false;
  if (format_ != record_format::csv) return true;
  std::string header;
  append_csv_header(header);
  return file_.write(header);
}

bool record_file::begin_archive(const crawl_header& of, piece_reader piece_of) {
  if (name_.empty() || name_ == "-") name_ = of.id.to_string() + ".warc.gz";
  piece_of_ = std::move(piece_of);
  archive_.emplace(of);
  std::string out;
  archive_->write_info(out);
  return file_.write(out) && file_.flush();
}

bool record_file::write(const record_pipe::batch& batch) {
  std::string out;
  if (archive_) {
    for (const stored_exchange& one : batch.exchanges)
      if (!write_exchange(one)) return false;
    return file_.flush();
  }
  for (const record_line& record : batch.records) {
    if (format_ == record_format::csv) {
      out.clear();
      append_csv_row(out, record.json);
      file_.write(out);
    } else {
      file_.write(record.json);
      file_.write("\n");
    }
  }
  return file_.flush();
}

// Calls use(piece) until that answers false, or a piece cannot be read.
template <class F>
bool record_file::each_piece(const stored_exchange& one, F use) {
  if (one.what.payload) return use(one.what.payload->view());
  for (std::size_t i = 0; i < payload_pieces(one.what.payload_bytes); ++i) {
    const auto piece = piece_of_(one.what.hash, i);
    payload_missing_ |= !piece;
    if (!piece || !use(std::string_view(*piece))) return false;
  }
  return true;
}

bool record_file::write_exchange(const stored_exchange& one) {
  std::string out;
  archive_->start(one);
  const auto digest = [&](std::string_view piece) {
    archive_->digest(piece);
    return true;
  };
  const auto add = [&](std::string_view piece) {
    archive_->add(piece, out);
    const bool written = file_.write(out);
    out.clear();
    return written;
  };
  if (!each_piece(one, digest)) return false;
  archive_->begin(out);
  if (archive_->wants_payload() && !each_piece(one, add)) return false;
  const warc_entry entry = archive_->end(out);
  if (index_file_) index_.add(cdxj_line(one, entry, name_));
  return file_.write(out);
}

std::string record_file::error() const {
  if (!file_.error().empty()) return file_.error();
  if (index_file_ && !index_file_->error().empty()) return "the index: " + index_file_->error();
  return payload_missing_ ? "the store cannot be read" : "";
}

bool record_file::finish() {
  if (!index_file_) return true;
  while (const auto line = index_.next())
    if (!index_file_->write(*line) || !index_file_->write("\n")) return false;
  return index_file_->flush();
}

}  // namespace orbweaver
