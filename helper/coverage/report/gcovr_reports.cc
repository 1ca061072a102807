#include "coverage/report/gcovr_reports.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>

#include "base/exit_code.h"
#include "coverage/merge/object_files.h"
#include "coverage/report/run_gcovr.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

std::string program_of_gcovr(const std::string& wanted, const Environment& environment) {
  if (!wanted.empty()) return wanted;
  std::string program = find_program("gcovr", environment.get("PATH"));
  if (program.empty()) {
    throw Error("report coverage", "gcovr", "it is not in PATH")
        .hint("apt-get install gcovr, or pip install gcovr")
        .exit_code(kExitFailed);
  }
  return program;
}

std::string file_of(const CoverageSpec& spec, const std::string& name) {
  return spec.output_dir + "/" + std::string(find_report_format(name)->file);
}

using Render = std::function<void(const CoverageSpec&)>;

// What this gcovr cannot write fails the report, and keeps nothing else from being written.
void leave_formats_out(CoverageSpec& spec, GcovrVersion version, std::vector<Error>& failures) {
  std::erase_if(spec.formats, [&](const std::string& name) {
    const auto error = format_error(name, version);
    if (error) failures.push_back(*error);
    return error.has_value();
  });
}

// Why the format is not written; nothing if it is.
std::optional<Error> write_alone(CoverageSpec spec, const WorkFiles& work, const std::string& name,
                                 const Render& render) {
  const std::string file(find_report_format(name)->file);
  spec.formats = {name};
  try {
    render(spec);
    return std::nullopt;
  } catch (const Error& error) {
    std::error_code ignored;  // half of it, or of its folder
    std::filesystem::remove_all(spec.output_dir + "/" + file.substr(0, file.find('/')), ignored);
    return Error("write report", name, error.cause())
        .notes(words_of_gcovr(work.log))
        .hint("all that gcovr printed is in " + work.log + "; the other formats are written")
        .exit_code(kExitFailed);
  }
}

// Whether all formats were rendered by one call.
bool write_together(const CoverageSpec& spec, const Render& render) {
  try {
    render(spec);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

GcovrCall find_gcovr(const CoverageSpec& spec, const WorkFiles& work,
                     const Environment& environment) {
  GcovrCall call;
  call.program = program_of_gcovr(spec.gcovr, environment);
  const ToolEnd end = run_tool({{call.program, "--version"}, environment, "", ""});
  const auto version = parse_gcovr_version(end.output);
  if (!version) {
    throw Error("report coverage", call.program, "it does not print the version of a gcovr")
        .hint("pip install gcovr, or correct GENTLE_GCOVR")
        .exit_code(kExitFailed);
  }
  call.version = *version;
  call.empty_config = work.empty_config;
  call.tracefile = work.tracefile;
  call.root = path_without_links(spec.root);
  return call;
}

std::vector<Error> write_gcovr_reports(CoverageSpec& spec, const WorkFiles& work,
                                       const GcovrCall& call, const Environment& environment) {
  std::vector<Error> failures;
  leave_formats_out(spec, call.version, failures);
  if (spec.formats.empty()) return failures;
  for (const std::string& name : spec.formats) {
    const std::string file = file_of(spec, name);
    make_folders(file.substr(0, file.rfind('/')), 0777);
  }
  const Render render = [&](const CoverageSpec& part) {
    run_gcovr({render_command(part, call), environment, call.root, work.log}, call.version);
  };
  if (write_together(spec, render)) return failures;
  std::erase_if(spec.formats, [&](const std::string& name) {
    const auto error = write_alone(spec, work, name, render);
    if (error) failures.push_back(*error);
    return error.has_value();
  });
  return failures;
}

}  // namespace gentle
