#include "tests/support/program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace orbweaver::test {
namespace {

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

void close_if_open(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace

program::program(const std::vector<std::string>& arguments) {
  std::signal(SIGPIPE, SIG_IGN);  // write() tells
  std::array<int, 2> in{}, out{};
  check(pipe2(in.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  check(pipe2(out.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
  input_ = in[1];
  output_ = out[0];
  errors_ = memfd_create("stderr", MFD_CLOEXEC);

  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&streams, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&streams, errors_, STDERR_FILENO);
  // Sockets of this process's servers: what they close would stay open there.
  posix_spawn_file_actions_addclosefrom_np(&streams, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t as_usual;
  sigemptyset(&as_usual);
  sigaddset(&as_usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &as_usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> words;
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const int error = posix_spawn(&pid_, words[0], &streams, &attributes, words.data(), environ);
  posix_spawn_file_actions_destroy(&streams);
  posix_spawnattr_destroy(&attributes);
  close(in[0]);
  close(out[1]);
  check(error, words[0]);
}

program::~program() {
  close_if_open(input_);
  close_if_open(output_);
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    wait();
  }
  close_if_open(errors_);
}

bool program::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(input_, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void program::close_input() { close_if_open(input_); }

void program::close_output() { close_if_open(output_); }

void program::signal(int number) { kill(pid_, number); }

// False at the end of its output.
bool program::fill() {
  std::array<char, 65536> chunk;
  ssize_t n;
  do n = read(output_, chunk.data(), chunk.size());
  while (n < 0 && errno == EINTR);
  if (n <= 0) return false;
  unread_.append(chunk.data(), static_cast<std::size_t>(n));
  return true;
}

std::string program::read_line() {
  while (unread_.find('\n') == unread_.npos && fill()) continue;
  const std::size_t end = std::min(unread_.find('\n'), unread_.size() - 1) + 1;
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end);
  return line;
}

std::string program::read_all() {
  while (fill()) continue;
  return std::exchange(unread_, {});
}

int program::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string program::errors() const {
  std::string out;
  std::array<char, 4096> chunk;
  while (true) {
    const ssize_t n = pread(errors_, chunk.data(), chunk.size(), static_cast<off_t>(out.size()));
    if (n <= 0) return out;
    out.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

program_result run_program(const std::vector<std::string>& arguments, std::string_view input) {
  program p(arguments);
  std::thread writer([&] {
    p.write(input);
    p.close_input();
  });
  program_result result{};
  result.out = p.read_all();
  writer.join();
  result.code = p.wait();
  result.err = p.errors();
  return result;
}

}  // namespace orbweaver::test
