// Files of FUSE file systems. Whoever touches one waits for its server, be it for ever, and nothing
// else ends that wait: the server may be a process of the very service that is looked at.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coverage/image/mapped_files.h"

namespace gentle {

class FuseFiles {
 public:
  // Whether a file is one that a process has mapped. That of "/" is ours as well, and counts as any
  // other file system.
  bool has(int pid, const MappedFile& file);

  // Whether the file may be touched, and its memory, which the kernel reads from the file. A child
  // of ours touches it first where it is of FUSE, and has two seconds; a file system that let it
  // wait so long is not touched again.
  bool answer(int pid, const MappedFile& file);
  bool answer_for_program(int pid);

 private:
  bool has(int pid, const std::string& device);
  bool answer(const std::string& device, const std::vector<std::string>& paths);

  // By device, as in /proc/PID/maps.
  std::map<std::string, bool> known_;
  std::set<std::string> silent_;
};

// Whether a device, "00:2f" as in /proc/PID/maps, is of FUSE by the text of /proc/PID/mountinfo.
bool is_fuse(std::string_view device, std::string_view mountinfo);

}  // namespace gentle
