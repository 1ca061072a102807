#include "os/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "base/shown_lines.h"

namespace gentle {
namespace {

constexpr std::size_t kLongestLine = 4096;

// A file may say that it is larger than all memory, and grow or shrink while it is read.
constexpr std::size_t kMostReserved = std::size_t{1} << 30U;

std::string read_all(int fd, const std::string& path, std::size_t most = std::string::npos) {
  std::string text;
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
    text.reserve(std::min({static_cast<std::size_t>(info.st_size), most, kMostReserved}));
  }
  char buffer[65536];
  for (;;) {
    if (text.size() >= most) return text.substr(0, most);
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0) {
      return text;
    } else if (errno != EINTR) {
      throw errno_error("read", path, errno);
    }
  }
}

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      throw errno_error("write", path, errno);
    }
  }
}

// rename(2) alone would do; but where it replaces a file, ext4 first begins to write the new one to
// the disk (auto_da_alloc, ext4(5)), which takes up to milliseconds. An exchange does not, and is
// as atomic. Not every file system knows it, and there may be nothing yet to exchange with. (musl
// has no function for the call.)
void put_in_place(const std::string& draft, const std::string& path, Rest rest) {
  if (::syscall(SYS_renameat2, AT_FDCWD, draft.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) ==
      0) {
    if (rest == Rest::kNow) ::unlink(draft.c_str());
    return;
  }
  if (::rename(draft.c_str(), path.c_str()) == 0) return;
  const int error = errno;
  ::unlink(draft.c_str());
  throw errno_error("write", path, error);
}

void remove_entries(UniqueFd folder, const std::string& path) {
  DIR* stream = ::fdopendir(folder.get());
  if (stream == nullptr) throw errno_error("list", path, errno);
  const int fd = folder.release();  // the stream owns it now
  try {
    while (const dirent* entry = ::readdir(stream)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (::unlinkat(fd, name.c_str(), 0) == 0 || errno == ENOENT) continue;
      UniqueFd inner(::openat(fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!inner) throw errno_error("remove", path + "/" + name, errno);
      remove_entries(std::move(inner), path + "/" + name);
      if (::unlinkat(fd, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
        throw errno_error("remove", path + "/" + name, errno);
      }
    }
  } catch (...) {
    ::closedir(stream);
    throw;
  }
  ::closedir(stream);
}

// By O_EXCL nothing that stands there is written to or followed; what a killed process left is
// replaced.
UniqueFd open_new(const std::string& path, mode_t mode) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;
  UniqueFd fd(::open(path.c_str(), kFlags, mode));
  if (!fd && errno == EEXIST) {
    remove_tree(path);
    fd.reset(::open(path.c_str(), kFlags, mode));
  }
  if (!fd) throw errno_error("write", path, errno);
  return fd;
}

// Also if the file system gives one owner to all that we make there: FAT, a folder shared with a
// virtual machine, NFS where root is nobody.
bool is_ours(const std::string& folder, uid_t owner) {
  if (owner == ::geteuid()) return true;
  const std::string attempt = folder + "/.owner-" + std::to_string(::getpid());
  const UniqueFd fd(::open(attempt.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR));
  struct stat info {};
  if (!fd) return false;
  const bool has_that_owner = ::fstat(fd.get(), &info) == 0 && info.st_uid == owner;
  ::unlink(attempt.c_str());
  return has_that_owner;
}

Error not_own(const std::string& path, uid_t owner) {
  return Error("use folder", path,
               "it belongs to user id " + std::to_string(owner) + ", and this is user id " +
                   std::to_string(::geteuid()))
      .hint("run gentle as that user, or remove the folder");
}

// xfs writes names and sizes of files to its log up to 30 s later, and a name may come before the
// size: a power cut leaves an empty file (tests/soak/power_cut.py --filesystem xfs).
bool is_late(int fd) {
  struct statfs info {};
  return ::fstatfs(fd, &info) == 0 && info.f_type == XFS_SUPER_MAGIC;
}

// Some file systems know no such thing: there it is as it was.
void begin_to_write(int fd) { ::sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); }

void sync_folder_of(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const UniqueFd fd(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

constexpr const char* kDraft = ".new";

// Two processes may write one report at the same time. Neither puts in place what the other has
// only begun.
std::string own_draft(const std::string& path) {
  return path + kDraft + "-" + std::to_string(::getpid());
}

// Gives back the descriptor of the draft.
template <typename Write>
UniqueFd make_draft(const std::string& draft, mode_t mode, const Write& write) {
  UniqueFd fd = open_new(draft, mode);
  try {
    write(fd.get());
  } catch (...) {
    ::unlink(draft.c_str());
    throw;
  }
  return fd;
}

UniqueFd write_draft(const std::string& draft, std::string_view text, mode_t mode) {
  return make_draft(draft, mode, [&](int fd) { write_all(fd, text, draft); });
}

void write_draft_in_parts(const std::string& draft, const WriteParts& write, mode_t mode) {
  make_draft(draft, mode, [&](int fd) {
    PartedText text([&](std::string_view part) { write_all(fd, part, draft); });
    write(text);
    text.end();
  });
}

}  // namespace

std::string read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw errno_error("read", path, errno);
  return read_all(fd.get(), path);
}

std::string_view read_once(const std::string& path, char* buffer, std::size_t size) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const ssize_t got = fd ? ::read(fd.get(), buffer, size) : 0;
  return {buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

std::optional<std::string> read_file_if_there(const std::string& path, std::size_t most) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!fd) throw errno_error("read", path, errno);
  return read_all(fd.get(), path, most);
}

void write_file_atomically(const std::string& path, std::string_view text, Rest rest) {
  const std::string draft = path + kDraft;
  write_draft(draft, text, S_IRUSR | S_IWUSR);
  put_in_place(draft, path, rest);
}

void write_parts_atomically(const std::string& path, const WriteParts& write) {
  write_draft_in_parts(own_draft(path), write, S_IRUSR | S_IWUSR);
  put_in_place(own_draft(path), path, Rest::kNow);
}

void write_public_file(const std::string& path, std::string_view text) {
  const std::string draft = own_draft(path);
  write_draft(draft, text, 0666);
  put_in_place(draft, path, Rest::kNow);
}

void write_public_parts(const std::string& path, const WriteParts& write) {
  write_draft_in_parts(own_draft(path), write, 0666);
  put_in_place(own_draft(path), path, Rest::kNow);
}

void write_lasting_file(const std::string& path, std::string_view text, Rest rest) {
  const std::string draft = path + kDraft;
  const UniqueFd fd = write_draft(draft, text, S_IRUSR | S_IWUSR);
  const bool late = is_late(fd.get());
  if (late) {
    ::fdatasync(fd.get());
  } else if (rest == Rest::kNow) {
    begin_to_write(fd.get());
  }
  put_in_place(draft, path, rest);
  if (late) sync_folder_of(path);
}

void begin_to_write(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  begin_to_write(fd.get());
}

void remove_replaced(const std::string& path) { ::unlink((path + kDraft).c_str()); }

void write_file(const std::string& path, std::string_view text) {
  write_all(open_new_file(path).get(), text, path);
}

void make_folders(const std::string& path, unsigned last_mode) {
  if (::mkdir(path.c_str(), last_mode) == 0) return;
  if (errno == ENOENT) {
    const std::size_t slash = path.find_last_of('/');
    if (slash == 0 || slash == std::string::npos) throw errno_error("make folder", path, errno);
    make_folders(path.substr(0, slash), 0775);
    if (::mkdir(path.c_str(), last_mode) == 0) return;
  }
  const int error = errno;
  struct stat info {};
  if (error == EEXIST && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return;
  throw errno_error("make folder", path, error);
}

void remove_tree(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return;
  UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) throw errno_error("remove", path, errno);
  remove_entries(std::move(folder), path);
  if (::rmdir(path.c_str()) != 0 && errno != ENOENT) throw errno_error("remove", path, errno);
}

void remove_if_empty(const std::string& path, uid_t owner) {
  const std::size_t slash = path.rfind('/') + 1;
  const std::string name = path.substr(slash);
  const UniqueFd folder(
      ::open(slash == 0 ? "." : path.substr(0, slash).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (folder && ::fstatat(folder.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISREG(status.st_mode) && status.st_size == 0 && status.st_uid == owner) {
    ::unlinkat(folder.get(), name.c_str(), 0);
  }
}

bool can_remove(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return false;
  struct stat of_folder {};
  struct stat of_file {};
  if (::stat(folder.c_str(), &of_folder) != 0 || ::lstat(path.c_str(), &of_file) != 0) return false;
  const uid_t self = ::geteuid();
  return (of_folder.st_mode & S_ISVTX) == 0 || self == 0 || self == of_folder.st_uid ||
         self == of_file.st_uid;
}

std::string absolute_path(const std::string& path) {
  if (path.starts_with('/')) return path;
  std::string folder(4096, '\0');
  if (::getcwd(folder.data(), folder.size()) == nullptr) {
    throw errno_error("find", "current folder", errno);
  }
  folder.resize(folder.find('\0'));
  return path.empty() ? folder : folder + "/" + path;
}

std::vector<std::string> entries_of(const std::string& path) {
  std::vector<std::string> names;
  DIR* stream = ::opendir(path.c_str());
  while (const dirent* entry = stream != nullptr ? ::readdir(stream) : nullptr) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  if (stream != nullptr) ::closedir(stream);
  std::sort(names.begin(), names.end());
  return names;
}

bool check_own_folder(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    throw errno_error("use folder", path, errno);
  }
  if (S_ISLNK(info.st_mode)) throw Error("use folder", path, "it is a symbolic link");
  if (!S_ISDIR(info.st_mode)) throw errno_error("use folder", path, ENOTDIR);
  if (!is_ours(path, info.st_uid)) throw not_own(path, info.st_uid);
  return true;
}

UniqueFd open_own_folder(const std::string& path) {
  if (!check_own_folder(path)) throw errno_error("use folder", path, ENOENT);
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) throw errno_error("use folder", path, errno);
  if (!is_ours(path, info.st_uid)) throw not_own(path, info.st_uid);  // replaced in between
  // The owner may do this; a file system that has no modes (FAT) refuses it all the same.
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) ::fchmod(fd.get(), S_IRWXU);
  return fd;
}

UniqueFd open_new_file(const std::string& path) { return open_new(path, S_IRUSR | S_IWUSR); }

UniqueFd open_own_file(const std::string& path) {
  struct stat info {};
  const bool is_there = ::lstat(path.c_str(), &info) == 0;
  const bool is_own = S_ISREG(info.st_mode) && info.st_uid == ::geteuid() && info.st_nlink == 1 &&
                      (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  if (!is_there || !is_own) return open_new_file(path);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) throw errno_error("write", path, errno);
  return fd;
}

bool is_locked(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  return fd && ::fcntl(fd.get(), F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_regular_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

namespace {

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

bool is_same_file(const std::string& path, const std::string& other) {
  struct stat one {};
  struct stat two {};
  return ::stat(path.c_str(), &one) == 0 && ::stat(other.c_str(), &two) == 0 && is_same(one, two);
}

std::string present_path(int folder, const std::string& path) {
  struct stat open {};
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && ::fstat(folder, &open) == 0 && is_same(open, there)) {
    return path;
  }
  char present[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(folder);
  const ssize_t length = ::readlink(link.c_str(), present, sizeof present);
  return length > 0 ? std::string(present, static_cast<std::size_t>(length)) : path;
}

std::uint64_t file_size(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::string file_version(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? file_version(info) : "";
}

std::string file_version(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 ? file_version(info) : "";
}

std::string file_version(const struct stat& info) {
  std::string version;
  for (const std::uint64_t number :
       {std::uint64_t{info.st_dev}, std::uint64_t{info.st_ino},
        static_cast<std::uint64_t>(info.st_size), static_cast<std::uint64_t>(info.st_mtim.tv_sec),
        static_cast<std::uint64_t>(info.st_mtim.tv_nsec)}) {
    version += std::to_string(number) + " ";
  }
  return version;
}

std::string read_at(int fd, std::uint64_t place, std::size_t count) {
  std::string text(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got =
        ::pread(fd, text.data() + filled, count - filled, static_cast<off_t>(place + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

std::vector<std::string> last_lines(const std::string& path, std::size_t count) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) return {};
  const auto size = static_cast<std::size_t>(info.st_size);
  const std::size_t most = std::min(size, count * kLongestLine);
  std::vector<std::string> lines = shown_lines(read_at(fd.get(), size - most, most), kLongestLine);
  if (lines.size() > count)
    lines.erase(lines.begin(), std::prev(lines.end(), static_cast<std::ptrdiff_t>(count)));
  return lines;
}

std::string find_program(const std::string& name, const std::string& path_variable) {
  std::string forbidden;
  std::string_view rest = path_variable;
  for (bool more = true; more;) {
    const std::size_t colon = rest.find(':');
    std::string folder(rest.substr(0, colon));
    more = colon != std::string_view::npos;
    if (more) rest.remove_prefix(colon + 1);
    const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    struct stat info {};
    if (::stat(candidate.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    if (forbidden.empty()) forbidden = candidate;
  }
  return forbidden;
}

}  // namespace gentle
