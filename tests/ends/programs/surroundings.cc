#include "surroundings.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr id_t kNobody = 65534;

std::string environment = "kept";
std::string place = "own";
std::string folder;  // that it may do with as it likes
int root = -1;

void expect(bool good, const std::string& what) {
  if (good) return;
  std::perror(what.c_str());
  std::_Exit(97);
}

// What is executed with another environment has it from its start.
void change_environment_of_worker() {
  static char language[] = "LANG=C";
  static char* own[] = {language, nullptr};
  if (environment == "replaced") environ = own;
  if (environment != "prefix") return;
  ::setenv("GCOV_PREFIX", folder.c_str(), 1);
  ::setenv("LLVM_PROFILE_FILE", (folder + "/%p.profraw").c_str(), 1);
}

void enter() {
  if (environment == "cleared") expect(::clearenv() == 0, "clearenv");
  if (place == "chroot") {
    expect(::chroot(folder.c_str()) == 0 && ::chdir("/") == 0, folder);
  } else if (place == "user") {
    expect(::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0,
           "another user");
  }
}

}  // namespace

char** enter_surroundings(char** arguments) {
  root = ::open("/", O_PATH | O_CLOEXEC);
  expect(root >= 0, "/");
  const std::string first = arguments[1];
  if (first != "in" && first != "for") return arguments;
  environment = arguments[2];
  place = arguments[3];
  folder = arguments[4];
  if (first == "in") enter();
  arguments[4] = arguments[0];
  return arguments + 4;
}

pid_t worker_in_surroundings(pid_t (*make)()) {
  const pid_t child =
      place == "pid"
          ? static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0L, 0L, 0L, 0L))
          : make();
  if (child != 0) return child;
  change_environment_of_worker();
  enter();
  return 0;
}

int root_of_start() { return root; }
