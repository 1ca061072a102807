// Asks the compiler's own gcov about an object whose files are not read here: of a GCC that is
// newer than this program, of Clang, or one that the reader refuses.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/environment.h"
#include "coverage/gcov/gcov_output.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"

namespace gentle {

// Whether it is of Clang's --coverage, by the version in the .gcno.
bool is_of_clang(std::uint32_t version);

// The gcov for files of that version, and its first arguments: the project's own, if its compiler
// is of that family and, as far as its name tells, of that release; else one in PATH, and of LLVM
// the newest. Nothing if there is none.
std::vector<std::string> gcov_for(std::uint32_t version, const CoverageSpec& spec,
                                  const Environment& environment);

class AskedGcov {
 public:
  AskedGcov(const CoverageSpec& spec, const WorkFiles& work, const Environment& environment);

  struct Answer {
    GcovOutput output;
    std::string program;  // which has answered
  };

  // Sources have the names of the .gcno, or the paths of their files. Throws Error if there is no
  // gcov for the object, or if it does not tell of it. From several threads at once.
  Answer ask(const CompiledObject& object);

 private:
  std::vector<std::string> command_for(std::uint32_t version);
  std::string run(const std::vector<std::string>& command, const std::string& input);

  const CoverageSpec& spec_;
  const WorkFiles& work_;
  Environment environment_;
  std::atomic<std::size_t> folders_ = 0;
  std::mutex mutex_;
  std::map<std::uint32_t, std::vector<std::string>> commands_;  // by version
};

}  // namespace gentle
