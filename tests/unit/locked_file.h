// A file that another process has locked, as coverage runtimes do when they write.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.h"

namespace gentle {

class LockedFile {
 public:
  explicit LockedFile(const std::string& path)
      : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)), events_(::inotify_init1(IN_CLOEXEC)) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    EXPECT_EQ(::fcntl(file_.get(), F_SETLK, &lock), 0);
    EXPECT_GE(::inotify_add_watch(events_.get(), path.c_str(), IN_OPEN), 0);
  }

  void wait_until_opened() const {
    char event[4096];
    EXPECT_GT(::read(events_.get(), event, sizeof event), 0);
  }

 private:
  UniqueFd file_;
  UniqueFd events_;
};

}  // namespace gentle
