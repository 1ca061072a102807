// serves <port> <how>...: a service whose lines gcc counts; takes connections and closes them. It
// handles no signal unless `how` says so. The tests of tests/cli compile it themselves, and find
// each line by the name behind "counts:".
//
//   handles    returns from main on SIGINT
//   ignores    ignores SIGINT and SIGTERM
//   forks      begins two workers, and serves when they have worked: one ends by _exit, one stays
//   forkpty    the same by a fork that gcc does not know of
//   vforks     starts `true` by vfork
//   daemon     becomes a daemon
//   loses      becomes itself again, by an exec that gcc does not know of
//   becomes    becomes itself again, by one that it knows
//   switches   becomes itself again, by another thread than the first
//   small      may not write a file of more than 100 bytes
//   leaves     becomes `true` when it has served, by an exec that gcc does not know of
//   leaks      loses a block of memory
//   overflows  adds up to more than an int holds
//   user       says who it is
//   threads    the first thread ends, another one serves
//   segv, abort, throw, _exit, exits   at the second connection
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <stdexcept>
#include <thread>

#include "../service.h"

namespace {

volatile std::sig_atomic_t ending = 0;

bool has(char** words, const char* word) {
  for (; *words != nullptr; ++words) {
    if (is(*words, word)) return true;
  }
  return false;
}

int work(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    sum += i;  // counts: work
  }
  return sum;
}

void end_badly(char** how) {
  if (has(how, "segv")) ::raise(SIGSEGV);
  if (has(how, "abort")) std::abort();
  if (has(how, "throw")) throw std::runtime_error("nobody catches this");
  if (has(how, "_exit")) ::_exit(3);
  if (has(how, "exits")) std::exit(0);
}

// In a function of its own, so that no register holds the address any more.
[[gnu::noinline]] void leak() {
  static volatile char* block;
  block = static_cast<char*>(std::malloc(77));
  block = nullptr;
}

int overflow(int number) { return number + 0x7fffffff; }

// SIGINT comes while this waits, and never between a look at `ending` and the wait.
bool is_connection_there(int listener) {
  sigset_t while_waiting;
  ::sigprocmask(SIG_SETMASK, nullptr, &while_waiting);
  ::sigdelset(&while_waiting, SIGINT);
  pollfd arrival{listener, POLLIN, 0};
  return ::ppoll(&arrival, 1, nullptr, &while_waiting) == 1;
}

int serve(int listener, char** how) {
  int requests = 0;
  while (ending == 0) {
    if (!is_connection_there(listener)) continue;
    const int fd = ::accept(listener, nullptr, nullptr);
    if (fd < 0) continue;  // a signal
    ++requests;            // counts: request
    if (requests == 2) end_badly(how);
    ::close(fd);
  }
  return 0;  // counts: returns
}

void start_workers(bool by_pty) {
  int working[2];  // until nobody can write to it
  if (::pipe(working) != 0) fail("pipe");
  pid_t workers[2];
  for (int i = 0; i < 2; ++i) {
    int terminal = -1;
    const pid_t pid = by_pty ? ::forkpty(&terminal, nullptr, nullptr, nullptr) : ::fork();
    workers[i] = pid;
    if (pid > 0) continue;
    ::signal(SIGHUP, SIG_IGN);  // the terminal of forkpty goes with main
    work(10 + i);               // counts: worker
    if (i == 0) ::_exit(0);
    ::close(working[0]);
    ::close(working[1]);
    wait_for_signals();
  }
  ::close(working[1]);
  char byte = 0;
  if (::read(working[0], &byte, 1) != 0) fail("read");
  // Whoever follows it knows of its end by then; the pipe is closed before.
  if (::waitpid(workers[0], nullptr, 0) != workers[0]) fail("waitpid");
}

void run_true() {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  const pid_t pid = ::vfork();
  if (pid == 0) {
    ::execv(name, words);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
}

void become_true() {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  ::execvpe(name, words, environ);
  fail("exec");
}

void become(char** argv, char* last, bool known_to_gcc) {
  char* const words[] = {argv[0], argv[1], last, nullptr};
  work(5);
  if (known_to_gcc) ::execv(argv[0], words);
  ::execvpe(argv[0], words, environ);
  fail("exec");
}

}  // namespace

int main(int argc, char** argv) {
  char** const how = argv + 2;
  char handles[] = "handles";
  work(100);  // counts: main
  if (argc > 2 && is(how[0], "loses")) become(argv, handles, false);
  if (argc > 2 && is(how[0], "becomes")) become(argv, handles, true);
  if (argc > 2 && is(how[0], "switches")) {
    std::thread([&] { become(argv, handles, false); }).join();
  }
  if (has(how, "small")) {
    const rlimit limit{100, 100};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) fail("setrlimit");
    on(SIGXFSZ, SIG_IGN);
  }
  if (has(how, "daemon") && ::daemon(1, 1) != 0) fail("daemon");
  if (has(how, "handles")) {
    struct sigaction action {};
    action.sa_handler = [](int) { ending = 1; };
    ::sigaction(SIGINT, &action, nullptr);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGINT);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  }
  if (has(how, "ignores")) {
    for (const int signal : {SIGINT, SIGTERM}) on(signal, SIG_IGN);
  }
  if (has(how, "forks")) start_workers(false);
  if (has(how, "forkpty")) start_workers(true);
  if (has(how, "vforks")) run_true();
  if (has(how, "leaks")) leak();
  if (has(how, "overflows")) say("%d\n", overflow(argc));
  const int listener = listen_tcp(std::atoi(argv[1]));
  if (has(how, "user")) say("user %u\n", ::geteuid());  // by which it is ready
  if (has(how, "threads")) {
    std::thread([=] { ::_exit(serve(listener, how)); }).detach();
    ::syscall(SYS_exit, 0);
  }
  const int status = serve(listener, how);
  if (has(how, "leaves")) become_true();
  return status;
}
