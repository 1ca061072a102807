// writes_log <folder> <port>: logs 40 MB before it listens, 30 MB more on SIGUSR1, and when it is
// told to stop what is missing of 100 MB; then it ends.
#include "recorded.h"

namespace {

class BigLog {
 public:
  explicit BigLog(Recorded& self) : self_(self) {}

  // Up to so many MB. Whether it was told to stop meanwhile, which it finishes first.
  bool grow_to(int megabytes) {
    self_.tell("logs from %d to %d MB", written_, megabytes);
    bool told = false;
    std::string lines(1 << 16, 'x');
    for (std::size_t end = 127; end < lines.size(); end += 128) lines[end] = '\n';
    for (; written_ < megabytes; ++written_) {
      for (int i = 0; i < 16; ++i) write_all(lines);
      while (const int signal = self_.signal_that_came()) told = told || is_stop(signal);
    }
    self_.tell("logged %d MB", written_);
    return told;
  }

  static void write_all(const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t put = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
      if (put < 0) ::_exit(96);
      done += static_cast<std::size_t>(put);
    }
  }

 private:
  Recorded& self_;
  int written_ = 0;
};

}  // namespace

int main(int, char** argv) {
  Recorded self(argv[1], "main");
  BigLog log(self);
  const auto stop = [&] {
    while (self.wait_at("stop") != 0) {
    }
    log.grow_to(100);
    self.tell("ends");
    ::_exit(0);
  };
  const auto handle = [&](int signal) {
    if (is_stop(signal) || (signal == SIGUSR1 && log.grow_to(70))) stop();
  };
  const int listener = bind_to(argv[2]);
  if (log.grow_to(40)) stop();
  start_to_listen(self, listener, handle);
  log.write_all("\nlistening\n");
  serve(self, listener, handle);
}
