#include "coverage/report/gcov_files.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <system_error>

#include "base/exit_code.h"
#include "coverage/report/gcov_text.h"
#include "coverage/report/tool.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

// One thread's share of the work, in a folder of its own: gcov writes where it runs.
class Worker {
 public:
  Worker(const CoverageSpec& spec, const WorkFiles& work, const std::set<std::string>& counted,
         const Environment& environment, unsigned number)
      : spec_(spec),
        work_(work),
        counted_(counted),
        environment_(environment),
        folder_(work.gcov_files + "/worker" + std::to_string(number)) {
    make_folders(folder_, 0777);
    environment_.set("LC_ALL", "C");  // what it prints is read
  }

  void run(const CompiledObject& object, std::size_t number) {
    const std::string input =
        input_for_gcov(object, folder_, [](const std::string& file) { return file; });
    ToolRun run;
    run.command = spec_.gcov;
    run.command.insert(run.command.end(),
                       {"-b", "-c", "-m", "-x", "-o", input.substr(0, input.rfind('/')), input});
    run.environment = environment_;
    run.working_directory = folder_;
    run.error_log = work_.gcov_log;
    const ToolEnd end = run_tool(run);
    std::size_t written = 0;
    for (const GcovBlock& block : split_gcov_output(end.output)) {
      if (block.created.empty()) continue;
      const std::string from = folder_ + "/" + block.created;
      if (counted_.contains(plain_name(block.source))) {
        const std::string name = std::to_string(number) + "-" + std::to_string(written++);
        move(from, work_.gcov_files + "/" + name + ".gcov");
      } else {
        remove_tree(from);
      }
    }
    if (input.starts_with(folder_)) {
      remove_tree(input);
      remove_tree(notes_of(input));
    }
    if (end.end == EndStatus{}) return;
    errors.push_back(Error("count", object.notes, "gcov ended with " + describe(end.end))
                         .hint("all that it printed is in " + work_.gcov_log)
                         .exit_code(kExitFailed));
  }

  std::vector<Error> errors;

 private:
  static void move(const std::string& from, const std::string& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error) throw errno_error("move", from, error.value());
  }

  const CoverageSpec& spec_;
  const WorkFiles& work_;
  const std::set<std::string>& counted_;
  Environment environment_;
  std::string folder_;
};

}  // namespace

std::vector<Error> write_gcov_files(const CoverageSpec& spec, const WorkFiles& work,
                                    const std::vector<CompiledObject>& objects,
                                    const std::set<std::string>& counted,
                                    const Environment& environment) {
  remove_tree(work.gcov_files);
  std::vector<Error> errors;
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::atomic<unsigned> workers = 0;
  run_workers(objects.size(), [&] {
    Worker worker(spec, work, counted, environment, workers++);
    for (std::size_t i = next++; i < objects.size(); i = next++) worker.run(objects[i], i);
    const std::lock_guard lock(mutex);
    errors.insert(errors.end(), worker.errors.begin(), worker.errors.end());
  });
  return errors;
}

}  // namespace gentle
