// makes_file <path> [<gate>]: makes (or rewrites) the file when the gate opens.
#include "service.h"

int main(int argc, char** argv) {
  end_on_sigint();
  wait_at(argc > 2 ? argv[2] : nullptr);
  const int fd = ::open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) fail(argv[1]);
  char text[32];
  const int length = std::snprintf(text, sizeof text, "pid %d\n", ::getpid());
  if (::write(fd, text, static_cast<std::size_t>(length)) < 0) fail(argv[1]);
  ::close(fd);
  wait_for_signals();
}
