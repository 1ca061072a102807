// gated_test <folder> <gate> [<signal> [ends]]: a test. Where there is a service it connects to it,
// sends the signal to its main process, waits for that one's end, and then at the gate. Signals do
// to it what they do to any program.
#include <sys/syscall.h>

#include "recorded.h"

namespace {

bool connects(const char* port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const int connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(fd);
  return connected == 0;
}

void send(int signal, pid_t pid, bool ends) {
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  ::kill(pid, signal);
  pollfd entry{pidfd, POLLIN, 0};
  if (ends) ::poll(&entry, 1, kLongestMs);
}

}  // namespace

int main(int argc, char** argv) {
  Recorded self(argv[1], "test", Signals::kDefault);
  if (const char* port = std::getenv("API_PORT")) {
    if (!connects(port)) {
      std::fprintf(stderr, "cannot connect to port %s: %s\n", port, std::strerror(errno));
      return 1;
    }
  }
  const char* pid = std::getenv("API_PID");
  if (argc > 3 && pid != nullptr) send(std::atoi(argv[3]), std::atoi(pid), argc > 4);
  self.wait_at(argv[2]);
  if (self.failed()) std::fprintf(stderr, "failed, as it was told to\n");
  return self.failed() ? 1 : 0;
}
