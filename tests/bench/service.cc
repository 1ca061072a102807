// The service that the benchmark starts: after a delay it becomes ready in one of the ways that
// READY knows, and notes the moment just before the system call that makes it so.
//
//   bench_service TCP|UNIX|LOG|FILE|NOTIFY <port or path> <delay in microseconds> <stamp file>
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

// In shared memory: to note the moment takes no system call, which would delay what is measured.
std::int64_t* map_stamp(const char* path) {
  const int fd = ::open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || ::ftruncate(fd, sizeof(std::int64_t)) != 0) return nullptr;
  void* memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  return memory == MAP_FAILED ? nullptr : static_cast<std::int64_t*>(memory);
}

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

void wait_us(long us) {
  timespec left{us / 1'000'000, us % 1'000'000 * 1000};
  while (::nanosleep(&left, &left) != 0) {
  }
}

int bound_tcp(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return bound == 0 ? fd : -1;
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

int bound_unix(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = unix_address(path);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return bound == 0 ? fd : -1;
}

bool become_ready(const std::string& how, const char* where, long delay, std::int64_t& stamp) {
  if (how == "TCP" || how == "UNIX") {
    wait_us(delay);
    const int fd = how == "TCP" ? bound_tcp(std::atoi(where)) : bound_unix(where);
    stamp = now_ns();
    return ::listen(fd, 16) == 0;
  }
  if (how == "NOTIFY") {
    std::string name = ::getenv("NOTIFY_SOCKET");
    sockaddr_un address = unix_address(name);
    if (name.front() == '@') address.sun_path[0] = '\0';  // an abstract name
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    wait_us(delay);
    stamp = now_ns();
    return ::sendto(fd, "READY=1", 7, 0, reinterpret_cast<const sockaddr*>(&address), size) == 7;
  }
  wait_us(delay);
  stamp = now_ns();
  if (how == "LOG") return ::write(STDOUT_FILENO, "ready\n", 6) == 6;
  return how == "FILE" && ::creat(where, 0600) >= 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::int64_t* stamp = argc == 5 ? map_stamp(argv[4]) : nullptr;
  if (stamp == nullptr || !become_ready(argv[1], argv[2], std::atol(argv[3]), *stamp)) {
    std::perror("bench_service");
    return 1;
  }
  for (;;) ::pause();
}
