#include "os/watch.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace gentle {
namespace {

class WatchTest : public testing::Test {
 protected:
  WatchTest() { folder_ = ::mkdtemp(name_.data()); }
  ~WatchTest() override {
    ::unlink(file().c_str());
    ::rmdir(folder_.c_str());
  }

  std::string file() const { return folder_ + "/file"; }

  void change() const { std::ofstream(file()) << "changed" << std::flush; }

  static bool is_told(const Watch& watch) {
    pollfd entry{watch.fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
  }

  std::string name_ = testing::TempDir() + "gentle-watch-XXXXXX";
  std::string folder_;
};

TEST_F(WatchTest, TellsOfAChangeUntilItIsDrained) {
  Watch watch;
  ASSERT_TRUE(watch.add_file(file()));
  EXPECT_FALSE(is_told(watch));
  change();
  EXPECT_TRUE(is_told(watch));
  watch.drain();
  EXPECT_FALSE(is_told(watch));
  change();
  EXPECT_TRUE(is_told(watch));
  watch.drain();
}

// A supervisor that reads on for as long as there is something keeps no time limit.
TEST_F(WatchTest, GoesOnWhileTheFolderChangesAllTheTime) {
  Watch watch;  // blocks the signal, in the threads too
  ASSERT_TRUE(watch.add_file(file()));
  std::atomic<bool> goes_on = true;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([this, &goes_on] {
      while (goes_on) change();
    });
  }
  for (int i = 0; i < 10'000; ++i) watch.drain();
  goes_on = false;
  for (std::thread& writer : writers) writer.join();
}

}  // namespace
}  // namespace gentle
