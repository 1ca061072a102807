#include "os/data_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <new>

#include "base/error.h"
#include "base/unique_fd.h"

namespace gentle {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20U;
constexpr std::size_t kPart = std::size_t{32} << 10U;

UniqueFd open_data_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) throw errno_error("read", path, errno);
  return fd;
}

std::size_t size_of_file(const UniqueFd& fd, const std::string& path, std::size_t limit) {
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) throw errno_error("read", path, errno);
  if (!S_ISREG(info.st_mode)) throw Error("read", path, "it is no regular file");
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > limit) {
    throw Error("read", path,
                "it has " + std::to_string(size) + " bytes, more than " + std::to_string(limit));
  }
  return static_cast<std::size_t>(size);
}

// Gives back how many bytes there were: the file may have shrunk meanwhile. The kernel copies
// slowly to memory that is in no cache: by way of a small buffer, two copies take half of the time
// of one.
std::size_t read_bytes(const UniqueFd& fd, const std::string& path, char* to, std::size_t size) {
  char part[kPart];
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t got = ::read(fd.get(), part, std::min(sizeof part, size - filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw errno_error("read", path, errno);
    if (got == 0) break;
    to = std::copy_n(part, got, to);
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

}  // namespace

std::string read_data_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd = open_data_file(path);
  // Not more than it had: it may grow meanwhile.
  std::string text(size_of_file(fd, path, limit), '\0');
  text.resize(read_bytes(fd, path, text.data(), text.size()));
  return text;
}

// Half as much again, so that few files need new memory: what is not written to takes none. In
// large pages, which cost a fault each, as small ones do.
char* FileBuffer::room(std::size_t size) {
  if (size <= size_) {
    give_back_behind(size);
    used_ = std::max(used_, size);
    return bytes_.get();
  }
  bytes_.reset();
  size_ = 0;
  used_ = size;
  const std::size_t wanted = (size + size / 2 + kLargePage - 1) / kLargePage * kLargePage;
  bytes_.reset(static_cast<char*>(std::aligned_alloc(kLargePage, wanted)));
  if (!bytes_) throw std::bad_alloc();
  size_ = wanted;
  ::madvise(bytes_.get(), size_, MADV_HUGEPAGE);  // where the kernel has none, it stays as it is
  return bytes_.get();
}

void FileBuffer::give_back_behind(std::size_t size) {
  constexpr std::size_t kMostSpare = 2;
  const std::size_t kept = (size + kLargePage - 1) / kLargePage * kLargePage;
  if (used_ / kMostSpare <= kept) return;
  ::madvise(bytes_.get() + kept, size_ - kept, MADV_DONTNEED);
  used_ = kept;
}

std::string_view read_data_file(const std::string& path, std::size_t limit, FileBuffer& buffer) {
  const UniqueFd fd = open_data_file(path);
  const std::size_t size = size_of_file(fd, path, limit);
  char* const bytes = buffer.room(size);
  return {bytes, read_bytes(fd, path, bytes, size)};
}

}  // namespace gentle
