#include "os/control_socket.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "os/abstract_socket.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr const char* kName = "control";
constexpr int kBacklog = 64;
// In one go: who sends without end is not the only one who has to be heard.
constexpr int kMostReads = 16;
constexpr std::chrono::seconds kLongestQueue{2};

sockaddr_un address_in(int folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", folder, kName);
  return address;
}

UniqueFd stream_socket(int flags) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (!fd) throw errno_error("make socket", kName, errno);
  return fd;
}

ucred peer_of(int fd) {
  ucred peer{0, static_cast<uid_t>(-1), static_cast<gid_t>(-1)};
  socklen_t size = sizeof peer;
  ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
  return peer;
}

bool is_same_user(int fd) {
  const ucred peer = peer_of(fd);
  return peer.uid == 0 || peer.uid == ::geteuid();
}

bool connect_in(int fd, int folder) {
  const sockaddr_un address = address_in(folder);
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

// Whether there can be no doubt that a socket in the folder leads to who listens at it. A folder
// that is shared with another machine may take one and know nothing of it afterwards.
bool keeps_sockets(int folder) {
  constexpr unsigned kF2fs = 0xF2F52010;
  constexpr unsigned kZfs = 0x2FC12FC1;
  struct statfs info {};
  if (::fstatfs(folder, &info) != 0) return false;
  switch (static_cast<unsigned>(info.f_type)) {
    case EXT4_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
    case kF2fs:
    case kZfs:
      return true;
    default:
      return false;
  }
}

// Empty: the file system has no sockets.
UniqueFd listen_in_folder(int folder) {
  UniqueFd fd = stream_socket(SOCK_NONBLOCK);
  const sockaddr_un address = address_in(folder);
  const mode_t before = ::umask(0177);  // the socket's file is made with mode 0600
  const int bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  ::umask(before);
  const bool is_full = error == ENOSPC || error == EDQUOT || error == EROFS;
  if (bound != 0 && is_full) throw errno_error("bind socket", kName, error);
  if (bound != 0) return {};
  if (::listen(fd.get(), kBacklog) != 0) throw errno_error("listen on socket", kName, errno);
  if (keeps_sockets(folder) || connect_in(stream_socket(SOCK_NONBLOCK).get(), folder)) return fd;
  return {};
}

// Nobody else has a name with our pid and start time; and what an earlier boot has left names none.
UniqueFd listen_elsewhere(int folder) {
  struct stat info {};
  ::fstat(folder, &info);
  const std::string name =
      "gentle-control-" + to_text(ourselves()) + "-" + std::to_string(info.st_ino);
  UniqueFd fd = stream_socket(SOCK_NONBLOCK);
  if (!bind_abstract(fd.get(), name)) throw errno_error("bind socket", name, errno);
  if (::listen(fd.get(), kBacklog) != 0) throw errno_error("listen on socket", name, errno);
  const UniqueFd file(
      ::openat(folder, kName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) throw errno_error("write", kName, errno);
  // A client that comes before the name stands there finds nobody, and asks again.
  const ssize_t put = ::write(file.get(), name.data(), name.size());
  if (put != static_cast<ssize_t>(name.size())) {
    const int error = put < 0 ? errno : ENOSPC;
    remove_control(folder);
    throw errno_error("write", kName, error);
  }
  return fd;
}

// That of listen_elsewhere(); "": there is none.
std::string abstract_name(int folder) {
  char name[128];
  const UniqueFd file(::openat(folder, kName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const ssize_t got = file ? ::read(file.get(), name, sizeof name) : 0;
  const std::string text(name, static_cast<std::size_t>(got > 0 ? got : 0));
  return text.starts_with("gentle-control-") ? text : "";
}

}  // namespace

UniqueFd listen_control(int state_folder) {
  remove_control(state_folder);
  UniqueFd fd = listen_in_folder(state_folder);
  if (!fd) {
    remove_control(state_folder);  // a failed bind may leave a file (exfat-fuse)
    fd = listen_elsewhere(state_folder);
  }
  return fd;
}

UniqueFd connect_control(int state_folder) {
  UniqueFd fd = stream_socket(0);
  // One that is stopped accepts nobody, and the queue before it may be full: unix(7) waits so long.
  timeval longest{};
  longest.tv_sec = kLongestQueue.count();
  ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  if (connect_in(fd.get(), state_folder)) return fd;
  const std::string name = errno == ENOENT ? "" : abstract_name(state_folder);
  // Any user may listen at such a name.
  if (name.empty() || !connect_abstract(fd.get(), name) || !is_same_user(fd.get())) fd.reset();
  return fd;
}

int peer_pid(int fd) { return peer_of(fd).pid; }

void remove_control(int state_folder) { ::unlinkat(state_folder, kName, 0); }

bool control_exists(int state_folder) {
  return ::faccessat(state_folder, kName, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool control_is_abstract(int state_folder) {
  struct stat info {};
  const int found = ::fstatat(state_folder, kName, &info, AT_SYMLINK_NOFOLLOW);
  return found == 0 && S_ISREG(info.st_mode);
}

UniqueFd accept_control(int listener) {
  UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (fd && !is_same_user(fd.get())) fd.reset();
  return fd;
}

bool receive_some(int fd, std::string& text) {
  char buffer[4096];
  for (int rounds = 0; rounds < kMostReads; ++rounds) {
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
  return true;
}

void send_reply(int fd, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t put = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (put > 0) {
      sent += static_cast<std::size_t>(put);
    } else if (put < 0 && errno == EAGAIN) {
      // A reply of more than the socket's buffer; a client that does not read is given a second.
      pollfd entry{fd, POLLOUT, 0};
      if (::poll(&entry, 1, 1000) <= 0) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

void send_request(int fd, const std::string& request) { send_reply(fd, request + "\n"); }

bool wait_for_reply(int fd, TimePoint until) {
  for (;;) {
    constexpr Duration kRound = std::chrono::hours(1);
    const auto left = milliseconds(std::clamp(until - Clock::now(), Duration{}, kRound));
    pollfd entry{fd, POLLIN, 0};
    if (::poll(&entry, 1, static_cast<int>(left) + 1) > 0) return true;
    if (Clock::now() >= until) return false;
  }
}

std::optional<std::string> receive_reply(int fd, TimePoint until) {
  std::string reply;
  do {
    if (!wait_for_reply(fd, until)) return std::nullopt;
  } while (receive_some(fd, reply));
  if (reply.empty()) return std::nullopt;
  return reply;
}

}  // namespace gentle
