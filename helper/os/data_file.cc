#include "os/data_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "base/error.h"
#include "base/unique_fd.h"

namespace gentle {

std::string read_data_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) throw errno_error("read", path, errno);
  if (!S_ISREG(info.st_mode)) throw Error("read", path, "it is no regular file");
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > limit) {
    throw Error("read", path,
                "it has " + std::to_string(size) + " bytes, more than " + std::to_string(limit));
  }
  // Not more than it had: it may grow meanwhile.
  std::string text(static_cast<std::size_t>(size), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(fd.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw errno_error("read", path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

}  // namespace gentle
