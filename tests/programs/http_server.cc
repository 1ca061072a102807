// http_server <port> <behaviour> [<gate>]: each connection is answered the same way.
//   ok, v6       200 for /health, 404 for any other path (v6: on ::1)
//   <number>     this status code
//   wakes_up     503 until the gate opens, then 200
//   slow_header  one byte of the status line, and the rest when the gate opens
//   early_hints  103 and, when the gate opens, 200
//   pieces       200, and the body in pieces when the gate opens; no thought of SIGPIPE
//   pieces_503   the same with 503, the first time; then as ok
//   silent       takes the request and never answers
//   garbage      what is no HTTP
//   closes       closes without an answer
//   no_accept    listens, and never accepts
#include "service.h"

namespace {

void put(int fd, const char* text) {
  if (::send(fd, text, std::strlen(text), MSG_NOSIGNAL) < 0)
    say("send: %s\n", std::strerror(errno));
}

void answer(int fd, int status) {
  char text[256];
  std::snprintf(text, sizeof text, "HTTP/1.1 %d Whatever\r\nContent-Length: 0\r\n\r\n", status);
  put(fd, text);
}

// Whether the gate was opened by now.
bool is_open(int gate) {
  static bool open = false;
  char byte = 0;
  open = open || ::read(gate, &byte, 1) > 0;
  return open;
}

void write_pieces(int fd, const char* head, const char* gate) {
  if (::write(fd, head, std::strlen(head)) < 0) fail("write");
  wait_at(gate);
  for (int i = 0; i < 200; ++i) {
    if (::write(fd, "a line of the front page\n", 25) < 0) fail("write");
  }
  say("all is written\n");
}

bool is_first() {
  static bool first = true;
  const bool was_first = first;
  first = false;
  return was_first;
}

void serve(int fd, const char* behaviour, const char* gate_path, int gate) {
  char request[4096];
  const ssize_t got = ::recv(fd, request, sizeof request - 1, 0);
  request[got > 0 ? got : 0] = '\0';
  say("%.*s\n", static_cast<int>(std::strcspn(request, "\r\n")), request);
  if (is(behaviour, "wakes_up")) {
    answer(fd, is_open(gate) ? 200 : 503);
  } else if (is(behaviour, "slow_header")) {
    put(fd, "H");
    wait_at(gate_path);
    put(fd, "TTP/1.0 200 OK\r\n\r\n");
  } else if (is(behaviour, "early_hints")) {
    put(fd, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
    wait_at(gate_path);
    answer(fd, 200);
  } else if (is(behaviour, "pieces")) {
    write_pieces(fd, "HTTP/1.0 200 OK\r\n\r\n", gate_path);
  } else if (is(behaviour, "pieces_503") && is_first()) {
    write_pieces(fd, "HTTP/1.0 503 Busy\r\n\r\n", gate_path);
  } else if (is(behaviour, "silent")) {
    wait_for_signals();
  } else if (is(behaviour, "garbage")) {
    put(fd, "220 this is a mail server\r\n");
  } else if (std::atoi(behaviour) > 0) {
    answer(fd, std::atoi(behaviour));
  } else if (!is(behaviour, "closes")) {
    answer(fd, std::strncmp(request, "GET /health ", 12) == 0 ? 200 : 404);
  }
}

}  // namespace

int main(int argc, char** argv) {
  end_on_sigint();
  const char* behaviour = argv[2];
  const char* gate = argc > 3 ? argv[3] : nullptr;
  const bool wakes_up = is(behaviour, "wakes_up");
  const int gate_fd = wakes_up ? ::open(gate, O_RDONLY | O_NONBLOCK) : -1;
  const int listener =
      listen_tcp(std::atoi(argv[1]), is(behaviour, "v6") ? Address::kV6 : Address::kV4);
  if (is(behaviour, "no_accept")) wait_for_signals();
  for (;;) {
    const int fd = accept_on(listener);
    serve(fd, behaviour, gate, gate_fd);
    ::close(fd);
  }
}
