// Tells when something changed in a folder, so that nothing has to poll: F_NOTIFY of fcntl(2),
// which is older than inotify(7). But a user's programs together may have only 128 inotify
// instances, and to close one takes 10 ms: the kernel waits until no event is on its way.
#pragma once

#include <map>
#include <string>

#include "base/unique_fd.h"

namespace gentle {

// One event a change, of whatever Watch of this process: who has several looks at all.
class Watch {
 public:
  Watch();

  int fd() const { return told_.get(); }  // readable after a change; -1: it cannot be told

  // Names that come, go or are written in the folder. Again for a path that may lead to another
  // folder by now. Whether it could be watched.
  bool add_folder(const std::string& path);
  // The same of the folder that the file is in.
  bool add_file(const std::string& path);
  // Forgets the changes that have been told.
  void drain();

 private:
  UniqueFd told_;
  std::map<std::string, UniqueFd> folders_;
};

// From now on the kernel sends SIGIO to this process when a file in the folder is removed, for as
// long as the descriptor that it returns is open. Empty: this kernel does not.
UniqueFd signal_removals(int folder);

}  // namespace gentle
