#include "coverage/report/ctest/ctest_gcov.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/asked_gcov.h"
#include "coverage/report/ctest_listing.h"
#include "model/coverage_spec.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTargetFolder = ".dir/";

// With several configurations an object lies in <target>.dir/<configuration>/.
std::string spec_path_for(const std::string& folder, const std::string& data) {
  const std::string spec = folder + "/coverage.spec";
  std::error_code error;
  if (fs::exists(spec, error)) return spec;
  const std::size_t begin = data.find(kTargetFolder);
  if (begin == std::string::npos) return spec;
  const std::size_t config = begin + kTargetFolder.size();
  return folder + "/" + data.substr(config, data.find('/', config) - config) + "/coverage.spec";
}

// ctest knows the folders of the project by the names that CMake has for them.
class NamesForCtest {
 public:
  explicit NamesForCtest(const CoverageSpec& spec) {
    for (const std::string& folder : {spec.source_dir, spec.build_dir}) {
      folders_.emplace_back(path_without_links(folder), folder);
    }
  }

  std::string operator()(const std::string& path) const {
    for (const auto& [real, folder] : folders_) {
      if (is_inside(path, real)) return folder + path.substr(real.size());
    }
    return path;
  }

 private:
  std::vector<std::pair<std::string, std::string>> folders_;
};

// Of an object of another compiler than the project's, the gcov of that one.
std::vector<std::string> gcov_of(const std::string& data, const CoverageSpec& spec,
                                 const Environment& environment) {
  const auto header = header_of_notes(notes_of(data));
  if (!header) return spec.gcov;
  const std::vector<std::string> found = gcov_for(header->version, spec, environment);
  return found.empty() ? spec.gcov : found;
}

CtestGcovEnd list(const std::vector<ListedSource>& sources, const CoverageSpec& spec) {
  const NamesForCtest names(spec);
  CtestGcovEnd result;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string created = std::to_string(i) + ".gcov";
    write_file_atomically(created, sources[i].gcov);
    result.output += "File '" + names(sources[i].path) + "'\nCreating '" + created + "'\n\n";
  }
  return result;
}

// Before the first report: all that gcov counts.
CtestGcovEnd run_gcov(const std::vector<std::string>& arguments, const CoverageSpec& spec,
                      const Environment& environment) {
  ToolRun run;
  run.command = gcov_of(arguments.back(), spec, environment);
  run.command.emplace_back("-x");  // or files of one name in two folders would be one
  run.command.insert(run.command.end(), arguments.begin(), arguments.end());
  run.environment = environment;
  run.environment.set("LC_ALL", "C");  // ctest reads what it prints
  const ToolEnd end = run_tool(run);
  const bool failed = end.end != EndStatus{};
  return {end.output, !failed ? 0 : end.end.by_signal ? 128 + end.end.value : end.end.value};
}

}  // namespace

CtestGcovEnd run_ctest_gcov(const std::string& folder, const std::vector<std::string>& arguments,
                            const Environment& environment) {
  if (arguments.empty()) throw Error("run gcov", "", "the file to read is missing");
  const std::string& data = arguments.back();
  const std::string spec_path = spec_path_for(folder, data);
  const CoverageSpec spec = parse_coverage_spec(read_file(spec_path), spec_path);
  const auto listed = read_ctest_listing(read_file_if_there(data).value_or(""));
  if (listed) return list(*listed, spec);
  if (is_ctest_told(spec)) return {};
  return run_gcov(arguments, spec, environment);
}

}  // namespace gentle
