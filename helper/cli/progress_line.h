// One line of a terminal that tells how far a long work has come, and is gone when the work is
// done.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace gentle {

class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;
  using Write = std::function<void(std::string_view)>;

  // Nothing is written before a second has passed, nor more than ten times a second after it.
  static constexpr std::chrono::milliseconds kPatience{1000};
  static constexpr std::chrono::milliseconds kPause{100};

  // `what` is plain text: "Counting objects". The time begins now.
  ProgressLine(std::string what, Write write, Now now = Clock::now);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // From several threads.
  void show(std::size_t done, std::size_t all);
  void remove();

 private:
  std::string what_;
  Write write_;
  Now now_;
  std::mutex mutex_;
  Clock::time_point next_;
  bool is_shown_ = false;
};

}  // namespace gentle
