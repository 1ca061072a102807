// hops <count>: so many processes, none of which lives long: each forks, and its child goes on in
// its place, in a session of its own. They ignore SIGINT and SIGTERM, and say "hopping" first.
#include "service.h"

int main(int argc, char** argv) {
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  say("hopping\n");
  for (int i = 1; i < (argc > 1 ? std::atoi(argv[1]) : 1); ++i) {
    if (::fork() == 0) break;
  }
  for (;;) {
    const pid_t child = ::fork();
    if (child > 0) ::_exit(0);
    if (child == 0) ::setsid();
  }
}
