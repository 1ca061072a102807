// What the small services of this folder share. Each shows one behaviour, good or bad, and ends
// with exit status 0 on SIGINT unless its name says otherwise.
//
// Where one has to do something later, it waits at a gate: a FIFO that the test opens for writing
// when it is time. So no test depends on how long anything takes.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

[[noreturn]] inline void fail(const char* what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  std::exit(100);
}

// One line to standard output, at once and in one piece.
[[gnu::format(printf, 1, 2)]] inline void say(const char* format, ...) {
  char line[4096];
  std::va_list values;
  va_start(values, format);
  const int length = std::vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (::write(STDOUT_FILENO, line, static_cast<std::size_t>(length)) < 0) fail("write");
}

inline void on(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

inline void end_on_sigint() {
  on(SIGINT, [](int) { ::_exit(0); });
}

// SIG_BLOCK until what the handler of a signal needs is there, or SIG_UNBLOCK.
inline void mask(int how, int signal) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  ::sigprocmask(how, &set, nullptr);
}

[[noreturn]] inline void wait_for_signals() {
  for (;;) ::pause();
}

// Returns when the test has opened the gate. No gate: at once.
inline void wait_at(const char* gate) {
  if (gate == nullptr) return;
  const int fd = ::open(gate, O_RDONLY);  // the test learns by this that the gate is reached
  char byte = 0;
  if (fd < 0 || ::read(fd, &byte, 1) < 0) fail(gate);
  ::close(fd);
}

inline bool is(const char* word, const char* expected) { return std::strcmp(word, expected) == 0; }

enum class Address { kV4, kV6, kDual };

// A TCP socket bound to the loopback address (dual: to every one), not listening yet.
inline int bind_tcp(int port, Address kind) {
  const int fd = ::socket(kind == Address::kV4 ? AF_INET : AF_INET6, SOCK_STREAM, 0);
  if (fd < 0) fail("socket");
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(static_cast<std::uint16_t>(port));
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = v4.sin_port;
  v6.sin6_addr = kind == Address::kV6 ? in6addr_loopback : in6addr_any;
  const int only = kind == Address::kV6 ? 1 : 0;
  if (kind != Address::kV4) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
  const auto* address = kind == Address::kV4 ? reinterpret_cast<const sockaddr*>(&v4)
                                             : reinterpret_cast<const sockaddr*>(&v6);
  const socklen_t size = kind == Address::kV4 ? sizeof v4 : sizeof v6;
  if (::bind(fd, address, size) != 0) fail("bind");
  return fd;
}

inline int listen_tcp(int port, Address kind = Address::kV4) {
  const int fd = bind_tcp(port, kind);
  if (::listen(fd, 64) != 0) fail("listen");
  return fd;
}

inline int accept_on(int listener) {
  int fd = -1;
  do {
    fd = ::accept(listener, nullptr, nullptr);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) fail("accept");
  return fd;
}

// Takes connections and closes them, for ever.
[[noreturn]] inline void serve_nothing(int listener) {
  for (;;) ::close(accept_on(listener));
}
