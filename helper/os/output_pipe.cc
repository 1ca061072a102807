#include "os/output_pipe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"

namespace gentle {
namespace {

// While we do something else, such as to read a process's counters, the service can write so much
// before it has to wait. If that is more than the user may have (pipe(7)), it stays at 64 KiB.
constexpr int kCapacity = 256 << 10;
constexpr std::size_t kMostAtOnce = 1 << 20;

}  // namespace

OutputPipe::OutputPipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw errno_error("make", "pipe for the output", errno);
  reading_end_.reset(ends[0]);
  writing_end_.reset(ends[1]);
  // Only our end: the flag is of the end, and the service's shall wait when the pipe is full.
  ::fcntl(reading_end_.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(reading_end_.get(), F_SETPIPE_SZ, kCapacity);
  // A service that has changed its user may still open /dev/stderr; nobody else finds the pipe.
  ::fchmod(writing_end_.get(), S_IRUSR | S_IWUSR | S_IWGRP | S_IWOTH);
}

void OutputPipe::drain(const std::function<void(std::string_view)>& hand_on) {
  char buffer[16384];
  for (std::size_t total = 0; total < kMostAtOnce;) {
    const ssize_t got = ::read(reading_end_.get(), buffer, sizeof buffer);
    if (got == 0) reading_end_.reset();
    if (got <= 0) return;
    hand_on({buffer, static_cast<std::size_t>(got)});
    total += static_cast<std::size_t>(got);
  }
}

}  // namespace gentle
