// [dump|fork|load <library>|close <library>]: works, then waits at the gate before it exits. With
// `dump` it has clang's runtime write before that and goes on, with `fork` a child of it waits at
// the gate, then works and exits before it, with `load` it works in a library that it has loaded,
// with `close` unloads that again.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "../counted/shared.h"

extern "C" int __llvm_profile_dump();

namespace {

int work(int times) {
  int sum = 0;
  for (int i = 0; i < times; ++i) {
    sum += left(i % 10) + right(i);
    if (i % 2 == 0 && sum > 1000) ++sum;
  }
  return sum;
}

#ifdef LOADS
int work_in(const char* library, bool close) {
  void* handle = ::dlopen(library, RTLD_NOW);
  if (handle == nullptr) std::abort();
  using Work = int(int);
  const auto plug = reinterpret_cast<Work*>(::dlsym(handle, "plug"));
  const int sum = plug(30);
  if (close) ::dlclose(handle);
  return sum;
}
#endif

// The test waits for the byte, and closes the other pipe when the program may end. Nothing is
// counted in here or behind it.
__attribute__((no_profile_instrument_function)) void wait_at_gate() {
  char byte = '!';
  if (::write(STDOUT_FILENO, &byte, 1) != 1) ::_exit(100);
  if (::read(STDIN_FILENO, &byte, 1) != 0) ::_exit(101);
}

}  // namespace

int main(int argc, char** argv) {
  int sum = work(300);
  const char* what = argc > 1 ? argv[1] : "";
  if (std::strcmp(what, "dump") == 0) {
    __llvm_profile_dump();
    sum += work(20);
  }
  if (std::strcmp(what, "fork") == 0) {
    const pid_t child = ::fork();
    if (child == 0) wait_at_gate();
    if (child == 0) return work(20) == 0 ? 1 : 0;
    int status = -1;
    return ::waitpid(child, &status, 0) == child && status == 0 ? 0 : 102;
  }
#ifdef LOADS
  if (argc > 2) sum += work_in(argv[2], std::strcmp(what, "close") == 0);
#endif
  // Where values are profiled, this is counted: what is called. It never is.
  int (*volatile called)(int) = left;
  if (argc > 9) sum += called(1);
  const int status = sum == 0 ? 1 : 0;
  wait_at_gate();
  return status;
}
