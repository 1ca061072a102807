// Forks in the middle of functions, where parents and children go on at other places.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void fork_once_more() {
  const pid_t pid = fork();
  if (pid == 0) {
    exit(0);  // counts: grandchild
  }
  waitpid(pid, nullptr, 0);  // counts: child_waits
}

static int doubled(int n) {
  return 2 * n;  // counts: doubled
}

static bool decides(int a, int b, int c) {
  return a && (b || c);  // counts: decides
}

int main() {
  int sum = doubled(1);
  decides(1, 0, 1);
  for (int i = 0; i < 3; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      fork_once_more();  // counts: child
      exit(doubled(sum) == 4 ? 0 : 1);
    } else {
      waitpid(pid, nullptr, 0);  // counts: parent
    }
    sum += 0;  // counts: behind
  }
  if (fork() == 0) {
    raise(SIGKILL);  // counts: killed
  }
  wait(nullptr);  // counts: behind_killed
  if (fork() != 0) {
    wait(nullptr);  // counts: parent_at_last
    decides(1, 0, 0);
    return 0;
  }
  decides(0, 1, 1);
  decides(1, 1, 0);
  return 0;
}
