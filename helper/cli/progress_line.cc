#include "cli/progress_line.h"

#include <utility>

namespace gentle {
namespace {

constexpr std::string_view kRemoved = "\r\033[K";  // back to its begin, and nothing behind

}  // namespace

ProgressLine::ProgressLine(std::string what, Write write, Now now)
    : what_(std::move(what)),
      write_(std::move(write)),
      now_(std::move(now)),
      next_(now_() + kPatience) {}

ProgressLine::~ProgressLine() { remove(); }

void ProgressLine::show(std::size_t done, std::size_t all) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = now_();
  if (now < next_) return;
  next_ = now + kPause;
  is_shown_ = true;
  write_(std::string(kRemoved) + what_ + ": " + std::to_string(done) + " of " +
         std::to_string(all));
}

void ProgressLine::remove() {
  const std::lock_guard lock(mutex_);
  if (!is_shown_) return;
  is_shown_ = false;
  write_(kRemoved);
}

}  // namespace gentle
