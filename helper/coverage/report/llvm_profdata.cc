#include "coverage/report/llvm_profdata.h"

#include "base/error.h"
#include "coverage/report/tool.h"
#include "os/file.h"

namespace gentle {
namespace {

// "/usr/bin/llvm-cov-14" -> "/usr/bin/llvm-profdata-14".
std::string find_profdata(const CoverageSpec& spec, const Environment& environment) {
  const std::string cov = spec.gcov.empty() ? "" : spec.gcov.front();
  const std::size_t at = cov.rfind("llvm-cov");
  if (at != std::string::npos) {
    const std::string beside = std::string(cov).replace(at, 8, "llvm-profdata");
    if (file_exists(beside)) return beside;
  }
  return find_program("llvm-profdata", environment.get("PATH"));
}

std::string warning(std::size_t count, const std::string& cause) {
  return "gentle: warning: merge " + std::to_string(count) + " profiles of clang: " + cause +
         ", continuing";
}

}  // namespace

LlvmProfdata merge_llvm_profiles(const std::vector<std::string>& profiles, const CoverageSpec& spec,
                                 const WorkFiles& work, const Environment& environment) {
  LlvmProfdata merged;
  if (profiles.empty()) return merged;
  const std::string program = find_profdata(spec, environment);
  if (program.empty()) {
    merged.warnings.push_back(warning(profiles.size(), "llvm-profdata is not in PATH"));
    return merged;
  }
  std::string list;
  for (const std::string& path : profiles) list += path + "\n";
  const std::string inputs = work.folder + "/profiles.txt";
  write_file_atomically(inputs, list);
  const std::string output = spec.output_dir + "/coverage.profdata";
  const std::string log = work.folder + "/llvm-profdata.log";
  write_file_atomically(log, "");
  const ToolEnd end =
      run_tool({{program, "merge", "-sparse", "-f", inputs, "-o", output}, environment, "", log});
  if (end.end != EndStatus{}) {
    merged.warnings.push_back(warning(profiles.size(), program + " failed, see " + log));
    return merged;
  }
  merged.text = "profile of clang: " + output + " (llvm-cov report <program> -instr-profile=...)\n";
  return merged;
}

}  // namespace gentle
