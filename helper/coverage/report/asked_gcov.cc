#include "coverage/report/asked_gcov.h"

#include "coverage/gcov/gcov_version.h"
#include "coverage/report/llvm_tools.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

std::string name_of_program(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_llvm(const std::vector<std::string>& gcov) {
  return name_of_program(gcov.front()).find("llvm-cov") != std::string::npos;
}

// The newest llvm-cov: it reads what each Clang's --coverage writes.
std::string find_llvm_cov(const Environment& environment) {
  std::string program = find_program("llvm-cov", environment.get("PATH"));
  if (!program.empty()) return program;
  for (const LlvmTool& tool : find_llvm_profdata(environment)) {
    program = llvm_cov_beside(tool.path);
    if (program.find('/') != std::string::npos) return program;
  }
  return "";
}

std::uint32_t version_of(const CompiledObject& object) {
  const auto header = header_of_notes(object.notes);
  if (!header) throw Error("count", object.notes, "it is no .gcno file");
  return header->version;
}

}  // namespace

bool is_of_clang(std::uint32_t version) { return !shortens_zeros(version); }

std::vector<std::string> gcov_for(std::uint32_t version, const CoverageSpec& spec,
                                  const Environment& environment) {
  const auto command = [](const std::string& program) {
    return program.empty() ? std::vector<std::string>{} : std::vector{program};
  };
  if (is_of_clang(version)) {
    if (is_llvm(spec.gcov)) return spec.gcov;
    std::vector<std::string> words = command(find_llvm_cov(environment));
    if (!words.empty()) words.emplace_back("gcov");
    return words;
  }
  const std::string path = environment.get("PATH");
  const std::string suffix = "-" + std::to_string(gcc_major_of(version));
  const std::string name = name_of_program(spec.gcov.front());
  const bool is_known = find_gcov_format(version) != nullptr;
  if (name.ends_with(suffix) || (is_known && name.ends_with("gcov"))) return spec.gcov;
  const std::string program = find_program("gcov" + suffix, path);
  if (!program.empty()) return command(program);
  return is_llvm(spec.gcov) ? command(find_program("gcov", path)) : spec.gcov;
}

AskedGcov::AskedGcov(const CoverageSpec& spec, const WorkFiles& work,
                     const Environment& environment)
    : spec_(spec), work_(work), environment_(environment) {
  environment_.set("LC_ALL", "C");  // what it prints is read
}

AskedGcov::Answer AskedGcov::ask(const CompiledObject& object) {
  const std::uint32_t version = version_of(object);
  std::vector<std::string> command = command_for(version);
  const std::string program = command.front();
  const std::string folder = work_.gcov_files + "/" + std::to_string(folders_++);
  make_folders(folder, 0777);
  const std::string input =
      input_for_gcov(object, folder, [](const std::string& file) { return file; });
  const bool is_json = !is_of_clang(version);
  if (is_json) {
    command.insert(command.end(), {"--json-format", "--branch-probabilities", "--stdout"});
  } else {
    command.insert(command.end(), {"-b", "-c", "-t"});
  }
  const std::string text = run(command, input);
  remove_tree(folder);
  Answer answer{
      is_json ? read_gcov_json(text, object.notes) : read_gcov_listing(text, object.notes),
      program};
  // It ends well even if it cannot read the .gcno.
  if (answer.output.unit.sources.empty() && !object.sources.empty()) {
    throw Error("count", object.notes, program + " tells of none of its sources")
        .hint("all that it printed is in " + work_.gcov_log);
  }
  return answer;
}

std::vector<std::string> AskedGcov::command_for(std::uint32_t version) {
  const std::lock_guard lock(mutex_);
  const auto [at, is_new] = commands_.try_emplace(version);
  if (is_new) at->second = gcov_for(version, spec_, environment_);
  if (!at->second.empty()) return at->second;
  const bool clang = is_of_clang(version);
  throw Error("count", describe_gcov_version(version),
              clang ? "there is no llvm-cov" : "there is no gcov of this compiler")
      .hint(clang ? "apt-get install llvm" : "install the gcov that belongs to the compiler");
}

std::string AskedGcov::run(const std::vector<std::string>& command, const std::string& input) {
  ToolRun run;
  run.command = command;
  run.command.insert(run.command.end(), {"-o", input.substr(0, input.rfind('/')), input});
  run.environment = environment_;
  run.error_log = work_.gcov_log;
  const ToolEnd end = run_tool(run);
  if (end.end == EndStatus{}) return end.output;
  throw Error("count", input, command.front() + " ended with " + describe(end.end))
      .hint("all that it printed is in " + work_.gcov_log);
}

}  // namespace gentle
