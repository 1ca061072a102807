#include "coverage/report/ctest/ctest_gcov.h"

#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/counted_lines.h"
#include "coverage/report/ctest/gcov_text.h"
#include "coverage/report/tool.h"
#include "coverage/report/work_files.h"
#include "model/coverage_spec.h"
#include "os/file.h"

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

bool is_empty_file(const std::string& path) {
  std::error_code error;
  return fs::file_size(path, error) == 0 && !error;
}

void rewrite(const std::string& path, const std::vector<std::uint32_t>* lines) {
  write_file_atomically(path, count_as_reported(read_file(path), lines));
}

}  // namespace

CtestGcovEnd run_ctest_gcov(const std::string& folder, const std::vector<std::string>& arguments,
                            const Environment& environment) {
  const std::string data = arguments.empty() ? "" : arguments.back();
  const std::string spec_path = spec_path_for(folder, data);
  const CoverageSpec spec = parse_coverage_spec(read_file(spec_path), spec_path);
  const WorkFiles work(spec_path);

  ToolRun run;
  run.command = spec.gcov;
  run.command.insert(run.command.end(), arguments.begin(), arguments.end());
  run.environment = environment;
  run.environment.set("LC_ALL", "C");  // what it prints is read
  const ToolEnd end = run_tool(run);

  // Before the first report all is counted that gcov counts.
  std::optional<CountedLines> lines;
  if (const auto text = read_file_if_there(work.counted_lines)) {
    lines = parse_counted_lines(*text, work.counted_lines);
  }
  CtestGcovEnd result;
  for (const GcovBlock& block : split_gcov_output(end.output)) {
    const std::vector<std::uint32_t>* counted = nullptr;
    if (lines && !block.source.empty()) {
      const auto found = lines->find(path_without_links(block.source));
      if (found == lines->end()) continue;  // ctest never hears of the file
      counted = &found->second;
    }
    if (!block.created.empty()) rewrite(block.created, counted);
    result.output += block.text;
  }
  // gcov 12 and newer end with a failure for an empty .gcda, which stands for "not executed".
  const bool failed = end.end != EndStatus{} && !is_empty_file(data);
  result.exit_code = !failed ? 0 : end.end.by_signal ? 128 + end.end.value : end.end.value;
  return result;
}

}  // namespace gentle
