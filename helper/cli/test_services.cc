#include "cli/test_services.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/shown_lines.h"
#include "cli/print.h"
#include "os/file.h"
#include "os/log_file.h"
#include "os/pidfd.h"
#include "os/process.h"
#include "supervise/client.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

// What a service may log during one test and still be shown whole.
constexpr std::size_t kShownLog = 32768;

// Asked of the supervisor, since it may not have written yet what happened a moment ago.
std::string trouble_of(const std::string& state_dir) {
  const auto reply = ask_supervisor(state_dir, {Verb::kStatus});
  return reply ? state_from_json(reply->text, "status").message : "its supervisor is gone";
}

std::string log_since(const State& state, std::uint64_t from) {
  const LogReader log(state.log);
  const std::uint64_t end = log.end();
  if (end < from) from = 0;  // of a service that was started again meanwhile
  if (end == from) return "logged nothing during this test\n";
  std::string text = "its log during this test";
  if (end - from > kShownLog) {
    text += " (the last " + std::to_string(kShownLog) + " bytes)";
    from = end - kShownLog;
  }
  text += ", " + state.log + ":\n";
  for (const std::string& line : shown_lines(log.read(from, kShownLog).text)) text += line + "\n";
  return text;
}

// What tests that were killed may leave of a service, in instances, for people to look at.
constexpr std::size_t kKeptInstances = 8;

// An instance is named after the process of its own `gentle run`, so that nobody takes for his what
// another left under the same pid. What is not named as ours is not ours to remove.
bool is_used(const std::string& instance) {
  const auto process = parse_process_id(instance);
  return !process || is_alive(*process);
}

// A test that runs another `gentle run` shares its instances with it. But not if it is a ctest,
// whose tests are tests of their own.
bool shares_instances() {
  const char* instance = std::getenv(kInstanceVariable);
  const auto outer = parse_process_id(instance == nullptr ? "" : instance);
  return outer && is_alive(*outer) && owning_ctest() == owning_ctest(outer->pid);
}

// Of instances whose `gentle run` was killed: ends what still runs, and forgets all but a few.
void clean_instances(Spec spec) {
  const std::string folder = spec.state_dir.substr(0, spec.state_dir.find_last_of('/'));
  std::vector<std::pair<std::int64_t, std::string>> left;
  for (const std::string& instance : entries_of(folder)) {
    if (is_used(instance)) continue;
    spec.state_dir = folder + "/" + instance;
    std::int64_t started = 0;
    try {
      const auto state = load_state(spec.state_dir);
      if (state && is_alive(state->supervisor)) continue;  // is stopping it
      if (state) started = state->started_at;
      stop_service(spec, std::nullopt);
    } catch (const Error&) {
      // That it was no good end is told by what stays.
    }
    left.emplace_back(started, spec.state_dir);
  }
  std::sort(left.rbegin(), left.rend());
  for (std::size_t i = kKeptInstances; i < left.size(); ++i) remove_tree(left[i].second);
}

}  // namespace

// Through the default constructor, so that the destructor stops what was started before an error.
TestServices::TestServices(const std::vector<std::string>& specs, bool starts, TestReport& report)
    : TestServices(report) {
  // Before the specs are read: it says where the state of an instance is.
  if (!shares_instances()) ::setenv(kInstanceVariable, to_text(ourselves()).c_str(), 1);
  for (const LoadedSpec& loaded : load_closure(specs)) {
    const Spec& spec = loaded.spec;
    if (spec.scope == Scope::kTest) {
      start_instance(loaded);
    } else if (starts) {
      start_for_test(loaded);
    }
    State state = require_ready(spec, loaded.path);
    const std::uint64_t size = log_end(state.log);
    const bool runs = is_alive(state.main);
    UniqueFd pidfd = runs ? open_pidfd(state.main) : UniqueFd();
    services_.push_back({spec, loaded.path, std::move(state), size, runs, std::move(pidfd)});
  }
}

void TestServices::start_instance(const LoadedSpec& loaded) {
  const Spec& spec = loaded.spec;
  if (file_exists(spec.state_dir + "/state.json")) return;  // of the `gentle run` around this one
  clean_instances(spec);
  const Reply reply = start_service(loaded, ourselves());
  if (reply.exit_code != kExitOk) {
    report_.say(reply.text);
    throw Error("run test with", spec.name, "its own instance of the service did not start")
        .exit_code(reply.exit_code);
  }
  instances_.push_back(spec);
}

// One that runs already is used, too: then it stays until this test has ended.
void TestServices::start_for_test(const LoadedSpec& loaded) {
  const Spec& spec = loaded.spec;
  const Reply reply = start_service(loaded, ourselves(), AtOwnersEnd::kStop, tell_on_stderr);
  print(stderr, reply.text);
  if (reply.exit_code != kExitOk) {
    throw Error("run test with", spec.name, "the service did not start").exit_code(reply.exit_code);
  }
  instances_.push_back(spec);
}

Variables TestServices::variables() const {
  Variables all;
  for (const Service& service : services_) {
    merge_variables(all, service.state.variables, service.state.service);
  }
  return all;
}

void TestServices::add_poll_entries(std::vector<pollfd>& entries) const {
  for (const Service& service : services_) entries.push_back({service.pidfd.get(), POLLIN, 0});
}

bool TestServices::needs_looks() const {
  return std::any_of(services_.begin(), services_.end(),
                     [](const Service& service) { return service.runs && !service.pidfd; });
}

// Its main process has ended, and has handed over to another one.
bool TestServices::goes_on(Service& service) {
  const auto reply = ask_supervisor(service.spec.state_dir, {Verb::kStatus});
  if (!reply) return false;
  const State state = state_from_json(reply->text, "status");
  if (!is_alive(state.main)) return false;
  service.state.main = state.main;
  service.pidfd = open_pidfd(state.main);
  return true;
}

void TestServices::tell_ended() {
  for (Service& service : services_) {
    if (!service.runs || !has_ended(service.pidfd, service.state.main)) continue;
    if (goes_on(service)) continue;
    service.runs = false;
    service.pidfd.reset();
    report_.say("gentle: warning: service '" + service.state.service + "' (pid " +
                std::to_string(service.state.main.pid) + ") ended while the test runs\n");
  }
}

bool TestServices::have_folders() const {
  bool all = true;
  for (const Service& service : services_) {
    const std::string& folder = service.spec.state_dir;
    // The folder itself may have been made again, for what a TestReport has to say.
    if (file_exists(folder + "/state.json") || file_exists(folder + "/control")) continue;
    if (!file_exists(service.path)) continue;  // the build folder was removed or renamed as a whole
    report_.say(Error("use service", service.state.service,
                      "its state folder '" + folder + "' was removed while the test ran")
                    .hint("let nothing remove Testing/Fixtures while services run: they stop")
                    .message());
    all = false;
  }
  return all;
}

void TestServices::tell_logs() const {
  for (const Service& service : services_) {
    const std::string trouble = trouble_of(service.spec.state_dir);
    report_.say("--- service '" + service.state.service +
                "': " + (trouble.empty() ? "" : trouble + "; ") +
                log_since(service.state, service.log_size));
  }
}

bool TestServices::stop_instances() {
  bool good = true;
  std::reverse(instances_.begin(), instances_.end());
  for (const Spec& spec : instances_) good = stop_instance(spec) && good;
  instances_.clear();
  return good;
}

// What a good instance leaves is of no use to anyone; what a bad one leaves tells why.
bool TestServices::stop_instance(const Spec& spec) {
  try {
    const Reply reply = stop_service(spec, ourselves());
    if (reply.exit_code == kExitOk) {
      if (spec.scope == Scope::kTest) remove_tree(spec.state_dir);
      return true;
    }
    report_.say(reply.text);
  } catch (const Error& error) {
    report_.say(error.message());
  }
  return false;
}

}  // namespace gentle
