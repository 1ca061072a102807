#include "coverage/report/llvm_profdata.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "base/exit_code.h"
#include "coverage/llvm/llvm_version.h"
#include "coverage/report/llvm_tools.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

constexpr std::size_t kLinesOfLog = 5;

using Paths = std::vector<std::string>;

// "/usr/bin/llvm-profdata (LLVM 14), ...".
std::string list_of(const std::vector<LlvmTool>& tools) {
  std::string list;
  for (const LlvmTool& tool : tools) {
    list += (list.empty() ? "" : ", ") + tool.path;
    if (tool.release != 0) list += " (LLVM " + std::to_string(tool.release) + ")";
  }
  return list;
}

std::string which_releases(LlvmReleases releases) {
  if (releases.first == 0) return "the LLVM of the compiler that made them";
  const std::string first = "LLVM " + std::to_string(releases.first);
  if (releases.last == 0) return first + " or newer";
  if (releases.last == releases.first) return first;
  return first + " to " + std::to_string(releases.last);
}

std::string install_hint(LlvmReleases releases) {
  const std::string package =
      releases.first == 0 ? "llvm-<release>" : "llvm-" + std::to_string(releases.first);
  return "apt-get install " + package + " (" + which_releases(releases) +
         "); for Rust: rustup component add llvm-tools";
}

class Merging {
 public:
  Merging(const WorkFiles& work, const Environment& environment, std::vector<LlvmTool> tools)
      : folder_(work.folder),
        log_(work.folder + "/llvm-profdata.log"),
        environment_(environment),
        tools_(std::move(tools)) {}

  LlvmParts merge_parts(const std::vector<LlvmProgram>& programs) {
    write_file_atomically(log_, "");
    LlvmParts merged;
    std::map<std::uint64_t, std::size_t> unread;
    for (const LlvmProgram& program : programs) {
      const std::string part =
          folder_ + "/profile-" + std::to_string(merged.parts.size()) + ".profdata";
      if (const LlvmTool* tool = merge_raw(program.version, program.profiles, part)) {
        merged.parts.push_back({program.path, part, *tool, program.forks});
      } else {
        unread[program.version] += program.profiles.size();
      }
    }
    if (!unread.empty()) {
      merged.failure = failure_of(unread.begin()->first, unread.begin()->second);
    }
    merged.tools = tools_;
    return merged;
  }

  LlvmProfdata merge_all(const std::vector<LlvmPart>& parts, const std::string& output) {
    if (parts.empty()) return {};
    Paths paths;
    const LlvmTool* newest = &parts[0].tool;
    for (const LlvmPart& part : parts) {
      paths.push_back(part.profdata);
      if (newest->release < part.tool.release) newest = &part.tool;
    }
    // What one of them has written, each newer one reads.
    if (!run(*newest, paths, output)) return {"", failure_of_tool("profiles of several programs")};
    const std::string cov = llvm_cov_beside(newest->path);
    return {"profile of clang: " + output + " (" + (cov.empty() ? "llvm-cov" : cov) +
                " report <program> -instr-profile=...)\n",
            {}};
  }

 private:
  // Which has read them; nullptr: none. A release that is newer than all that are known may read
  // the version or not: it is tried.
  const LlvmTool* merge_raw(std::uint64_t version, const Paths& profiles, const std::string& part) {
    for (const LlvmTool& tool : tools_) {
      if (may_read(tool, version) && run(tool, profiles, part)) return &tool;
    }
    return nullptr;
  }

  static bool may_read(const LlvmTool& tool, std::uint64_t version) {
    const LlvmReleases releases = llvm_releases_that_read(version);
    return tool.release == 0 || (tool.release >= releases.first &&
                                 (releases.last == 0 || tool.release <= releases.last));
  }

  bool run(const LlvmTool& tool, const Paths& inputs, const std::string& output) const {
    std::string list;
    // With its weight, or a comma in the path would stand behind one.
    for (const std::string& path : inputs) list += "1," + path + "\n";
    const std::string list_file = folder_ + "/profiles.txt";
    write_file_atomically(list_file, list);
    const ToolRun run{{tool.path, "merge", "-f", list_file, "-o", output}, environment_, "", log_};
    return run_tool(run).end == EndStatus{};
  }

  Error failure_of(std::uint64_t version, std::size_t count) const {
    const std::string what = std::to_string(count) + (count == 1 ? " file of " : " files of ") +
                             describe_llvm_version(version);
    const LlvmReleases releases = llvm_releases_that_read(version);
    const bool is_installed =
        releases.first != 0 && std::any_of(tools_.begin(), tools_.end(), [&](const LlvmTool& tool) {
          return tool.release != 0 && may_read(tool, version);
        });
    if (is_installed) return failure_of_tool(what);
    return Error("merge profiles", what,
                 tools_.empty()
                     ? "no llvm-profdata is installed"
                     : "no llvm-profdata that is installed reads them: " + list_of(tools_))
        .hint(install_hint(releases))
        .exit_code(kExitFailed);
  }

  Error failure_of_tool(const std::string& what) const {
    return Error("merge profiles", what, "llvm-profdata failed")
        .notes(last_lines(log_, kLinesOfLog))
        .hint("all that it printed is in " + log_)
        .exit_code(kExitFailed);
  }

  std::string folder_;
  std::string log_;
  Environment environment_;
  std::vector<LlvmTool> tools_;
};

}  // namespace

LlvmParts merge_llvm_parts(const std::vector<LlvmProgram>& programs, const WorkFiles& work,
                           const Environment& environment) {
  return Merging(work, environment, find_llvm_profdata(environment)).merge_parts(programs);
}

LlvmProfdata merge_llvm_profile(const std::vector<LlvmPart>& parts, const CoverageSpec& spec,
                                const WorkFiles& work, const Environment& environment) {
  return Merging(work, environment, {}).merge_all(parts, spec.output_dir + "/coverage.profdata");
}

std::string llvm_install_hint(std::uint64_t version) {
  return install_hint(llvm_releases_that_read(version));
}

}  // namespace gentle
