#include "coverage/fold/background_fold.h"

#include <algorithm>
#include <exception>
#include <vector>

#include "coverage/fold/data_folders.h"
#include "coverage/fold/folding.h"
#include "os/thread_priority.h"

namespace gentle {
namespace {

// Folders, in one step; a sum is read and written for each. With the sum, its new one and those
// that come meanwhile there are never 20.
constexpr std::size_t kStep = 4;
constexpr std::size_t kMost = 10;

// One step. Whether there may be more to do.
bool fold_some(const std::string& data, DataLock::Wait wait, const std::atomic<bool>& cancelled) {
  const DataLock lock(data, wait);
  if (!lock.held()) return false;
  finish_folding(data);
  std::vector<std::string> folders = folders_to_fold(data);
  if (folders.size() < kStep) return false;
  folders.resize(std::min(folders.size(), kMost));
  fold(data, folders, cancelled);
  return true;
}

void fold_all(const std::string& data, DataLock::Wait wait, const std::atomic<bool>& cancelled) {
  try {
    while (!cancelled && fold_some(data, wait, cancelled)) continue;
  } catch (const std::exception&) {
    // The disk is full, or worse: the report tells it.
  }
}

}  // namespace

void BackgroundFold::add_folder() {
  if (++added_ % kStep == 0) look();
}

void BackgroundFold::look() {
  const std::size_t there = folders_to_fold(data_).size();
  if (there >= kMost) {
    fold_all_now();
  } else if (there >= kStep && is_done_) {
    run_in_background();
  }
}

void BackgroundFold::stop() {
  cancelled_ = true;
  if (thread_.joinable()) thread_.join();
  cancelled_ = false;
}

void BackgroundFold::run_in_background() {
  stop();
  is_done_ = false;
  try {
    thread_ = std::thread([this] {
      lower_priority_of_this_thread();
      fold_all(data_, DataLock::Wait::kNo, cancelled_);
      is_done_ = true;
    });
  } catch (const std::exception&) {
    is_done_ = true;  // there may be no more threads
  }
}

void BackgroundFold::fold_all_now() {
  stop();
  fold_all(data_, DataLock::Wait::kYes, cancelled_);
}

}  // namespace gentle
