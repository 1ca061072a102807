#include "supervise/client.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/number.h"
#include "model/ctest_arguments.h"
#include "os/control_socket.h"
#include "os/file.h"
#include "os/folder_lock.h"
#include "os/pidfd.h"
#include "os/process.h"
#include "os/process_title.h"
#include "os/signals.h"
#include "os/spawn.h"
#include "supervise/dependencies.h"
#include "supervise/journal.h"
#include "supervise/leftovers.h"
#include "supervise/supervisor.h"

namespace gentle {
namespace {

// After its last reply a supervisor only has to exit; nobody who looks for processes then shall see
// it any more, however busy the machine is.
constexpr auto kLastMoments = std::chrono::seconds(10);
// After an early exit it may still be ending what is left, which nobody has to wait for.
constexpr auto kMomentsAfterEarlyExit = std::chrono::milliseconds(200);
// People who watch wonder after so long, and then now and then.
constexpr auto kFirstWord = std::chrono::seconds(2);
constexpr auto kNextWord = std::chrono::seconds(5);
// A supervisor answers at once; it may be about to empty a large folder, or to read many counters.
// CTest's limit for the test of a start or stop is a minute more than what the spec allows.
constexpr auto kLongestAnswer = std::chrono::seconds(20);
constexpr auto kNextLookAtIt = std::chrono::seconds(1);
// Somebody may stop it again and again (cpulimit): so soon it is continued each time, and so often.
// By one signal it may come no further than one system call, and a stop needs hundreds.
constexpr auto kNextWaking = std::chrono::milliseconds(1);
constexpr int kSignalsOfAWaking = 100;

using Processes = std::vector<ProcessId>;

std::optional<Reply> reply_of(const std::string& text) {
  const std::size_t newline = text.find('\n');
  const auto code = parse_integer<int>(std::string_view(text).substr(0, newline), 0, 255);
  if (!code || newline == std::string::npos) return std::nullopt;
  return Reply{*code, text.substr(newline + 1)};
}

std::string list_of(const Processes& processes) {
  std::string list;
  for (const ProcessId& id : processes) list += (list.empty() ? "" : ", ") + std::to_string(id.pid);
  return list;
}

bool is_stopped(const ProcessId& id) {
  const auto stat = process_stat(id.pid);
  return stat && stat->start_time == id.start_time && stat->state == 'T';
}

// Those of the guardians that somebody has stopped (SIGSTOP) run again. Returns them.
Processes wake(Processes guardians) {
  std::erase_if(guardians, [](const ProcessId& id) {
    return !is_stopped(id) || ::kill(id.pid, SIGCONT) != 0;
  });
  return guardians;
}

void tell_woken(const Processes& woken, const std::string& service) {
  if (woken.empty()) return;
  warn("service '" + service + "': its supervisor (pid " + list_of(woken) +
       ") was stopped (SIGSTOP); continued it");
}

// Waits for the guardians of a service, and continues them whenever somebody has stopped them.
class PatientWaiter {
 public:
  PatientWaiter(std::string service, std::function<Processes()> guardians)
      : service_(std::move(service)), guardians_(std::move(guardians)) {}

  // `happens_by` waits until the given time; whether it has happened `until` then.
  bool wait(const std::function<bool(TimePoint)>& happens_by, TimePoint until) {
    while (!happens_by(std::min(until, next_look_))) {
      if (Clock::now() >= until) return false;
      if (Clock::now() >= next_look_) look();
    }
    return true;
  }
  Processes guardians() const { return guardians_(); }
  const std::string& service() const { return service_; }

 private:
  void look() {
    const Processes woken = wake(guardians_());
    if (!was_stopped_) tell_woken(woken, service_);
    for (int i = 1; was_stopped_ && i < kSignalsOfAWaking; ++i) {
      for (const ProcessId& id : woken) ::kill(id.pid, SIGCONT);
    }
    was_stopped_ = was_stopped_ || !woken.empty();
    next_look_ = Clock::now() + (was_stopped_ ? Duration(kNextWaking) : Duration(kNextLookAtIt));
  }

  std::string service_;
  std::function<Processes()> guardians_;
  bool was_stopped_ = false;
  TimePoint next_look_ = Clock::now() + kNextLookAtIt;
};

// It is not ended here: it may still keep what nobody else can, such as counters.
Error unresponsive(Processes guardians, const std::string& service) {
  std::erase_if(guardians, [](const ProcessId& id) { return !is_alive(id); });
  const std::string pids = list_of(guardians);
  return Error("reach supervisor of", service,
               (pids.empty() ? "it" : "pid " + pids) + " has not answered for " +
                   describe(kLongestAnswer))
      .hint(pids.empty() ? "look for it: ps -ef | grep 'gentle supervise'"
                         : "if it hangs: kill -9 " + std::to_string(guardians.front().pid) +
                               ", and then gentle down");
}

// Nothing as well if there is no answer in time, though there always should be one at once.
std::optional<Reply> ask(const UniqueFd& connection, const ControlRequest& request,
                         Duration within) {
  send_request(connection.get(), to_text(request));
  const auto text = receive_reply(connection.get(), Clock::now() + within);
  return text ? reply_of(*text) : std::nullopt;
}

bool has_reply_by(TimePoint until, const UniqueFd& connection, PatientWaiter& waiter) {
  return waiter.wait([&](TimePoint by) { return wait_for_reply(connection.get(), by); }, until);
}

// That has begun to come. Nothing: the supervisor has ended without one. Throws Error if the rest
// does not come.
std::optional<Reply> rest_of_reply(const UniqueFd& connection, PatientWaiter& waiter) {
  const TimePoint until = Clock::now() + kLongestAnswer;
  std::string text;
  do {
    if (!has_reply_by(until, connection, waiter)) {
      throw unresponsive(waiter.guardians(), waiter.service());
    }
  } while (receive_some(connection.get(), text));
  return reply_of(text);
}

// Whether the supervisor answers what it waits for, which `tell` passes on.
bool answers_for_what_it_waits(int folder, PatientWaiter& waiter, const Tell& tell) {
  const UniqueFd connection = connect_control(folder);
  if (!connection) return false;
  send_request(connection.get(), to_text({Verb::kProgress}));
  if (!has_reply_by(Clock::now() + kNextWord, connection, waiter)) return false;
  const auto progress = rest_of_reply(connection, waiter);
  if (progress && tell && !progress->text.empty()) tell(progress->text);
  return progress.has_value();
}

// The supervisor replies when it is done; meanwhile it is asked what it waits for. Throws Error if
// it does not even answer that.
std::optional<Reply> receive(const UniqueFd& connection, int folder, PatientWaiter& waiter,
                             const Tell& tell) {
  TimePoint answered = Clock::now();
  TimePoint next_word = answered + kFirstWord;
  while (!has_reply_by(next_word, connection, waiter)) {
    next_word += kNextWord;
    if (answers_for_what_it_waits(folder, waiter, tell)) answered = Clock::now();
    const bool has_come = wait_for_reply(connection.get(), Clock::now());
    if (!has_come && Clock::now() - answered >= kLongestAnswer) {
      throw unresponsive(waiter.guardians(), waiter.service());
    }
  }
  return rest_of_reply(connection, waiter);
}

// supervisor.log; gone again unless there is a supervisor to write it.
class JournalFile {
 public:
  explicit JournalFile(const std::string& state_dir)
      : path_(state_dir + "/supervisor.log"), fd_(open_new_file(path_)) {}
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;
  ~JournalFile() {
    if (!kept_) ::unlink(path_.c_str());
  }

  int fd() const { return fd_.get(); }
  void keep() { kept_ = true; }

 private:
  std::string path_;
  UniqueFd fd_;
  bool kept_ = false;
};

// A folder that was made for a start which came to nothing goes away again, if it is empty.
class FolderForStart {
 public:
  explicit FolderForStart(const std::string& path) : path_(path), made_(!file_exists(path)) {
    make_folders(path_, 0700);
  }
  FolderForStart(const FolderForStart&) = delete;
  FolderForStart& operator=(const FolderForStart&) = delete;
  ~FolderForStart() {
    if (made_) ::rmdir(path_.c_str());
  }

 private:
  std::string path_;
  bool made_;
};

// In a copy of this process, which inherited what it has to know. What it does not handle itself is
// told to its successor by the exit status.
[[noreturn]] void be_supervisor(const LoadedSpec& loaded, int folder, int client, int lock,
                                const EarlierEnd& earlier) {
  set_process_title({"gentle", "supervise", loaded.path});
  correct_inherited_signals();
  try {
    supervise(loaded, folder, client, lock, earlier);
  } catch (const std::exception& error) {
    journal(error.what());
    std::exit(kExitOwnFailure);
  }
  std::exit(kExitOk);
}

// The new supervisor keeps the lock and answers on the connection as on one to its socket. The
// request is there before it is: however soon the service ends, it knows whom to tell.
struct NewSupervisor {
  UniqueFd connection;
  ProcessId successor;
};

NewSupervisor start_supervisor(const LoadedSpec& loaded, int folder, const FolderLock& lock,
                               const EarlierEnd& earlier, const std::string& request) {
  if (!file_exists("/proc/self/exe")) {
    throw errno_error("find", "/proc/self/exe", errno)
        .hint("gentle needs /proc: mount -t proc proc /proc");
  }
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw errno_error("make socket for", "supervisor", errno);
  }
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  send_request(ours.get(), request);
  JournalFile log(loaded.spec.state_dir);
  UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing) throw errno_error("open", "/dev/null", errno);
  const int pid = fork_detached("supervisor", nothing.get(), log.fd());
  if (pid == 0) {
    ours.reset();
    nothing.reset();  // there may be room for few
    be_supervisor(loaded, folder, theirs.get(), lock.fd(), earlier);
  }
  log.keep();
  return {std::move(ours), identify(pid)};
}

// The supervisor that answers, and its successor: processes that have to be gone before nothing is
// left of the service.
Processes guardians(const UniqueFd& connection) {
  const int pid = peer_pid(connection.get());
  const auto stat = process_stat(pid);
  const ProcessId supervisor{pid, stat ? stat->start_time : 0};
  if (!stat || stat->parent <= 1) return {supervisor};
  const auto parent = process_stat(stat->parent);
  // A successor that was killed has left the supervisor to whoever takes orphans.
  if (!parent || parent->name != stat->name) return {supervisor};
  return {supervisor, {stat->parent, parent->start_time}};
}

// Those that have just been started.
Processes guardians(const ProcessId& successor) {
  Processes all = {successor};
  for (const int pid : children_of(successor.pid)) all.push_back(identify(pid));
  return all;
}

// Those of whom the state tells, if they are of this boot.
Processes known_guardians(const std::string& state_dir) {
  const auto state = load_state(state_dir);
  if (!state || state->boot_id != boot_id()) return {};
  return {state->supervisor, state->successor};
}

Error still_runs(const std::string& service, const std::vector<int>& pids) {
  Error error("stop service", service,
              "its supervisor was killed, and what it left cannot be ended");
  for (const int pid : pids)
    error.note("  still runs: pid " + std::to_string(pid) + " (" + command_line(pid) + ")");
  return error.hint("end it as its user, or as root").exit_code(kExitFailed);
}

// What a supervisor left that was killed together with its successor, or with the whole machine.
// What to say of it; nothing: there was no such supervisor in this boot. `state` is what was left
// of a service, unless that has ended well.
std::optional<Error> clean_after_killed_supervisor(const Spec& spec, int folder,
                                                   std::optional<State>& state) {
  remove_control(folder);
  remove_replaced_state(spec.state_dir);
  if (is_known_to_have_ended_well(spec.state_dir)) return std::nullopt;
  state = load_state(spec.state_dir);
  if (!state || state->phase == Phase::kStopped) return std::nullopt;
  const bool this_boot = state->boot_id == boot_id();
  // Or it has told why it stopped.
  const bool has_told = state->message.starts_with("its supervisor was sent ");
  Error error(
      "stop service", spec.name,
      has_told ? state->message : "its supervisor was killed; what it left has been stopped");
  const auto find = [&] { return processes_of(*state); };
  if (this_boot) {
    for (const std::string& process : end_leftovers(spec, *state, find)) {
      error.note("  killed: pid " + process);
    }
    // Not "stopped": of another user, or one that the kernel does not let go.
    if (const auto left = find(); !left.empty()) throw still_runs(spec.name, left);
  }
  state->phase = Phase::kStopped;
  if (!this_boot) state->message = "the machine was started anew";
  if (this_boot && !has_told) state->message = "its supervisor was killed";
  state->outcome = this_boot ? Outcome::kFailed : Outcome::kInterrupted;
  save_state(spec.state_dir, *state);
  if (!this_boot) return std::nullopt;
  return error.exit_code(kExitFailed);
}

void wait_for_last_moments(const Processes& guardians, PatientWaiter& waiter) {
  const TimePoint deadline = Clock::now() + kLastMoments;
  for (const ProcessId& id : guardians) {
    const bool is_gone =
        waiter.wait([&](TimePoint by) { return wait_until_gone(id, by); }, deadline);
    if (!is_gone) throw unresponsive(guardians, waiter.service());
  }
}

// Its last reply comes when its control socket is gone.
bool was_last_reply(int folder) { return !control_exists(folder); }

// Empty: there is no supervisor, and the folder is locked. A supervisor that does not answer any
// more is about to exit, one that does not yet is about to.
UniqueFd connect_or_lock(int folder, const std::string& path, const std::string& service,
                         FolderLock& lock) {
  const TimePoint began = Clock::now();
  TimePoint look = began + kNextLookAtIt;
  for (;;) {
    UniqueFd connection = connect_control(folder);
    if (connection || lock.take(folder, path)) return connection;
    const TimePoint now = Clock::now();
    if (now - began >= kLongestAnswer) throw unresponsive(known_guardians(path), service);
    if (now >= look) {
      tell_woken(wake(known_guardians(path)), service);
      look = now + kNextWord;
    }
    ::poll(nullptr, 0, 1);
  }
}

// After it was ready: otherwise its start has failed, which is told.
bool has_ended_badly(const std::optional<State>& state) {
  return state && state->ready_after >= 0 && is_bad(state->outcome);
}

// What the new supervisor has to tell others.
EarlierEnd earlier_end(const std::optional<State>& before) {
  if (!before) return {};
  EarlierEnd earlier = before->earlier_end;
  if (has_ended_badly(before)) {
    earlier.message = before->message;
    earlier.users.insert(earlier.users.end(), before->users.begin(), before->users.end());
  }
  std::erase_if(earlier.users, [](const ProcessId& user) { return !is_alive(user); });
  return earlier;
}

bool contains(const std::vector<ProcessId>& users, const ProcessId& user) {
  return std::find(users.begin(), users.end(), user) != users.end();
}

// How the service came to its end, if that was a bad one, and this user has to be told. A stop
// tells it once, but not only one ctest may have used the service, and `--repeat until-pass` calls
// the stop again. `--rerun-failed` does so without the tests: a pass would say that all is well
// again.
std::optional<Error> bad_end_of(const Spec& spec, const std::optional<State>& state,
                                const ProcessId& user) {
  if (user.pid == 0 || !state) return std::nullopt;
  const bool is_told_again = has_ended_badly(state) && (contains(state->users, user) ||
                                                        reruns_failed(arguments_of(user.pid)));
  if (is_told_again) {
    return Error("stop service", spec.name, state->message)
        .note("  an earlier stop has told this, and the service was not started since")
        .hint("run its tests again, which start it")
        .exit_code(kExitFailed);
  }
  if (contains(state->earlier_end.users, user))
    return bad_end_before(spec.name, state->earlier_end);
  return std::nullopt;
}

Error supervisor_died(const std::string& service, const std::string& state_dir) {
  return Error("supervise service", service, "its supervisor ended unexpectedly")
      .note("its log: " + state_dir + "/supervisor.log");
}

}  // namespace

Error bad_end_before(const std::string& service, const EarlierEnd& earlier) {
  return Error("stop service", service, earlier.message)
      .note("  another user has started it anew since")
      .hint("run its tests again")
      .exit_code(kExitFailed);
}

std::string to_text(const Reply& reply) {
  return std::to_string(reply.exit_code) + "\n" + reply.text;
}

Reply start_service(const LoadedSpec& loaded, const std::optional<ProcessId>& owner,
                    AtOwnersEnd then, const Tell& tell) {
  const Spec& spec = loaded.spec;
  const Verb verb = then == AtOwnersEnd::kLeave ? Verb::kStartAndLeave : Verb::kStart;
  const std::string request =
      to_text(ControlRequest{verb, owner.value_or(ProcessId{}), configuration_of(loaded.path)});
  const FolderForStart made(spec.state_dir);
  for (;;) {
    const UniqueFd folder = open_own_folder(spec.state_dir);
    FolderLock lock;
    if (const UniqueFd connection =
            connect_or_lock(folder.get(), spec.state_dir, spec.name, lock)) {
      const auto left = guardians(connection);
      send_request(connection.get(), request);
      PatientWaiter waiter(spec.name, [&] { return left; });
      const auto reply = receive(connection, folder.get(), waiter, tell);
      if (reply) return *reply;
      continue;  // it has ended instead
    }
    std::optional<State> before;
    clean_after_killed_supervisor(spec, folder.get(), before);
    const NewSupervisor supervisor =
        start_supervisor(loaded, folder.get(), lock, earlier_end(before), request);
    PatientWaiter waiter(spec.name, [&] { return guardians(supervisor.successor); });
    const auto reply = receive(supervisor.connection, folder.get(), waiter, tell);
    if (!reply) {
      // Its successor ends the service by its plan.
      wait_until_gone(supervisor.successor, Clock::now() + spec.stop_plan.total() + kLastMoments);
      throw supervisor_died(spec.name, spec.state_dir);
    }
    if (reply->exit_code != kExitOk) {
      const bool last = was_last_reply(folder.get());
      const auto time = last ? Duration(kLastMoments) : Duration(kMomentsAfterEarlyExit);
      wait_until_gone(supervisor.successor, Clock::now() + time);
    }
    return *reply;
  }
}

Reply stop_service(const Spec& spec, const std::optional<ProcessId>& owner, const Tell& tell) {
  const Reply not_running{kExitOk, spec.name + ": not running\n"};
  if (!check_own_folder(spec.state_dir)) return not_running;
  const UniqueFd folder = open_own_folder(spec.state_dir);
  FolderLock lock;
  while (const UniqueFd connection =
             connect_or_lock(folder.get(), spec.state_dir, spec.name, lock)) {
    const Processes left = guardians(connection);
    send_request(connection.get(),
                 to_text(ControlRequest{Verb::kStop, owner.value_or(ProcessId{})}));
    PatientWaiter waiter(spec.name, [&] { return left; });
    const auto reply = receive(connection, folder.get(), waiter, tell);
    if (!reply) continue;  // it ended just now: by another stop, with its last owner, or killed
    if (was_last_reply(folder.get())) wait_for_last_moments(left, waiter);
    return *reply;
  }
  std::optional<State> before;
  if (const auto error = clean_after_killed_supervisor(spec, folder.get(), before)) throw *error;
  if (const auto error = bad_end_of(spec, before, owner.value_or(ProcessId{}))) throw *error;
  return not_running;
}

std::optional<State> present_state(const std::string& state_dir) {
  if (auto state = load_state(state_dir)) return state;
  return told_state(state_dir);
}

std::optional<State> told_state(const std::string& state_dir) {
  const auto reply = ask_supervisor(state_dir, {Verb::kStatus});
  if (!reply || reply->exit_code != kExitOk) return std::nullopt;
  return state_from_json(reply->text, "status");
}

std::optional<Reply> ask_supervisor(const std::string& state_dir, const ControlRequest& request) {
  if (!check_own_folder(state_dir)) return std::nullopt;
  const UniqueFd folder = open_own_folder(state_dir);
  const UniqueFd connection = connect_control(folder.get());
  if (!connection) return std::nullopt;
  wake(guardians(connection));
  return ask(connection, request, kNextWord);
}

}  // namespace gentle
