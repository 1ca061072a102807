#include "os/folder_lock.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "os/abstract_socket.h"

namespace gentle {

// Lustre without its mount option flock, and some sandboxes, refuse flock(2): there the kernel
// grants an abstract name, which it knows for as long as somebody holds the socket. The folder is
// open for as long, and keeps its number, which a FAT gives anew to what nobody has open.
bool FolderLock::take(int folder, const std::string& path) {
  if (::flock(folder, LOCK_EX | LOCK_NB) == 0) return true;
  const int error = errno;
  if (error == EWOULDBLOCK) return false;
  struct stat info {};
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket && ::fstat(folder, &info) == 0) {
    const std::string name = "gentle-folder-" + std::to_string(::geteuid()) + "-" +
                             std::to_string(info.st_dev) + "-" + std::to_string(info.st_ino);
    if (bind_abstract(socket.get(), name)) {
      socket_ = std::move(socket);
      return true;
    }
    if (errno == EADDRINUSE) return false;
  }
  throw errno_error("lock folder", path, error)
      .hint("its file system has no flock: use a build folder on a local disk");
}

}  // namespace gentle
