// What the services and tests of the matrix share: each writes down what happens to it, so that the
// matrix can tell afterwards who got which signal, when, and from whom.
//
// Signals are blocked and read (signalfd), never handled: so nothing is lost while a program is
// busy, the sender is known, and even a signal whose disposition is "ignored" is seen.
//
// The folder of the cell holds
//   record   a line for each event: <monotonic ns> <pid> <role> <event> [<more>]
//   events   a FIFO that is written to after each line: the matrix waits for nothing else
//   gates/   FIFOs at which a program waits until the matrix writes to one; no FIFO, no waiting
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

// Nothing of the matrix lives longer, whatever becomes of those who should end it.
constexpr int kLongestMs = 180'000;

enum class Signals { kRecorded, kDefault };

class Recorded {
 public:
  Recorded(const char* folder, const char* role, Signals signals = Signals::kRecorded)
      : folder_(folder), records_signals_(signals == Signals::kRecorded) {
    sigset_t all;
    ::sigfillset(&all);
    if (records_signals_) ::sigprocmask(SIG_BLOCK, &all, nullptr);
    record_ =
        ::open((folder_ + "/record").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (record_ < 0) ::_exit(90);
    begin(role);
  }

  // Once in each process, after its fork: its own name, and the signals that are its own.
  void begin(const char* role) {
    role_ = role;
    sigset_t watched;
    ::sigemptyset(&watched);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1}) {
      ::sigaddset(&watched, signal);
    }
    if (records_signals_) signals_ = ::signalfd(-1, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
    tell("runs");
  }

  [[gnu::format(printf, 2, 3)]] void tell(const char* format, ...) {
    char event[128];
    std::va_list values;
    va_start(values, format);
    std::vsnprintf(event, sizeof event, format, values);
    va_end(values);
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    char line[256];
    const int length = std::snprintf(
        line, sizeof line, "%lld %d %s %s\n",
        static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec, ::getpid(), role_, event);
    if (::write(record_, line, static_cast<std::size_t>(length)) != length) ::_exit(91);
    const int events = ::open((folder_ + "/events").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (events < 0) return;  // nobody waits for an event
    if (::write(events, "\n", 1) < 0 && errno != EAGAIN && errno != EPIPE) ::_exit(92);
    ::close(events);
  }

  // A signal that came, or 0 when it is time to go on: the gate was opened, or there is none. A
  // gate that opens with "fail" makes failed() true.
  int wait_at(const char* gate) {
    const int fd = ::open((folder_ + "/gates/" + gate).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return 0;
    if (gate != reached_) tell("at %s", gate);
    reached_ = gate;
    const int signal = wait(fd, -1);
    char byte = 0;
    if (signal == 0) failed_ = ::read(fd, &byte, 1) == 1 && byte == 'f';
    ::close(fd);
    return signal;
  }

  bool failed() const { return failed_; }

  // The next signal; connections are taken and closed meanwhile. SIGCHLD is none of them.
  int serve(int listener) { return wait(-1, listener); }

  // The next signal that has come already, or 0.
  int signal_that_came() {
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) return 0;
    const int signal = static_cast<int>(info.ssi_signo);
    tell("got SIG%s from %u", ::sigabbrev_np(signal), info.ssi_pid);
    return signal;
  }

  // The end that a stop asks for; on the way it may be held at the gate "stop", and told more.
  [[noreturn]] void end() {
    while (wait_at("stop") != 0) {
    }
    tell("ends");
    ::_exit(0);
  }

 private:
  int wait(int gate, int listener) {
    for (;;) {
      pollfd entries[] = {{signals_, POLLIN, 0}, {gate, POLLIN, 0}, {listener, POLLIN, 0}};
      if (::poll(entries, 3, kLongestMs) == 0) {
        tell("waited too long");
        ::_exit(93);
      }
      if (const int signal = signal_that_came()) return signal;
      if (entries[1].revents != 0) return 0;
      if (entries[2].revents != 0) {
        const int connection = ::accept(listener, nullptr, nullptr);
        if (connection >= 0) ::close(connection);
      }
    }
  }

  std::string folder_;
  bool records_signals_;
  const char* role_ = "";
  std::string reached_;
  int record_ = -1;
  int signals_ = -1;
  bool failed_ = false;
};

inline sockaddr_in loopback(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Several processes may wait for its connections: none of them hangs in accept.
inline int bind_to(const char* port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const sockaddr_in address = loopback(port);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::_exit(94);
  return fd;
}

inline bool is_stop(int signal) { return signal == SIGINT || signal == SIGTERM; }

// Held at the gate "start", then listens. What comes meanwhile is handled as by the service.
template <typename Handler>
void start_to_listen(Recorded& self, int listener, Handler handle) {
  while (const int signal = self.wait_at("start")) handle(signal);
  if (::listen(listener, 64) != 0) ::_exit(95);
  self.tell("listens");
}

template <typename Handler>
[[noreturn]] void serve(Recorded& self, int listener, Handler handle) {
  for (;;) handle(self.serve(listener));
}
