#include "coverage/report/ctest/ctest_gcov.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/asked_gcov.h"
#include "coverage/report/compiled_objects.h"
#include "coverage/report/counted_lines.h"
#include "coverage/report/gcov_text.h"
#include "coverage/report/llvm_lines.h"
#include "coverage/report/source_names.h"
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

// The object of the data that ctest has found; of another build it is a link (other_builds.h).
std::optional<CompiledObject> object_of(const std::string& data, const SourceNames& names) {
  std::error_code error;
  const std::string notes = notes_of(data);
  const fs::path real = fs::read_symlink(notes, error);
  try {
    return read_object(error ? notes : real.string(), names);
  } catch (const Error&) {
    return std::nullopt;  // gcov says what is wrong with it
  }
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

std::string copies_folder(const WorkFiles& work) { return work.folder + "/ctest"; }

void rewrite(const std::string& path, const std::vector<std::uint32_t>* lines) {
  write_file_atomically(path, count_as_reported(read_file(path), lines));
}

// Of an object of another compiler than the project's, the gcov of that one.
std::vector<std::string> gcov_of(const std::string& data, const CoverageSpec& spec,
                                 const Environment& environment) {
  const auto header = header_of_notes(notes_of(data));
  if (!header) return spec.gcov;
  const std::vector<std::string> found = gcov_for(header->version, spec, environment);
  return found.empty() ? spec.gcov : found;
}

// What clang has counted. gcov's own names for these files cannot be the same: they have no number.
CtestGcovEnd list_llvm(const std::vector<LlvmListing>& listings, const CoverageSpec& spec) {
  const NamesForCtest names(spec);
  CtestGcovEnd result;
  for (std::size_t i = 0; i < listings.size(); ++i) {
    const std::string created = std::to_string(i) + ".llvm.gcov";
    write_file_atomically(created, count_as_reported(listings[i].gcov, nullptr));
    result.output += "File '" + names(listings[i].source) + "'\nCreating '" + created + "'\n\n";
  }
  return result;
}

// gcov's arguments, with another file to read if its sources have other names by now. ctest runs
// one gcov after the other.
std::vector<std::string> gcov_arguments(std::vector<std::string> arguments,
                                        const CoverageSpec& spec, const WorkFiles& work) {
  arguments.insert(arguments.begin(), "-x");  // or files of one name in two folders would be one
  const auto object = object_of(arguments.back(), SourceNames(spec));
  if (!object) return arguments;
  const std::string folder = copies_folder(work);
  make_folders(folder, 0777);
  const std::string input = input_for_gcov(*object, folder, NamesForCtest(spec));
  if (!input.starts_with(folder)) return arguments;
  arguments.back() = input;
  const auto option = std::find(arguments.begin(), arguments.end(), "-o");
  if (option != arguments.end() && option + 1 != arguments.end()) *(option + 1) = folder;
  return arguments;
}

}  // namespace

CtestGcovEnd run_ctest_gcov(const std::string& folder, const std::vector<std::string>& arguments,
                            const Environment& environment) {
  if (arguments.empty()) throw Error("run gcov", "", "the file to read is missing");
  const std::string& data = arguments.back();
  const std::string spec_path = spec_path_for(folder, data);
  const CoverageSpec spec = parse_coverage_spec(read_file(spec_path), spec_path);
  const WorkFiles work(spec_path);
  if (const auto listings = read_llvm_lines(read_file_if_there(data).value_or(""))) {
    return list_llvm(*listings, spec);
  }

  ToolRun run;
  run.command = gcov_of(data, spec, environment);
  const std::vector<std::string> words = gcov_arguments(arguments, spec, work);
  run.command.insert(run.command.end(), words.begin(), words.end());
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
  remove_tree(copies_folder(work));
  // gcov 12 and newer end with a failure for an empty .gcda, which stands for "not executed".
  const bool failed = end.end != EndStatus{} && !is_empty_file(data);
  result.exit_code = !failed ? 0 : end.end.by_signal ? 128 + end.end.value : end.end.value;
  return result;
}

}  // namespace gentle
