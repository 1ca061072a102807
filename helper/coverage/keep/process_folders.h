// The folder for what the processes of one service or one test count: <folder>/<pid>/ is the
// process's own, so that one that is killed can spoil nobody else's.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/environment.h"

namespace gentle {

class ProcessFolders {
 public:
  // Absolute; need not be there, and is not made before there is something to put into it.
  explicit ProcessFolders(std::string folder) : folder_(std::move(folder)) {}

  // Makes it all the same, if it can: a process that takes another user's rights would make it as
  // that one.
  void make() const;

  // Has the runtimes of gcc and of clang write there.
  void add_environment(Environment& environment) const;

  const std::string& folder() const { return folder_; }

  // Where a process writes now.
  std::string folder_of(int pid) const { return folder_ + "/" + std::to_string(pid); }

  // Keeps what the process has written, so that the next program of this pid begins with nothing:
  // as <pid>.<number>. False if it has written nothing. What cannot be renamed stays where it is.
  // `has_data`: it is known that there is some.
  bool set_aside(int pid, bool has_data = false);

  // What a process in another pid namespace has written, where it is `own_pid`, becomes this one's.
  void take_over(int own_pid, int pid);

  // Whether the process has written anything. Clang's runtime makes its folder before.
  bool has_files(int pid) const;

  // Whether any process has written by the runtime of clang's --coverage, which knows no %p.
  bool has_clang_gcov_data() const;

  // Of which processes there is data that was not set aside.
  std::vector<int> open_folders() const;

  // Removes what the process has written: it belongs to another one.
  void discard(int pid) const;

 private:
  std::string folder_;
  int next_ = 1;
};

}  // namespace gentle
