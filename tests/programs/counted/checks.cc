// checks <how>: a test whose lines gcc counts, found by the name behind "counts:". It ends at once:
//
//   passes, fails, segv, abort, _exit     (by exit status 0, 1, a signal, exit status 0)
//   loses      becomes `true`, by an exec that gcc does not know of
//   hangs      never, but by a signal
//   holds      never, and ignores SIGINT; a child of it neither
//   leaves <gate>   passes, and leaves a child that waits at the gate and then works
#include "../service.h"

namespace {

void work(int times) {
  for (int i = 0; i < times; ++i) {
    if (i < 0) std::abort();  // counts: checked
  }
}

void become_true() {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  ::execvpe(name, words, environ);
  fail(name);
}

}  // namespace

int main(int, char** argv) {
  const char* how = argv[1];
  work(10);
  if (is(how, "segv")) ::raise(SIGSEGV);
  if (is(how, "abort")) std::abort();
  if (is(how, "_exit")) ::_exit(0);
  if (is(how, "loses")) become_true();
  if (is(how, "hangs")) wait_for_signals();
  if (is(how, "holds")) {
    on(SIGINT, SIG_IGN);
    if (::fork() == 0) work(5);
    wait_for_signals();
  }
  if (is(how, "leaves") && ::fork() == 0) {
    for (int fd = 0; fd < 3; ++fd) ::close(fd);
    wait_at(argv[2]);
    work(7);
    return 0;
  }
  return is(how, "fails") ? 1 : 0;
}
