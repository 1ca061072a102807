#include "coverage/keep/recorded_processes.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/unique_fd.h"
#include "coverage/languages/hits.h"
#include "coverage/languages/java_recorder.h"
#include "coverage/languages/node_recorder.h"
#include "coverage/languages/python_recorder.h"
#include "coverage/languages/python_start.h"
#include "os/file.h"
#include "os/process.h"

namespace gentle {
namespace {

constexpr std::size_t kHead = 64;

// The file may be of any size, or be something else by now: a FIFO is not waited for.
std::string head_of(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0) throw errno_error("read hits", path, errno);
  return read_at(file.get(), 0, kHead);
}

std::string oldest_of(Language language) {
  switch (language) {
    case Language::kPython:
      return "Python 3.9";
    case Language::kNode:
      return "Node 18";
    case Language::kJava:
      return "Java 11";
  }
  return "";
}

// Node opens copies of modules, which its recorder then removes: unless the process was killed
// before.
void remove_copies(const std::string& own_folder) {
  for (const std::string& name : entries_of(own_folder)) {
    if (name.ends_with(".module")) ::unlink((own_folder + "/" + name).c_str());
  }
}

}  // namespace

RecordedProcesses::RecordedProcesses(Language language, const std::string& coverage_folder,
                                     const CoverageSpec& spec)
    : language_(language), branches_(spec.python_branches) {
  switch (language) {
    case Language::kPython:
      recorder_ = install_python_recorder(coverage_folder);
      break;
    case Language::kNode:
      recorder_ = install_node_recorder(coverage_folder);
      break;
    case Language::kJava:
      recorder_ = install_java_recorder(coverage_folder, spec);
      break;
  }
}

void RecordedProcesses::add_environment(Environment& environment, const std::string& folder) const {
  switch (language_) {
    case Language::kPython:
      add_python_recorder(environment, recorder_, folder, branches_);
      break;
    case Language::kNode:
      add_node_recorder(environment, recorder_, folder);
      break;
    case Language::kJava:
      add_java_recorder(environment, recorder_, folder);
      break;
  }
}

void RecordedProcesses::executes(int pid, const std::string& program) {
  starts_.erase(pid);
  std::string why_unrecorded;
  switch (language_) {
    case Language::kPython:
      if (!is_python(program)) return;
      why_unrecorded =
          why_no_python_recorder(arguments_of(pid), variable_value(pid, "PYTHONPATH"), recorder_);
      break;
    case Language::kNode:
      if (!is_node(program) || tells_of_node(arguments_of(pid))) return;
      why_unrecorded = why_no_node_recorder(variable_value(pid, "NODE_OPTIONS"), recorder_);
      break;
    case Language::kJava:
      if (!is_java(program)) return;
      why_unrecorded = why_no_java_recorder(variable_value(pid, kJavaOptions), recorder_);
      break;
  }
  starts_[pid] = {false, program, why_unrecorded};
}

void RecordedProcesses::forked(int pid, int parent) {
  const auto found = starts_.find(parent);
  if (found != starts_.end()) starts_[pid] = {true, found->second.program, ""};
}

RecordedProcesses::Outcome RecordedProcesses::recorded_in(const std::string& own_folder) const {
  Outcome outcome;
  std::string loss;
  for (const std::string& name : entries_of(own_folder)) {
    if (!name.ends_with(kHits)) continue;
    outcome.any = true;
    try {
      loss = loss_of_hits(head_of(own_folder + "/" + name));
    } catch (const Error& error) {
      loss = error.cause();
    }
    if (!loss.empty()) outcome.lost = Loss{Loss::Code::kNotRecorded, loss};
  }
  return outcome;
}

// Whether another process of this program has begun its hits.
bool RecordedProcesses::starts_recorders(const std::string& program,
                                         const FolderOf& folder_of) const {
  if (recorded_programs_.contains(program)) return true;
  return std::any_of(starts_.begin(), starts_.end(), [&](const auto& other) {
    return other.second.program == program && recorded_in(folder_of(other.first)).any;
  });
}

RecordedProcesses::Outcome RecordedProcesses::end(int pid, bool by_signal,
                                                  const FolderOf& folder_of) {
  Outcome outcome = recorded_in(folder_of(pid));
  if (language_ == Language::kNode) remove_copies(folder_of(pid));
  const auto found = starts_.find(pid);
  if (found == starts_.end()) return outcome;
  const Start start = std::move(found->second);
  starts_.erase(found);
  if (outcome.any) {
    recorded_programs_.insert(start.program);
    return outcome;
  }
  // A forked one that has recorded nothing has executed nothing either: if it could not begin a
  // file, the hits of its parent say so.
  if (start.forked) return outcome;
  // Nor has one that was killed while its interpreter started: a recorder begins before the first
  // line of the program.
  const bool would_record = start.why_unrecorded.empty();
  if (would_record && by_signal && starts_recorders(start.program, folder_of)) return outcome;
  outcome.lost =
      Loss{Loss::Code::kNoRecorder,
           would_record ? "its recorder has not started (" + oldest_of(language_) + " or newer?)"
                        : start.why_unrecorded};
  return outcome;
}

}  // namespace gentle
