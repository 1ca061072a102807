#include "supervise/launch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/exit_code.h"
#include "model/ctest_test.h"
#include "os/file.h"
#include "os/spawn.h"
#include "probe/late.h"
#include "supervise/dependencies.h"

extern char** environ;

namespace gentle {
namespace {

Variables dependency_variables(const Spec& spec) {
  Variables variables;
  for (const LoadedSpec& loaded : load_closure(spec.depends)) {
    try {
      const State state = require_ready(loaded.spec, loaded.path);
      merge_variables(variables, state.variables, loaded.spec.name);
    } catch (const Error& error) {
      if (error.exit_code() != kExitSkipped) throw;
      throw Error("start service", spec.name,
                  "it depends on '" + loaded.spec.name + "', whose start is disabled in CTest")
          .exit_code(kExitSkipped);
    }
  }
  return variables;
}

PortLease lease(const PortSpec& port, Binding binding) {
  if (port.any) return {};
  return port.number == 0 ? lease_free_port(binding) : lease_fixed_port(port.number, binding);
}

void take_ports(Launch& launch) {
  launch.address.host = "127.0.0.1";
  const auto take = [&](const std::vector<PortSpec>& ports, Binding binding) {
    for (const PortSpec& port : ports) {
      launch.leases.push_back(lease(port, binding));
      launch.address.ports[port.name] = launch.leases.back().port;
    }
  };
  take(launch.spec.ports, Binding::kByService);
  take(launch.spec.listens, Binding::kByUs);
}

void expand_all(std::vector<std::string>& texts, const Variables& known, const std::string& where) {
  for (std::string& text : texts) text = expand(text, known, where);
}

std::string where(const ReadySpec& ready, const Spec& spec) {
  return "READY " + std::string(ready_keyword(ready.kind)) + " of '" + spec.name + "'";
}

// Whether the condition asks the service at a port, and the service has not chosen it yet.
bool is_late(const ReadySpec& ready, const Spec& spec) {
  return any_port(spec) != nullptr && is_asked_at_port(ready.kind);
}

std::unique_ptr<Probe> late_probe(const Launch& launch, const ReadySpec& ready,
                                  const ProbeContext& context) {
  const std::string port = any_port(launch.spec)->name;
  const auto number = [&launch, port] { return launch.address.ports.at(port); };
  const auto make = [&launch, ready, context] {
    ProbeContext by_now = context;
    for (const auto& [name, value] : service_variables(launch.spec, launch.address)) {
      by_now.variables[name] = value;
      by_now.environment.set(name, value);
    }
    ReadySpec expanded = ready;
    expand_all(expanded.args, by_now.variables, where(ready, launch.spec));
    return make_probe(expanded, by_now);
  };
  return make_late_probe(std::string(ready_keyword(ready.kind)) + " " + ready.args.front(), number,
                         make);
}

void expand_spec(Spec& spec, const Variables& known) {
  const std::string of = " of '" + spec.name + "'";
  expand_all(spec.command, known, "COMMAND" + of);
  for (ReadySpec& ready : spec.ready) {
    std::vector<std::string> args = ready.args;
    expand_all(args, known, where(ready, spec));  // a wrong name is told now in any case
    if (!is_late(ready, spec)) ready.args = args;
  }
  for (Assignment& setting : spec.environment) {
    setting.value = expand(setting.value, known, "ENVIRONMENT " + setting.name + of);
  }
  spec.working_directory = expand(spec.working_directory, known, "WORKING_DIRECTORY" + of);
}

Environment environment_of(const Launch& launch) {
  Environment environment = Environment::from(environ);
  environment.unset("NOTIFY_SOCKET");  // not ours to hand on: it means whoever started us
  forget_ctest_test(environment);
  for (const auto& [name, value] : launch.known) environment.set(name, value);
  for (const Assignment& setting : launch.spec.environment) {
    environment.set(setting.name, setting.value);
  }
  return environment;
}

// A folder that is as it has to be stays: ext4 takes milliseconds to remove one.
void empty_scratch_folder(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && info.st_uid == ::geteuid() &&
      info.st_mode == (S_IFDIR | S_IRWXU)) {
    for (const std::string& name : entries_of(path)) remove_tree(path + "/" + name);
    return;
  }
  remove_tree(path);
  make_folders(path, S_IRWXU);
}

bool is_script(const std::string& path) {
  if (!is_regular_file(path)) return false;
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string start(2, ' ');
  return file && ::read(file.get(), start.data(), start.size()) == 2 && start == "#!";
}

// The project builds the program, or it is a script: files among its arguments are its data.
bool is_whole_program(const Launch& launch) {
  const std::string& folder = launch.spec.state_dir;
  const std::size_t end = folder.rfind("/Testing/Fixtures/");
  const bool is_built =
      end != std::string::npos && launch.program.starts_with(folder.substr(0, end + 1));
  return is_built || is_script(launch.program);
}

// What makes the service what it is, as far as its command tells: the program; of an interpreter or
// an installed server, as in `python3 server.py` and `nginx -c file`, the first file among its
// arguments; and whatever else can be executed. Not the files that it writes: a log, a database.
std::vector<std::string> files_of(const Launch& launch) {
  std::vector<std::string> files;
  if (!launch.program.empty()) files.push_back(launch.program);
  if (launch.spec.shell) return files;
  bool is_whole = is_whole_program(launch);
  for (std::size_t i = 1; i < launch.spec.command.size(); ++i) {
    const std::string& word = launch.spec.command[i];
    if (word.empty() || word.find("://") != std::string::npos) continue;
    const std::string path =
        word.front() == '/' ? word : launch.spec.working_directory + "/" + word;
    if (path.starts_with(scratch_dir(launch.spec) + "/") || !is_regular_file(path)) continue;
    if (!is_whole || ::access(path.c_str(), X_OK) == 0) files.push_back(path);
    is_whole = true;
  }
  return files;
}

}  // namespace

std::string version_of(const std::vector<std::string>& files) {
  std::string versions;
  for (const std::string& file : files) versions += file_version(file) + "\n";
  return versions;
}

Launch prepare_launch(const Spec& spec) {
  Launch launch;
  launch.spec = spec;
  if (launch.spec.working_directory.empty()) launch.spec.working_directory = absolute_path("");
  launch.known = dependency_variables(spec);
  take_ports(launch);
  merge_variables(launch.known, service_variables(spec, launch.address), spec.name);
  expand_spec(launch.spec, launch.known);
  launch.environment = environment_of(launch);
  empty_scratch_folder(scratch_dir(spec));
  remove_tree(tests_dir(spec));
  launch.log = LogWriter(open_own_file(log_path(spec)));
  const std::string& program = launch.spec.command.front();
  if (!spec.shell && program.find('/') != std::string::npos) {
    launch.program =
        program.front() == '/' ? program : launch.spec.working_directory + "/" + program;
  }
  launch.files = files_of(launch);
  launch.files_version = version_of(launch.files);
  return launch;
}

std::vector<std::unique_ptr<Probe>> make_probes(const Launch& launch, const ProbeContext& context) {
  std::vector<std::unique_ptr<Probe>> probes;
  for (const ReadySpec& ready : launch.spec.ready) {
    probes.push_back(is_late(ready, launch.spec) ? late_probe(launch, ready, context)
                                                 : make_probe(ready, context));
  }
  return probes;
}

int launch_service(const Launch& launch, int output, std::function<bool(int pid)> before_exec) {
  const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  SpawnOptions options;
  options.command = launch.spec.command;
  if (launch.spec.shell) options.command = {"/bin/sh", "-c", launch.spec.command.front()};
  options.environment = launch.environment;
  options.working_directory = launch.spec.working_directory;
  options.stdin_fd = nothing.get();
  options.stdout_fd = output;
  options.stderr_fd = output;
  options.own_group = true;
  options.before_exec = std::move(before_exec);
  // If the supervisor is killed, the service is at least told gently that it should end.
  options.death_signal = launch.spec.stop_plan.steps.front().signal;
  std::size_t listen = launch.spec.ports.size();
  for (const PortSpec& port : launch.spec.listens) {
    options.listen_fds.push_back(launch.leases[listen++].listener.get());
    options.listen_names.push_back(port.name);
  }
  return spawn(options);
}

Variables public_variables(const Launch& launch, int pid) {
  Variables own = service_variables(launch.spec, launch.address);
  const std::string pid_name = service_prefix(launch.spec.name) + "_PID";
  if (pid > 0) own[pid_name] = std::to_string(pid);
  Variables known = launch.known;
  known[pid_name] = "";  // EXPORT may speak of it though there is no process, yet or any more
  for (const auto& [name, value] : own) known[name] = value;
  for (const Assignment& setting : launch.spec.exports) {
    own[setting.name] =
        expand(setting.value, known, "EXPORT " + setting.name + " of '" + launch.spec.name + "'");
  }
  return own;
}

std::string address_text(const Launch& launch) {
  const auto& ports = launch.spec.ports.empty() ? launch.spec.listens : launch.spec.ports;
  if (ports.empty()) return "";
  const std::string& host = launch.address.host;
  const std::string bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const int number = launch.address.ports.at(ports.front().name);
  return number == 0 ? "" : bracketed + ":" + std::to_string(number);
}

std::string holder_of_taken_port(const Launch& launch, const std::vector<int>& own_pids) {
  for (const ReadySpec& ready : launch.spec.ready) {
    if (ready.foreign) return "";  // by whom it may be
  }
  for (const PortSpec& port : launch.spec.ports) {
    const int number = launch.address.ports.at(port.name);
    if (number == 0) continue;
    const auto holder = find_port_holder(number);
    if (holder && any_holds(own_pids, *holder) == Holds::kNo) {
      return "port " + std::to_string(number) + " is taken by " + describe_holder(*holder);
    }
  }
  return "";
}

}  // namespace gentle
