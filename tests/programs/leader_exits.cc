// leader_exits <port>: the main thread ends, another one listens. What /proc tells of such a
// process looks like a zombie's.
#include <pthread.h>

#include "service.h"

namespace {
int listener;
}

int main(int, char** argv) {
  end_on_sigint();
  listener = listen_tcp(std::atoi(argv[1]));
  pthread_t thread{};
  const auto serve = [](void*) -> void* { serve_nothing(listener); };
  if (::pthread_create(&thread, nullptr, serve, nullptr) != 0) fail("pthread_create");
  ::pthread_exit(nullptr);
}
