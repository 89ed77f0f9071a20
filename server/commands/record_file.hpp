#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "crawler/export/line_sorter.hpp"
#include "crawler/export/warc.hpp"
#include "server/commands/record_pipe.hpp"

namespace orbweaver {

enum class record_format : std::uint8_t { ndjson, csv, warc };
std::optional<record_format> record_format_from_name(std::string_view name) noexcept;

// A file to write; "" and "-" are standard output. Throws std::runtime_error if it cannot be
// opened. What is in it stays until begin().
class output_file {
 public:
  explicit output_file(const std::string& path);
  ~output_file();
  output_file(const output_file&) = delete;
  output_file& operator=(const output_file&) = delete;

  // Empties it. False when that failed.
  bool begin();
  // False when nobody reads any more, or the disk is full.
  bool write(std::string_view bytes);
  bool flush();
  bool on_terminal() const noexcept;
  bool reader_gone() const noexcept;
  // Why writing failed; empty if it did not.
  std::string error() const;

 private:
  std::unique_ptr<char[]> buffer_;  // out_'s, which is not closed where it is standard output
  std::FILE* out_;
  int error_ = 0;
};

// Writes what a crawl brings to a file. Of one thread, which may block.
class record_file {
 public:
  // `index_path`: of an archive's index; empty: none. The files are opened, and left as they are.
  record_file(record_format format, const std::string& path, const std::string& index_path);

  bool is_archive() const noexcept { return format_ == record_format::warc; }
  // What comes before the first batch. False when that failed; see file().
  bool begin();
  // An archive's first record, after that. `piece_of` reads payloads that do not come with their
  // exchanges.
  using piece_reader = std::function<result<std::string>(fingerprint, std::size_t)>;
  bool begin_archive(const crawl_header& of, piece_reader piece_of);

  // False when that failed; see file().
  bool write(const record_pipe::batch& batch);
  // Writes the index, once the last batch is written.
  bool finish();

  const output_file& file() const noexcept { return file_; }
  // Why something could not be written; empty if all was.
  std::string error() const;

 private:
  bool write_exchange(const stored_exchange& one);
  template <class F>
  bool each_piece(const stored_exchange& one, F use);

  record_format format_;
  output_file file_;
  std::string name_;  // as an index calls the file
  std::optional<output_file> index_file_;
  line_sorter index_;
  std::optional<warc_writer> archive_;
  piece_reader piece_of_;
  bool payload_missing_ = false;
};

}  // namespace orbweaver
