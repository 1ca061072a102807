#include "os/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/error.h"

namespace gentle {
namespace {

constexpr const char* kName = "control";

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

}  // namespace

UniqueFd listen_control(int state_folder) {
  UniqueFd fd = stream_socket(SOCK_NONBLOCK);
  const sockaddr_un address = address_in(state_folder);
  remove_control(state_folder);
  const mode_t before = ::umask(0177);  // the socket's file is made with mode 0600
  const int bound = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  ::umask(before);
  if (bound != 0) throw errno_error("bind socket", kName, error);
  if (::listen(fd.get(), 64) != 0) throw errno_error("listen on socket", kName, errno);
  return fd;
}

UniqueFd connect_control(int state_folder) {
  UniqueFd fd = stream_socket(0);
  const sockaddr_un address = address_in(state_folder);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fd.reset();
  }
  return fd;
}

int peer_pid(int fd) { return peer_of(fd).pid; }

void remove_control(int state_folder) { ::unlinkat(state_folder, kName, 0); }

bool control_exists(int state_folder) {
  return ::faccessat(state_folder, kName, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

UniqueFd accept_control(int listener) {
  UniqueFd fd(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (fd && !is_same_user(fd.get())) fd.reset();
  return fd;
}

bool receive_some(int fd, std::string& text) {
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0) {
      return false;
    } else if (errno != EINTR) {
      return errno == EAGAIN;
    }
  }
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

std::optional<std::string> receive_reply(int fd) {
  std::string reply;
  pollfd entry{fd, POLLIN, 0};
  do {
    ::poll(&entry, 1, -1);
  } while (receive_some(fd, reply));
  if (reply.empty()) return std::nullopt;
  return reply;
}

}  // namespace gentle
