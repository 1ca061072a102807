// Prints how blocking system calls end while signals arrive: one line for each call. Nobody who
// follows this process may change a line.
//
// Each call has two processes of its own: the one that blocks in it, and its driver, which disturbs
// the other whenever it blocks, as a rule by signals that it ignores. A call without a limit is
// disturbed five times, and then gets what it waits for; a call with one for as long as it lasts.
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "service.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLimit{150};
// A limit that began anew with each signal would never end.
constexpr std::chrono::seconds kNever{6};
constexpr std::size_t kMuch = 2'000'000;  // more than a pipe or a socket holds

// What a call may wait for, made anew for each.
struct Things {
  int pipe[2];
  int socket[2];
  int listener;
  sockaddr_un name;
  socklen_t name_size;
  int queue;      // System V messages
  int semaphore;  // System V
};

Things things;

struct Outcome {
  std::atomic<bool> begins;
  long result;
  int error;
  Clock::duration lasted;
};

using Disturb = void (*)(pid_t pid, int round);

void send_ignored(pid_t pid, int round) {
  constexpr int kIgnored[] = {SIGCHLD, SIGWINCH, SIGURG, SIGHUP, SIGCONT};
  ::kill(pid, kIgnored[round % 5]);
}
void send_handled(pid_t pid, int) { ::kill(pid, SIGUSR2); }
void send_both(pid_t pid, int round) { ::kill(pid, round == 0 ? SIGCHLD : SIGUSR2); }
void stop_and_continue(pid_t pid, int) {
  ::kill(pid, SIGSTOP);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED);
  ::kill(pid, SIGCONT);
}
// Each byte is the end of one child.
void end_child(pid_t, int);

struct Case {
  const char* call;
  bool has_limit;
  std::function<long()> run;
  void (*finish)(pid_t) = [](pid_t) {};  // without a limit: makes the call end
  Disturb disturb = send_ignored;
};

timespec limit() { return {0, std::chrono::nanoseconds(kLimit).count()}; }
timeval limit_of_socket() { return {0, std::chrono::microseconds(kLimit).count()}; }
int limit_ms() { return static_cast<int>(kLimit.count()); }

void make_things() {
  if (::pipe(things.pipe) != 0) fail("pipe");
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, things.socket) != 0) fail("socketpair");
  things.listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  things.name.sun_family = AF_UNIX;
  if (::bind(things.listener, reinterpret_cast<sockaddr*>(&things.name), sizeof(sa_family_t)) != 0)
    fail("bind");  // to an abstract name that the kernel chooses
  things.name_size = sizeof things.name;
  ::getsockname(things.listener, reinterpret_cast<sockaddr*>(&things.name), &things.name_size);
  if (::listen(things.listener, 0) != 0) fail("listen");
  things.queue = ::msgget(IPC_PRIVATE, 0600);
  things.semaphore = ::semget(IPC_PRIVATE, 1, 0600);
}

void remove_things() {
  ::msgctl(things.queue, IPC_RMID, nullptr);
  ::semctl(things.semaphore, 0, IPC_RMID);
}

int connect_to_listener() {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const timeval time = limit_of_socket();
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  return ::connect(fd, reinterpret_cast<sockaddr*>(&things.name), things.name_size);
}

void write_to_pipe(pid_t) {
  if (::write(things.pipe[1], "x", 1) != 1) fail("write");
}
void write_to_socket(pid_t) {
  if (::write(things.socket[1], "x", 1) != 1) fail("write");
}
void end_child(pid_t, int) { write_to_socket(0); }

void drain(int fd) {
  static char buffer[65536];
  for (std::size_t left = kMuch; left > 0;) {
    const ssize_t count = ::read(fd, buffer, std::min(left, sizeof buffer));
    if (count <= 0) fail("read");
    left -= static_cast<std::size_t>(count);
  }
}
void drain_pipe(pid_t) { drain(things.pipe[0]); }
void drain_socket(pid_t) { drain(things.socket[1]); }

int epoll_of_pipe() {
  const int epoll = ::epoll_create1(0);
  epoll_event event{};
  event.events = EPOLLIN;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, things.pipe[0], &event);
  return epoll;
}

void limit_socket(int option) {
  const timeval time = limit_of_socket();
  ::setsockopt(things.socket[0], SOL_SOCKET, option, &time, sizeof time);
}

void fill(int fd) {
  static const char zeros[65536] = {};
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  while (::write(fd, zeros, sizeof zeros) > 0) {
  }
  ::fcntl(fd, F_SETFL, 0);
}

char* much() {
  static std::vector<char> bytes(kMuch);
  return bytes.data();
}

sigset_t blocked(int signal) {
  mask(SIG_BLOCK, signal);
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  return set;
}

aio_context_t aio() {
  aio_context_t context = 0;
  if (::syscall(SYS_io_setup, 4, &context) != 0) return 0;
  return context;
}

int ring() {
  io_uring_params parameters{};
  return static_cast<int>(::syscall(SYS_io_uring_setup, 4, &parameters));
}

struct Message {
  long type = 1;
  char text[1] = {'x'};
};

// -1: it is another one afterwards.
long wait_and_return_limit() {
  static epoll_event event;
#if defined(__x86_64__)
  const long limit = limit_ms();
  const long epoll_fd = epoll_of_pipe();
  register long number_and_result asm("rax") = SYS_epoll_pwait;
  register long epoll asm("rdi") = epoll_fd;
  register epoll_event* events asm("rsi") = &event;
  register long count asm("rdx") = 1;
  register long in_register asm("r10") = limit;
  register long mask asm("r8") = 0;
  asm volatile("syscall"
               : "+r"(number_and_result), "+r"(in_register)
               : "r"(epoll), "r"(events), "r"(count), "r"(mask)
               : "rcx", "r11", "memory");
  return in_register == limit ? number_and_result : -1;
#else
  return ::epoll_wait(epoll_of_pipe(), &event, 1, limit_ms());
#endif
}

std::vector<Case> cases() {
  static epoll_event event;
  static char byte;
  return {
    {"epoll_wait", false, [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, -1); },
     write_to_pipe},
        {"epoll_wait", true, [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, limit_ms()); }},
        {"epoll_pwait", false,
         [] {
           sigset_t none;
           ::sigemptyset(&none);
           return ::epoll_pwait(epoll_of_pipe(), &event, 1, -1, &none);
         },
         write_to_pipe},
        {"epoll_pwait", true,
         [] {
           sigset_t none;
           ::sigemptyset(&none);
           return ::epoll_pwait(epoll_of_pipe(), &event, 1, limit_ms(), &none);
         }},
#ifdef SYS_epoll_pwait2
        {"epoll_pwait2", true,
         [] {
           static const timespec time = limit();
           return ::syscall(SYS_epoll_pwait2, epoll_of_pipe(), &event, 1, &time, nullptr, 0);
         }},
#endif
        {"poll", false,
         [] {
           pollfd one{things.pipe[0], POLLIN, 0};
           return ::poll(&one, 1, -1);
         },
         write_to_pipe},
        {"poll", true,
         [] {
           pollfd one{things.pipe[0], POLLIN, 0};
           return ::poll(&one, 1, limit_ms());
         }},
        {"ppoll", true,
         [] {
           pollfd one{things.pipe[0], POLLIN, 0};
           const timespec time = limit();
           return ::ppoll(&one, 1, &time, nullptr);
         }},
        {"ppoll, limit in read-only memory", true,
         [] {
           auto* time = static_cast<timespec*>(
               ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
           *time = limit();
           ::mprotect(time, 4096, PROT_READ);
           pollfd one{things.pipe[0], POLLIN, 0};
           return ::syscall(SYS_ppoll, &one, 1, time, nullptr, 8);
         }},
        {"select", true,
         [] {
           fd_set set;
           FD_ZERO(&set);
           FD_SET(things.pipe[0], &set);
           timeval time = limit_of_socket();
           return ::select(things.pipe[0] + 1, &set, nullptr, nullptr, &time);
         }},
        {"pselect", true,
         [] {
           fd_set set;
           FD_ZERO(&set);
           FD_SET(things.pipe[0], &set);
           const timespec time = limit();
           return ::pselect(things.pipe[0] + 1, &set, nullptr, nullptr, &time, nullptr);
         }},
        {"semop", false,
         [] {
           sembuf take{0, -1, 0};
           return ::semop(things.semaphore, &take, 1);
         },
         [](pid_t) {
           sembuf give{0, 1, 0};
           ::semop(things.semaphore, &give, 1);
         }},
        {"semtimedop", true,
         [] {
           sembuf take{0, -1, 0};
           const timespec time = limit();
           return ::semtimedop(things.semaphore, &take, 1, &time);
         }},
        {"sigwaitinfo", false,
         [] {
           const sigset_t set = blocked(SIGUSR1);
           return ::sigwaitinfo(&set, nullptr);
         },
         [](pid_t other) { ::kill(other, SIGUSR1); }},
        {"sigtimedwait", true,
         [] {
           const sigset_t set = blocked(SIGUSR1);
           const timespec time = limit();
           return ::sigtimedwait(&set, nullptr, &time);
         }},
        {"io_getevents", true,
         [] {
           timespec time = limit();
           io_event done;
           return ::syscall(SYS_io_getevents, aio(), 1, 1, &done, &time);
         }},
        {"io_pgetevents", true,
         [] {
           timespec time = limit();
           io_event done;
           return ::syscall(SYS_io_pgetevents, aio(), 1, 1, &done, &time, nullptr);
         }},
#if defined(IORING_ENTER_EXT_ARG)
        {"io_uring_enter", true,
         [] {
           const timespec time = limit();
           io_uring_getevents_arg more{};
           more.ts = reinterpret_cast<std::uint64_t>(&time);
           return ::syscall(SYS_io_uring_enter, ring(), 0, 1,
                            IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &more, sizeof more);
         }},
#endif
        {"accept", false, [] { return ::accept(things.listener, nullptr, nullptr) >= 0 ? 0 : -1; },
         [](pid_t) { connect_to_listener(); }},
        {"accept", true,
         [] {
           const timeval time = limit_of_socket();
           ::setsockopt(things.listener, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
           return ::accept(things.listener, nullptr, nullptr);
         }},
        {"connect", true,
         [] {
           connect_to_listener();
           return connect_to_listener();
         }},
        {"recv", false, [] { return ::recv(things.socket[0], &byte, 1, 0); }, write_to_socket},
        {"recv", true,
         [] {
           limit_socket(SO_RCVTIMEO);
           return ::recv(things.socket[0], &byte, 1, 0);
         }},
        {"read of a socket", true,
         [] {
           limit_socket(SO_RCVTIMEO);
           return ::read(things.socket[0], &byte, 1);
         }},
        {"readv of a socket", true,
         [] {
           limit_socket(SO_RCVTIMEO);
           iovec one{&byte, 1};
           return ::readv(things.socket[0], &one, 1);
         }},
        {"recvmsg", true,
         [] {
           limit_socket(SO_RCVTIMEO);
           iovec one{&byte, 1};
           msghdr message{};
           message.msg_iov = &one;
           message.msg_iovlen = 1;
           return ::recvmsg(things.socket[0], &message, 0);
         }},
        {"recvmmsg", true,
         [] {
           limit_socket(SO_RCVTIMEO);
           iovec one{&byte, 1};
           mmsghdr message{};
           message.msg_hdr.msg_iov = &one;
           message.msg_hdr.msg_iovlen = 1;
           return ::recvmmsg(things.socket[0], &message, 1, 0, nullptr);
         }},
        {"send", true,
         [] {
           limit_socket(SO_SNDTIMEO);
           fill(things.socket[0]);
           return ::send(things.socket[0], much(), 65536, 0);
         }},
        {"write to a socket", true,
         [] {
           limit_socket(SO_SNDTIMEO);
           fill(things.socket[0]);
           return ::write(things.socket[0], much(), 65536);
         }},
        {"writev to a socket", true,
         [] {
           limit_socket(SO_SNDTIMEO);
           fill(things.socket[0]);
           iovec one{much(), 65536};
           return ::writev(things.socket[0], &one, 1);
         }},
        {"sendmsg", true,
         [] {
           limit_socket(SO_SNDTIMEO);
           fill(things.socket[0]);
           iovec one{much(), 65536};
           msghdr message{};
           message.msg_iov = &one;
           message.msg_iovlen = 1;
           return ::sendmsg(things.socket[0], &message, 0);
         }},
        {"much to a pipe", false, [] { return ::write(things.pipe[1], much(), kMuch); },
         drain_pipe},
        {"much to a socket", false, [] { return ::write(things.socket[0], much(), kMuch); },
         drain_socket},
        {"much by send", false,
         [] { return ::send(things.socket[0], much(), kMuch, MSG_NOSIGNAL); }, drain_socket},
        {"much by writev", false,
         [] {
           iovec parts[] = {{much(), 10}, {much() + 10, kMuch - 20}, {much(), 10}};
           return ::writev(things.pipe[1], parts, 3);
         },
         drain_pipe},
        {"much by sendmsg", false,
         [] {
           iovec parts[] = {{much(), 10}, {much() + 10, kMuch - 20}, {much(), 10}};
           msghdr message{};
           message.msg_iov = parts;
           message.msg_iovlen = 3;
           return ::sendmsg(things.socket[0], &message, 0);
         },
         drain_socket},
        {"recv of all", false,
         [] {
           write_to_socket(0);
           return ::recv(things.socket[0], much(), 2, MSG_WAITALL);
         },
         write_to_socket},
        {"read of a pipe", false, [] { return ::read(things.pipe[0], &byte, 1); }, write_to_pipe},
        {"msgrcv", false,
         [] {
           Message message;
           return ::msgrcv(things.queue, &message, 1, 0, 0);
         },
         [](pid_t) {
           const Message message;
           ::msgsnd(things.queue, &message, 1, 0);
         }},
        {"nanosleep", true,
         [] {
           const timespec time = limit();
           return ::nanosleep(&time, nullptr);
         }},
        {"futex", true,
         [] {
           const timespec time = limit();
           static int word = 0;
           return ::syscall(SYS_futex, &word, FUTEX_WAIT, 0, &time, nullptr, 0);
         }},
        {"wait", false,
         [] {
           if (::fork() == 0) {
             if (::read(things.pipe[0], &byte, 1) != 1) fail("read");
             ::_exit(0);
           }
           return ::waitpid(-1, nullptr, 0) > 0 ? 0 : -1;
         },
         write_to_pipe},
        {"read of an eventfd", false,
         [] {
           const int fd = ::eventfd(0, 0);
           if (::fork() == 0) {
             if (::read(things.pipe[0], &byte, 1) != 1) fail("read");
             ::eventfd_write(fd, 1);
             ::_exit(0);
           }
           std::uint64_t number = 0;
           return ::read(fd, &number, sizeof number);
         },
         write_to_pipe},
        // What the kernel keeps of the arguments, the program keeps.
        {"epoll_pwait, limit kept in its register", true, wait_and_return_limit},
        {"epoll_wait while children end", false,
         [] {
           for (int i = 0; i < 5; ++i) {
             if (::fork() > 0) continue;
             if (::read(things.socket[0], &byte, 1) != 1) fail("read");
             ::_exit(0);
           }
           return ::epoll_wait(epoll_of_pipe(), &event, 1, -1);
         },
         write_to_pipe, end_child},
        {"epoll_wait, handled signal", false,
         [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, -1); }, write_to_pipe, send_handled},
        {"epoll_wait, handled signal", true,
         [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, 60'000); }, write_to_pipe,
         send_handled},
        {"epoll_wait, ignored signal, handled signal", true,
         [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, 60'000); }, write_to_pipe, send_both},
        {"much to a pipe, handled signal", false,
         [] { return ::write(things.pipe[1], much(), kMuch); }, drain_pipe, send_handled},
        {"much to a pipe, ignored signal, handled signal", false,
         [] { return ::write(things.pipe[1], much(), kMuch); }, drain_pipe, send_both},
        {"epoll_wait, SIGSTOP and SIGCONT", false,
         [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, -1); }, write_to_pipe,
         stop_and_continue},
        {"epoll_wait, SIGSTOP and SIGCONT", true,
         [] { return ::epoll_wait(epoll_of_pipe(), &event, 1, 60'000); }, write_to_pipe,
         stop_and_continue},
  };
}

const char* name_of(int error) {
  switch (error) {
    case EINTR:
      return "EINTR";
    case EAGAIN:
      return "EAGAIN";
    default:
      return std::strerror(error);
  }
}

bool blocks(pid_t pid) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/status", static_cast<int>(pid));
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  static char text[8192];
  const ssize_t size = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  if (size <= 0) return false;
  text[size] = '\0';
  const char* pending = std::strstr(text, "\nSigPnd:\t");
  const char* shared = std::strstr(text, "\nShdPnd:\t");
  return std::strstr(text, "\nState:\tS") != nullptr && pending != nullptr && shared != nullptr &&
         std::strtoull(pending + 9, nullptr, 16) == 0 &&
         std::strtoull(shared + 9, nullptr, 16) == 0;
}

bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

// False: it has ended.
bool wait_until_it_blocks(pid_t pid, const Outcome& outcome) {
  for (;;) {
    if (has_ended(pid)) return false;
    if (outcome.begins && blocks(pid)) return true;
    ::poll(nullptr, 0, 1);
  }
}

void drive(const Case& one, Outcome& outcome, std::string& line) {
  make_things();
  const pid_t blocker = ::fork();
  if (blocker == 0) {
    ::signal(SIGHUP, SIG_IGN);
    on(SIGUSR2, [](int) {});
    outcome.begins = true;
    const auto begin = Clock::now();
    outcome.result = one.run();
    outcome.error = outcome.result < 0 ? errno : 0;
    outcome.lasted = Clock::now() - begin;
    ::_exit(0);
  }
  const auto begin = Clock::now();
  for (int round = 0; wait_until_it_blocks(blocker, outcome); ++round) {
    if (Clock::now() - begin > kNever || (!one.has_limit && round == 5)) break;
    one.disturb(blocker, round);
    if (one.has_limit) ::poll(nullptr, 0, 5);  // for many times less work; any number does
  }
  if (!has_ended(blocker)) one.finish(blocker);
  ::waitpid(blocker, nullptr, 0);
  remove_things();
  line = std::string(one.call) + (one.has_limit ? " with a limit: " : ": ") +
         std::to_string(outcome.result);
  if (outcome.error != 0) line += std::string(" ") + name_of(outcome.error);
  if (one.has_limit && outcome.error != EINTR && outcome.lasted < kLimit) line += ", early";
  if (one.has_limit && outcome.lasted > kNever) line += ", late";
}

}  // namespace

int main() {
  const std::vector<Case> all = cases();
  void* shared = ::mmap(nullptr, all.size() * sizeof(Outcome), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* outcomes = static_cast<Outcome*>(shared);
  std::vector<int> answers;
  for (std::size_t i = 0; i < all.size(); ++i) {
    int ends[2];
    if (::pipe(ends) != 0) fail("pipe");
    if (::fork() == 0) {
      std::string line;
      drive(all[i], outcomes[i], line);
      if (::write(ends[1], line.data(), line.size()) < 0) fail("write");
      ::_exit(0);
    }
    ::close(ends[1]);
    answers.push_back(ends[0]);
  }
  for (const int answer : answers) {
    char line[256];
    const ssize_t size = ::read(answer, line, sizeof line);
    say("%.*s\n", static_cast<int>(std::max<ssize_t>(size, 0)), line);
  }
  while (::wait(nullptr) > 0) {
  }
}
