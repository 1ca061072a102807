// How the program ends. Not instrumented.
#include "ends.h"

#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "dump.h"
#include "surroundings.h"
#include "work.h"

namespace {

char** arguments;

void expect(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::_Exit(99);
}

void become_ready() {
  const int fd = ::openat(root_of_start(), arguments[2] + 1, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  expect(fd >= 0 && ::close(fd) == 0, arguments[2]);
}

sigset_t only(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  return set;
}

void set_sigint(int how) {
  const sigset_t sigint = only(SIGINT);
  expect(::pthread_sigmask(how, &sigint, nullptr) == 0, "sigmask");
}

void wait_until_told() {
  const sigset_t sigint = only(SIGINT);
  int signal = 0;
  expect(::sigwait(&sigint, &signal) == 0, "sigwait");
  set_sigint(SIG_UNBLOCK);  // programs that are executed inherit it
  work(kAfter);
}

// Ready, and then told to end.
void serve() {
  set_sigint(SIG_BLOCK);
  become_ready();
  wait_until_told();
}

// Ready, and nothing more, whatever comes.
[[noreturn]] void wait_for_the_end() {
  set_sigint(SIG_UNBLOCK);
  become_ready();
  for (;;) ::pause();
}

void ignore_stop_signals() {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
}

int wait_for(pid_t child) {
  int status = 0;
  expect(child > 0 && ::waitpid(child, &status, 0) == child, "wait");
  return status;
}

void expect_exit(int status) {
  expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child has failed");
}

// The program that does nothing but work.
char** executed() {
  static char works[] = "works";
  static char* command[] = {arguments[0], works, const_cast<char*>(kExecuted), nullptr};
  return command;
}

volatile std::sig_atomic_t told = 0;

int handled() {
  struct sigaction action {};
  action.sa_handler = [](int) { told = 1; };
  expect(::sigaction(SIGINT, &action, nullptr) == 0, "sigaction");
  sigset_t before;
  expect(::sigprocmask(SIG_BLOCK, nullptr, &before) == 0, "sigmask");
  set_sigint(SIG_BLOCK);
  become_ready();
  while (told == 0) ::sigsuspend(&before);
  work(kAfter);
  return 0;
}

int sigpipe() {
  serve();
  int ends[2];
  expect(::pipe(ends) == 0 && ::close(ends[0]) == 0, "pipe");
  const ssize_t written = ::write(ends[1], "x", 1);
  expect(written == 1, "SIGPIPE did not come");
  return 98;
}

int sigsegv() {
  serve();
  volatile int* nowhere = nullptr;
  *nowhere = 1;
  return 98;
}

pid_t plain_clone() { return static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L)); }

int child_by(pid_t (*make)(), void (*end)()) {
  serve();
  const pid_t child = make();
  if (child == 0) {
    work(kChild);
    end();
  }
  wait_for(child);
  work(kAtLast);
  return 0;
}

int fork_and_child(void (*end)()) { return child_by(instrumented_fork, end); }
int clone_and_child(void (*end)()) { return child_by(plain_clone, end); }

int vfork_and_exec() {
  serve();
  expect_exit(wait_for(instrumented_vfork_and_exec(executed())));
  work(kAtLast);
  return 0;
}

int spawn() {
  serve();
  pid_t child = 0;
  char** command = executed();
  expect(::posix_spawn(&child, command[0], nullptr, nullptr, command, environ) == 0, "spawn");
  expect_exit(wait_for(child));
  work(kAtLast);
  return 0;
}

// As a master does it: one worker exits, the other one is killed when it has done its work.
int work_in_workers() {
  serve();
  for (const bool exits : {true, false}) {
    int ends[2];
    expect(::pipe(ends) == 0, "pipe");
    const pid_t child = worker_in_surroundings(instrumented_fork);
    if (child == 0) {
      work(kChild);
      if (exits) std::exit(0);
      for (::close(ends[1]);;) ::pause();
    }
    char nothing = 0;
    expect(::close(ends[1]) == 0 && ::read(ends[0], &nothing, 1) == 0, "read");
    if (!exits) ::kill(child, SIGKILL);
    wait_for(child);
    ::close(ends[0]);
  }
  work(kAtLast);
  return 0;
}

// As a test does it: the same program several times. What is started stands after the ready file.
int spawn_several() {
  serve();
  for (int number = 0; number < kStarts; ++number) {
    pid_t child = 0;
    char** command = arguments + 3;
    expect(::posix_spawn(&child, command[0], nullptr, nullptr, command, environ) == 0, "spawn");
    expect_exit(wait_for(child));
  }
  work(kAtLast);
  return 0;
}

// A daemon, which makes the service ready, and the main process, which only waits. What is between
// them ends in daemon().
int daemon_and_main(void (*last)()) {
  set_sigint(SIG_BLOCK);
  const pid_t child = instrumented_fork();
  if (child == 0) {
    work(kChild);
    expect(::daemon(1, 1) == 0, "daemon");
    work(kAtLast);
    last();
    std::exit(0);
  }
  expect_exit(wait_for(child));
  wait_until_told();
  return 0;
}

pthread_t first_thread;

void await_first_thread() { expect(::pthread_join(first_thread, nullptr) == 0, "join"); }

void* serve_alone(void*) {
  await_first_thread();
  serve();
  return nullptr;
}

void* wait_alone(void*) {
  await_first_thread();
  work(kAfter);
  wait_for_the_end();
}

int leave_it_to(void* (*last_thread)(void*)) {
  first_thread = ::pthread_self();
  pthread_t thread;
  expect(::pthread_create(&thread, nullptr, last_thread, nullptr) == 0, "thread");
  ::pthread_exit(nullptr);
}

pthread_mutex_t held;

void* lock_forever(void*) {
  ::pthread_mutex_lock(&held);
  return nullptr;
}

int deadlock() {
  const auto take_note = [](int) { told = 1; };
  std::signal(SIGINT, take_note);
  std::signal(SIGTERM, take_note);
  // Not the static initialiser: gcc's wrapper of fork calls this function, which it does not link,
  // so that a static program without it crashes in the child.
  expect(::pthread_mutex_init(&held, nullptr) == 0, "mutex");
  expect(::pthread_mutex_lock(&held) == 0, "lock");
  pthread_t threads[2];
  for (pthread_t& thread : threads) {
    expect(::pthread_create(&thread, nullptr, lock_forever, nullptr) == 0, "thread");
  }
  become_ready();
  for (const pthread_t thread : threads) ::pthread_join(thread, nullptr);
  return 98;
}

int stop_oneself() {
  become_ready();
  ::raise(SIGSTOP);
  for (;;) ::pause();
}

int exit_and_be_killed() {
  serve();
  kill_in_dump(arguments[3], std::atoi(arguments[4]));
  return 0;
}

struct End {
  const char* name;
  int (*function)();
};

constexpr End kEnds[] = {
    {"return", [] { return serve(), 0; }},
    {"exit", [] { return serve(), std::exit(0), 98; }},
    {"handled", handled},
    {"waits", []() -> int { wait_for_the_end(); }},
    {"ignores", []() -> int { return ignore_stop_signals(), wait_for_the_end(), 98; }},
    {"sigpipe", sigpipe},
    {"sigsegv", sigsegv},
    {"abort", [] { return serve(), std::abort(), 98; }},
    {"throw", []() -> int { throw(serve(), 1); }},
    {"_exit", [] { return serve(), ::_exit(0), 98; }},
    {"quick_exit", [] { return serve(), std::quick_exit(0), 98; }},
    {"exec", [] { return serve(), instrumented_exec(executed()), 98; }},
    {"bare_exec", [] { return serve(), ::execv(executed()[0], executed()); }},
    {"fork_exit", [] { return fork_and_child([] { ::_exit(0); }); }},
    {"fork_killed", [] { return fork_and_child([] { ::raise(SIGKILL); }); }},
    {"clone", [] { return clone_and_child([] { std::exit(0); }); }},
    {"clone_killed", [] { return clone_and_child([] { ::raise(SIGKILL); }); }},
    {"vfork_exec", vfork_and_exec},
    {"spawn", spawn},
    {"workers", work_in_workers},
    {"spawn_several", spawn_several},
    {"daemon", [] { return daemon_and_main(serve); }},
    {"daemon_waits", [] { return daemon_and_main(wait_for_the_end); }},
    {"pthread_exit", [] { return leave_it_to(serve_alone); }},
    {"pthread_exit_waits", [] { return leave_it_to(wait_alone); }},
    {"deadlock", deadlock},
    {"stopped", stop_oneself},
    {"dump", exit_and_be_killed},
};

}  // namespace

void in_thread(void (*function)()) {
  pthread_t thread;
  const auto run = [](void* argument) -> void* {
    reinterpret_cast<void (*)()>(argument)();
    return nullptr;
  };
  expect(::pthread_create(&thread, nullptr, run, reinterpret_cast<void*>(function)) == 0, "thread");
  expect(::pthread_join(thread, nullptr) == 0, "join");
}

int end_so(char** given) {
  arguments = given;
  for (const End& end : kEnds) {
    if (std::strcmp(end.name, arguments[1]) == 0) return end.function();
  }
  std::fprintf(stderr, "no end is named so: %s\n", arguments[1]);
  return 99;
}
