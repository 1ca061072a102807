// Logs what it got from whoever started it: descriptors, signals, umask, session, folder.
#include <dirent.h>
#include <sys/stat.h>

#include <string>

#include "service.h"

int main() {
  end_on_sigint();
  std::string fds;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(folder)) {
      fds += std::string(" ") + entry->d_name;
    }
  }
  ::closedir(folder);
  say("descriptors:%s\n", fds.c_str());
  std::string ignored;
  for (int signal = 1; signal < 32; ++signal) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (signal != SIGINT && action.sa_handler == SIG_IGN) ignored += " " + std::to_string(signal);
  }
  say("ignored:%s\n", ignored.c_str());
  sigset_t blocked;
  ::sigprocmask(SIG_BLOCK, nullptr, &blocked);
  int count = 0;
  for (int signal = 1; signal < 32; ++signal) count += ::sigismember(&blocked, signal);
  say("blocked: %d\n", count);
  const mode_t mask = ::umask(0);
  say("umask: %03o\n", static_cast<unsigned>(mask));
  say("group leader: %s\n", ::getpgrp() == ::getpid() ? "yes" : "no");
  char path[4096];
  say("folder: %s\n", ::getcwd(path, sizeof path) != nullptr ? path : std::strerror(errno));
  say("done\n");
  wait_for_signals();
}
