// notifies <what>...: in this order, then waits for SIGINT, on which it says STOPPING=1 and ends.
//   gate:<path>     waits until this gate opens
//   child:<text>    sends the text from a child that has ended before anybody can ask for it
//   exit:<status>   ends
//   stop:<text>     what to send on SIGINT instead, followed by an end when the gate at <gate>
//   opens <text>          one message to NOTIFY_SOCKET; \n divides its lines
#include <string>

#include "service.h"

namespace {

void send_message(const char* text) {
  const char* name = std::getenv("NOTIFY_SOCKET");
  if (name == nullptr) fail("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(name);
  std::memcpy(address.sun_path, name, length);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  std::string message;
  for (; *text != '\0'; ++text) {
    const bool newline = text[0] == '\\' && text[1] == 'n';
    message += newline ? '\n' : *text;
    if (newline) ++text;
  }
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  if (::sendto(fd, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&address),
               size) < 0) {
    fail("sendto");
  }
  ::close(fd);
}

void send_from_child(const char* text) {
  const pid_t child = ::fork();
  if (child == 0) {
    send_message(text);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace

int main(int argc, char** argv) {
  sigset_t sigint;
  ::sigemptyset(&sigint);
  ::sigaddset(&sigint, SIGINT);
  ::sigprocmask(SIG_BLOCK, &sigint, nullptr);
  const char* on_stop = "STOPPING=1";
  const char* stop_gate = nullptr;
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "gate:", 5) == 0) {
      wait_at(argv[i] + 5);
    } else if (std::strncmp(argv[i], "child:", 6) == 0) {
      send_from_child(argv[i] + 6);
    } else if (std::strncmp(argv[i], "exit:", 5) == 0) {
      return std::atoi(argv[i] + 5);
    } else if (std::strncmp(argv[i], "stop:", 5) == 0) {
      on_stop = argv[i] + 5;
      stop_gate = argv[++i];
    } else {
      send_message(argv[i]);
    }
  }
  int received = 0;
  ::sigwait(&sigint, &received);
  send_message(on_stop);
  wait_at(stop_gate);
}
