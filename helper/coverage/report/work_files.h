// What the coverage step keeps in the build folder between its commands, beside its spec.
#pragma once

#include <string>

namespace gentle {

struct WorkFiles {
  explicit WorkFiles(const std::string& spec_path);

  std::string folder;
  std::string empty_config;  // a gcovr.cfg with nothing in it
  std::string tracefile;     // of the last report
  std::string summary;
  std::string log;            // what gcovr printed
  std::string gcov_log;       // what gcov printed
  std::string gcov_files;     // a folder: copies of .gcno that gcov is given
  std::string other_objects;  // .gcno of other builds that processes have counted since the reset
  std::string reset;          // its time is that of the last reset
};

}  // namespace gentle
