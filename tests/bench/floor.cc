// The least that starting and stopping a service can be, without any of gentle's promises: starts a
// program, looks until it is ready, interrupts it, waits for its end. Plain C but for the types.
//
//   bench_floor TCP|UNIX|LOG|FILE|NOTIFY <port or path> <log> <program> [<arg>...]
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace {

int fail(const char* what) {
  ::perror(what);
  return 1;
}

bool connects(int family, const void* address, socklen_t size) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = ::connect(fd, static_cast<const sockaddr*>(address), size) == 0;
  ::close(fd);
  return connected;
}

sockaddr_un unix_address(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  return address;
}

bool is_ready(const char* kind, const char* where, const char* log, int notify) {
  struct stat info {};
  if (::strcmp(kind, "NOTIFY") == 0) {
    char text[64];
    return ::recv(notify, text, sizeof text, 0) > 0;  // waits
  }
  if (::strcmp(kind, "TCP") == 0) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(::atoi(where)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connects(AF_INET, &address, sizeof address);
  }
  if (::strcmp(kind, "UNIX") == 0) {
    const sockaddr_un address = unix_address(where);
    return connects(AF_UNIX, &address, sizeof address);
  }
  if (::strcmp(kind, "LOG") == 0) return ::stat(log, &info) == 0 && info.st_size > 0;
  return ::stat(where, &info) == 0;
}

int notify_socket(const char* path) {
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = unix_address(path);
  ::unlink(path);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  ::setenv("NOTIFY_SOCKET", path, 1);
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return fail("bench_floor");
  const char* const kind = argv[1];
  const char* const where = argv[2];
  const char* const log = argv[3];
  const bool notifies = ::strcmp(kind, "NOTIFY") == 0;
  const int notify = notifies ? notify_socket(where) : -1;
  if (notifies && notify < 0) return fail(where);
  if (!notifies && where[0] == '/') ::unlink(where);
  const int output = ::open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(output, STDOUT_FILENO);
    ::execv(argv[4], argv + 4);
    ::_exit(127);
  }
  while (!is_ready(kind, where, log, notify)) {
    const timespec pause{0, 100'000};
    ::nanosleep(&pause, nullptr);
  }
  int status = 0;
  ::kill(pid, SIGINT);
  ::waitpid(pid, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGINT ? 0 : fail(argv[4]);
}
