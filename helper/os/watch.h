// Tells when something changed in a folder or in a file, so that nothing has to poll (inotify(7)).
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace gentle {

// To be closed as soon as it is not needed any more: all programs of a user together may have 128.
// That takes up to 10 ms: the kernel waits until no event is on its way.
class Watch {
 public:
  Watch();

  int fd() const { return fd_.get(); }  // readable after a change; -1: no inotify here

  // Names that come, go or are written in the folder. Whether it could be watched.
  bool add_folder(const std::string& path);
  // Text that is written to the file.
  bool add_file(const std::string& path);
  // Forgets the changes that have been told.
  void drain();

 private:
  UniqueFd fd_;
};

// From now on the kernel sends SIGIO to this process when a file in the folder is removed, for as
// long as the descriptor that it returns is open. Empty: this kernel does not. Unlike a Watch, of
// which all programs of a user together may have 128, it costs nothing to keep.
UniqueFd signal_removals(int folder);

}  // namespace gentle
