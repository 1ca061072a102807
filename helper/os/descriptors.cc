#include "os/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "base/number.h"

namespace gentle {

namespace {

bool close_all_between(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  int first = 3;
  for (const int fd : kept) {
    if (fd > first && !close_range_of_descriptors(first, fd - 1)) return false;
    first = fd + 1;
  }
  return close_range_of_descriptors(first, INT_MAX);
}

void close_listed(const std::vector<int>& kept) {
  std::vector<int> open;
  DIR* stream = ::opendir("/proc/self/fd");
  while (const dirent* entry = stream != nullptr ? ::readdir(stream) : nullptr) {
    const auto fd = parse_integer<int>(entry->d_name, 3, 1 << 30);
    if (fd && *fd != ::dirfd(stream)) open.push_back(*fd);
  }
  if (stream != nullptr) ::closedir(stream);
  for (const int fd : open) {
    if (std::find(kept.begin(), kept.end(), fd) == kept.end()) ::close(fd);
  }
}

}  // namespace

bool close_range_of_descriptors([[maybe_unused]] int first, [[maybe_unused]] int last) {
#ifdef SYS_close_range
  return ::syscall(SYS_close_range, first, last, 0) == 0;
#else
  return false;
#endif
}

void close_inherited_descriptors(const std::vector<int>& kept) {
  for (const int fd : kept) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  if (!close_all_between(kept)) close_listed(kept);
}

std::size_t most_descriptors() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

void occupy_standard_descriptors() {
  for (int fd = 0; fd < 3; ++fd) {
    // The lowest free one is taken: open(2). It is inherited, as the closed one would have been.
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
  }
}

bool is_pipe_without_reader(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISFIFO(info.st_mode)) return false;
  pollfd entry{fd, 0, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLERR) != 0;
}

}  // namespace gentle
