// Tells when something changed in a folder or in a file, so that nothing has to poll (inotify(7)).
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace gentle {

class Watch {
 public:
  Watch();

  int fd() const { return fd_.get(); }  // readable after a change; -1: no inotify here

  // Names that come, go or are written in the folder. Whether it could be watched.
  bool add_folder(const std::string& path);
  // Text that is written to the file.
  bool add_file(const std::string& path);
  // The file loses a name: it is removed or replaced.
  bool add_removal(const std::string& path);
  // Forgets the changes that have been told.
  void drain();
  // Tells nothing any more. Takes up to 10 ms: the kernel waits until no event is on its way.
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
};

}  // namespace gentle
