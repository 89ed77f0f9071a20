#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace orbweaver::test {

// A program with pipes to its standard streams. Ends with this object if it has not before.
class program {
 public:
  // The first argument is the program's path. Throws std::system_error.
  explicit program(const std::vector<std::string>& arguments);
  ~program();
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  // False when it no longer reads.
  bool write(std::string_view text);
  void close_input();
  // Nobody reads what it prints any more.
  void close_output();
  void signal(int number);
  // Up to and with the next line feed, or up to the end.
  std::string read_line();
  std::string read_all();
  // Waits for its end: the exit code, or 128 + the signal that ended it. To be called once.
  int wait();
  // What it has written to stderr so far.
  std::string errors() const;

 private:
  bool fill();

  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, errors_ = -1;
  std::string unread_;
};

struct program_result {
  std::string out, err;
  int code;
};
// Runs it to its end with this on stdin, whatever the order in which it reads and writes.
program_result run_program(const std::vector<std::string>& arguments, std::string_view input = {});

}  // namespace orbweaver::test
