#include "supervise/successor.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error.h"
#include "coverage/keep/coverage_keeper.h"
#include "coverage/keep/coverage_paths.h"
#include "model/variables.h"
#include "os/control_socket.h"
#include "os/file.h"
#include "os/log_file.h"
#include "os/process.h"
#include "supervise/journal.h"
#include "supervise/leftovers.h"

namespace gentle {
namespace {

// The processes are there, whatever has become of the folder.
State last_state(const Spec& spec) {
  try {
    return load_state(spec.state_dir).value_or(State{});
  } catch (const Error& error) {
    journal(error.message());
    return {};
  }
}

// All that the service ever forked are our children now, or theirs. What has ended is reaped first:
// what /proc hides (hidepid) cannot be seen to be a zombie.
std::vector<int> what_is_left() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  return descendants_of(::getpid());
}

// Nobody is there to keep their counts, but those that exit can write them.
void free_from_keeper(const LoadedSpec& loaded) {
  if (!loaded.spec.coverage) return;
  try {
    const auto folder = coverage_folder_beside(loaded.path);
    if (folder) let_write_by_themselves(what_is_left(), *folder);
  } catch (const Error& error) {
    journal(error.message());
  }
}

// While it ends, a service may say so; one that cannot would not end.
void end_service(Spec spec, int folder, OutputPipe& output) {
  spec.state_dir = present_path(folder, spec.state_dir);
  remove_control(folder);
  State state = last_state(spec);
  LogWriter log(
      UniqueFd(::open(log_path(spec).c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW)));
  const auto killed = end_leftovers(spec, state, [&] {
    output.drain([&](std::string_view text) { log.append(text); });
    return what_is_left();
  });
  for (const std::string& process : killed) journal(spec.name + ": had to kill pid " + process);
  if (state.service.empty() || !file_exists(spec.state_dir)) return;
  // Not "stopped": the next stop has to tell that this was no good end.
  state.phase = Phase::kDied;
  state.message = "its supervisor was killed";
  save_state(spec.state_dir, state);
}

[[noreturn]] void stand_by(const LoadedSpec& loaded, int folder, int supervisor,
                           OutputPipe& output) {
  const Spec& spec = loaded.spec;
  // Who wants the service to end tells the supervisor.
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  int status = 0;
  while (::waitpid(supervisor, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) ::_exit(0);
  journal(spec.name + ": its supervisor was killed; stopping it in its place");
  try {
    free_from_keeper(loaded);
    end_service(spec, folder, output);
    journal(spec.name + ": nothing of it is left");
  } catch (const std::exception& error) {
    journal(error.what());
  }
  ::_exit(0);
}

}  // namespace

void leave_successor(const LoadedSpec& loaded, int folder, int client, OutputPipe& output) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // the supervisor's heir; its child does not inherit that
  const pid_t supervisor = ::fork();
  if (supervisor < 0) throw errno_error("fork for", "supervisor", errno);
  if (supervisor == 0) return;
  ::close(client);
  output.close_writing_end();
  stand_by(loaded, folder, supervisor, output);
}

}  // namespace gentle
