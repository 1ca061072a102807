// takes_listen_fds [<gate>]: tells what it was handed over (sd_listen_fds(3)), opens its eyes when
// the gate does, and answers each connection with the name of the socket.
#include <poll.h>

#include <string>

#include "service.h"

int main(int argc, char** argv) {
  end_on_sigint();
  const char* count_text = std::getenv("LISTEN_FDS");
  const char* pid = std::getenv("LISTEN_PID");
  const char* names = std::getenv("LISTEN_FDNAMES");
  say("fds %s, names %s, pid %s\n", count_text, names,
      std::atoi(pid) == ::getpid() ? "is mine" : "is not mine");
  wait_at(argc > 1 ? argv[1] : nullptr);
  const int count = std::atoi(count_text);
  for (;;) {
    pollfd entries[8];
    for (int i = 0; i < count; ++i) entries[i] = {3 + i, POLLIN, 0};
    ::poll(entries, static_cast<nfds_t>(count), -1);
    std::string rest = names;
    for (int i = 0; i < count; ++i) {
      const std::string name = rest.substr(0, rest.find(':'));
      rest.erase(0, name.size() + 1);
      if ((entries[i].revents & POLLIN) == 0) continue;
      const int fd = accept_on(3 + i);
      if (::write(fd, name.data(), name.size()) < 0) fail("write");
      ::close(fd);
    }
  }
}
