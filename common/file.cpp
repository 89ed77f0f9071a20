#include "common/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace orbweaver {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

std::error_code write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_error();
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// What root makes for a service that runs as somebody else is of no use to it otherwise.
std::error_code give_to_owner_of(int directory, int file) {
  struct stat of {};
  if (::fstat(directory, &of) != 0) return last_error();
  if (::geteuid() == 0 && ::fchown(file, of.st_uid, of.st_gid) != 0) return last_error();
  return {};
}

// Whoever may write to the directory may have put a link there, and root must neither write to nor
// give away what it leads to: the file is made anew, or not at all.
std::error_code write_new(int directory, const char* name, std::string_view text) {
  if (::unlinkat(directory, name, 0) != 0 && errno != ENOENT) return last_error();
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const descriptor file(::openat(directory, name, flags, 0600));
  if (file.get() < 0 || ::fchmod(file.get(), 0600) != 0) return last_error();
  if (const auto ec = give_to_owner_of(directory, file.get())) return ec;
  if (const auto ec = write_all(file.get(), text)) return ec;
  return ::fsync(file.get()) == 0 ? std::error_code() : last_error();
}

}  // namespace

std::string read_up_to(std::istream& in, std::size_t most) {
  constexpr std::size_t step = 64 << 10;
  std::string text;
  while (in && text.size() < most) {
    const std::size_t had = text.size();
    text.resize(std::min(most, had + step));
    in.read(text.data() + had, static_cast<std::streamsize>(text.size() - had));
    text.resize(had + static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

parsed<std::string> read_file(const std::filesystem::path& path, std::size_t most) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text = read_up_to(file, most + 1);
  if (!file.is_open() || file.bad())
    return refuse("cannot be read: " + std::string(std::strerror(errno)));
  if (text.size() > most) return refuse("is larger than " + std::to_string(most) + " bytes");
  return text;
}

std::error_code replace_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) return last_error();
  const std::string name = path.filename();
  const std::string fresh = name + ".new";
  const int in = directory.get();
  if (const auto ec = write_new(in, fresh.c_str(), text)) return ec;
  if (::renameat(in, fresh.c_str(), in, name.c_str()) != 0) return last_error();
  return ::fsync(directory.get()) == 0 ? std::error_code() : last_error();
}

std::error_code make_private_directory(const std::filesystem::path& path) {
  // "a/b/" is "a/b".
  const std::filesystem::path last = path.has_filename() ? path : path.parent_path();
  std::error_code ec;
  if (std::filesystem::is_directory(last, ec)) return {};
  ec.clear();
  if (last.has_parent_path()) std::filesystem::create_directories(last.parent_path(), ec);
  if (ec) return ec;
  if (::mkdir(last.c_str(), 0700) == 0) return {};
  const std::error_code failed = last_error();
  return std::filesystem::is_directory(last, ec) ? std::error_code()
                                                 : failed;  // another was faster
}

bool is_open_to_others(const std::filesystem::path& directory) {
  std::error_code ec;
  const auto found = std::filesystem::status(directory, ec);
  using std::filesystem::perms;
  const perms others =
      perms::group_read | perms::group_exec | perms::others_read | perms::others_exec;
  return std::filesystem::is_directory(found) && (found.permissions() & others) != perms::none;
}

}  // namespace orbweaver
