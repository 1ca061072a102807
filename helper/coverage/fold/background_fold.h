// Adds up what a supervisor or a `gentle run` leaves, beside what it does: in a thread of low
// priority. A build has one such thread at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace gentle {

class BackgroundFold {
 public:
  // `data`: the coverage data folder of the build.
  explicit BackgroundFold(std::string data) : data_(std::move(data)) {}
  BackgroundFold(const BackgroundFold&) = delete;
  BackgroundFold& operator=(const BackgroundFold&) = delete;
  ~BackgroundFold() { stop(); }

  // The folder of one more process is whole.
  void add_folder();

  // Begins if processes have left enough. If they have left so much that the thread cannot keep up
  // with them, it is added up at once, by the caller: its time is what bounds the room.
  void look();

  // What the thread has begun it ends; it takes no more.
  void stop();

 private:
  void run_in_background();
  void fold_all_now();

  std::string data_;
  std::size_t added_ = 0;
  std::thread thread_;
  std::atomic<bool> cancelled_ = false;
  std::atomic<bool> is_done_ = true;
};

}  // namespace gentle
