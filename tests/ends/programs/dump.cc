// All images are linked with --wrap for these functions, so the runtimes in them call these here.
// Not instrumented.
#include "dump.h"

#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstring>

namespace {

const char* wanted = "";  // where
int wanted_file = 0;
int file = 0;    // that is being written
int writes = 0;  // in it

bool is_now(const char* where) { return file == wanted_file && std::strcmp(wanted, where) == 0; }

[[noreturn]] void die() {
  for (;;) std::raise(SIGKILL);
}

}  // namespace

void kill_in_dump(const char* where, int number) {
  wanted = where;
  wanted_file = number;
  file = 0;
}

extern "C" {

int __real_fcntl(int fd, int command, ...);
std::size_t __real_fwrite(const void* data, std::size_t size, std::size_t count, std::FILE* stream);
int __real_fclose(std::FILE* stream);

int __wrap_fcntl(int fd, int command, ...) {
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  if (command == F_SETLKW && static_cast<struct flock*>(argument)->l_type == F_WRLCK) {
    ++file;
    writes = 0;
    if (is_now("lock")) die();
  }
  return __real_fcntl(fd, command, argument);
}

std::size_t __wrap_fwrite(const void* data, std::size_t size, std::size_t count,
                          std::FILE* stream) {
  if (!is_now("inside")) return __real_fwrite(data, size, count, stream);
  // A runtime writes words, or all in one block: of that, the half.
  const bool is_block = size * count > 64;
  const std::size_t done = is_block ? __real_fwrite(data, 1, size * count / 2, stream)
                                    : __real_fwrite(data, size, count, stream);
  if (is_block || ++writes == 10) {
    std::fflush(stream);
    die();
  }
  return done;
}

int __wrap_fclose(std::FILE* stream) {
  if (is_now("close")) {
    std::fflush(stream);
    die();
  }
  const int result = __real_fclose(stream);
  if (is_now("after")) die();
  return result;
}
}
