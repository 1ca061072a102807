// The lock of a state folder: there is never a second supervisor for it.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace gentle {

// Held from take() on until no process has the descriptors any more: that of the folder and, where
// its file system has no flock, another one. So it is handed on to who inherits both, and vanishes
// with the last of them.
class FolderLock {
 public:
  // False: somebody else has it. `path` is for the message of an Error.
  bool take(int folder, const std::string& path);

  int fd() const { return socket_.get(); }  // the other descriptor; -1: there is none

 private:
  UniqueFd socket_;
};

}  // namespace gentle
