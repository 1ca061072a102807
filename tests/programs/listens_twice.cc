// listens_twice <port> [<gate>]: answers one request, stops listening, says "initialized", and
// serves for good when the gate opens: as a database does that sets itself up first.
#include "service.h"

namespace {

void answer_one(int listener) {
  const int fd = accept_on(listener);
  char request[4096];
  if (::recv(fd, request, sizeof request, 0) < 0) fail("recv");
  const char* answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  if (::send(fd, answer, std::strlen(answer), MSG_NOSIGNAL) < 0) fail("send");
  ::close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  end_on_sigint();
  const int temporary = listen_tcp(std::atoi(argv[1]));
  answer_one(temporary);
  ::close(temporary);
  say("initialized\n");
  wait_at(argc > 2 ? argv[2] : nullptr);
  const int listener = listen_tcp(std::atoi(argv[1]));
  for (;;) answer_one(listener);
}
