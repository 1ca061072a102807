#include "os/worker_threads.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace gentle {
namespace {

constexpr std::size_t kMost = 16;

}  // namespace

void run_workers(std::size_t jobs, const std::function<void()>& worker) {
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      worker();
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMost);
  std::vector<std::thread> others;
  try {
    for (std::size_t i = 1; i < std::min(cores, jobs); ++i) others.emplace_back(work);
  } catch (const std::system_error&) {
    // There may be no more threads: those that are there do the work.
  }
  work();
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace gentle
