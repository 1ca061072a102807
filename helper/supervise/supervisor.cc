#include "supervise/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/signal_name.h"
#include "coverage/keep/coverage_keeper.h"
#include "coverage/keep/coverage_paths.h"
#include "model/control_request.h"
#include "os/activity.h"
#include "os/control_socket.h"
#include "os/descriptors.h"
#include "os/file.h"
#include "os/output_pipe.h"
#include "os/process.h"
#include "os/signals.h"
#include "os/spawn.h"
#include "os/watch.h"
#include "supervise/client.h"
#include "supervise/clients.h"
#include "supervise/conditions.h"
#include "supervise/dependencies.h"
#include "supervise/journal.h"
#include "supervise/launch.h"
#include "supervise/leftovers.h"
#include "supervise/lifecycle.h"
#include "supervise/owners.h"
#include "supervise/report.h"
#include "supervise/service_tree.h"
#include "supervise/successor.h"
#include "supervise/surroundings.h"
#include "supervise/untold.h"
#include "supervise/users.h"

namespace gentle {
namespace {

// How often an owner is looked at where the kernel has no pidfd.
constexpr auto kOwnerBackstop = std::chrono::milliseconds(50);
// How often the control socket is looked at where the kernel does not tell of its removal.
constexpr auto kRemovalBackstop = std::chrono::milliseconds(500);

// Ends of processes in one turn, so that one that forks without end keeps us from nothing else.
constexpr int kMostReaped = 1000;
constexpr auto kLongestReaping = std::chrono::milliseconds(200);  // but for the last one of them

// A stop of a service that passes its signal on is over by then, as a rule; later looks follow,
// each after as much time as has passed.
constexpr auto kFirstLook = std::chrono::milliseconds(10);

// A service that is ready within it has its pid and its readiness written at once. If both
// guardians are killed before, what is left of it is found by its marks.
constexpr auto kPromptStart = std::chrono::milliseconds(10);

// A service that ends within it is never seen to stop: its state is written once less.
constexpr auto kPromptEnd = std::chrono::milliseconds(2);

// After a change of the state: what is replaced within it is not worth a place on the disk, which
// takes time to give and to take back. What stays has to outlast a power cut.
constexpr auto kBriefState = std::chrono::seconds(1);

std::int64_t wall_clock_ms() {
  timeval now{};
  ::gettimeofday(&now, nullptr);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_usec / 1000;
}

// 0 if it is another's: where setsid(2) is forbidden, it is that of the user's terminal, and all of
// it would be taken for what the service has left.
int own_session() {
  const int session = ::getsid(0);
  const auto leader = process_stat(session);  // of ours it has ended: see fork_detached
  return leader && !leader->is_over() ? 0 : session;
}

std::string describe_process(int pid) {
  const auto user = user_of(pid);
  const std::string command = command_line(pid);  // "" if it is hidden
  return std::to_string(pid) + (command.empty() ? "" : " (" + command + ")") +
         (user && *user != ::geteuid() ? " of user id " + std::to_string(*user) : "");
}

class Supervisor {
 public:
  Supervisor(LoadedSpec loaded, int folder, Clients clients, SignalFd signals, OutputPipe output,
             EarlierEnd earlier)
      : loaded_(std::move(loaded)),
        folder_(folder),
        clients_(std::move(clients)),
        signals_(std::move(signals)),
        output_(std::move(output)),
        life_(loaded_.spec, Clock::now()),
        tree_([] { return descendants_of(::getpid()); },
              [this](int pid) { return is_stopped(pid); }) {
    state_.earlier_end = std::move(earlier);
  }

  void run();

 private:
  void start_up();
  void keep_coverage();
  void own_dependencies();
  void turn();
  bool wait_for_events();
  void reap();
  bool can_hand_over() const;
  bool hands_over(const EndStatus& end);
  void copy_log();
  void serve();
  void serve(Client& client, const ControlRequest& request);
  void serve_start(Client& client, const ControlRequest& request);
  bool is_outdated(const ControlRequest& request) const;
  std::string users() const;
  Reply with_earlier_end(const Reply& reply) const;
  bool dependency_was_replaced() const;
  bool is_for_another_configuration(const ControlRequest& request) const;
  void serve_stop(Client& client, const ProcessId& owner);
  void watch_start_and_owners();
  void check_conditions();
  void begin_stop(Cause cause, const std::string& why);
  void stop_for_signal(const ReceivedSignal& signal);
  void carry_out_orders();
  bool is_stopped(int pid) const;
  void look_for_untold();
  void note_late();
  void told_by_service(const NotifyMessage& message);
  void update_state();
  std::optional<Error> publish();
  void remove_replaced_state();
  void write_out_state();
  void undo(const Error& error);
  void finish();
  ProbeContext probe_context();
  bool stopped_by_others() const;
  ReportFacts facts() const;
  std::string progress() const;
  std::string doubts();
  std::string coverage_warnings();
  std::string log_warning();
  Reply stop_reply() const;
  Error start_failure_error() const;
  Reply start_failure() const;
  std::string end_message() const;

  LoadedSpec loaded_;
  int folder_;
  Clients clients_;
  SignalFd signals_;
  OutputPipe output_;  // of the service
  // Of the control socket above all: whoever removes the build folder wants us to end.
  UniqueFd removals_ = signal_removals(folder_);
  Owners owners_;
  std::vector<ProcessId> dependencies_;  // the supervisors of those in the spec
  Launch launch_;
  Lifecycle life_;
  Conditions conditions_;
  std::vector<pollfd> entries_;
  ServiceTree tree_;
  int main_ = 0;       // pid of the service's main process
  int told_main_ = 0;  // by the service (MAINPID=): it takes over when main ends
  State state_;
  std::optional<Error> probe_error_;  // for Cause::kProbe
  std::optional<Error> own_failure_;  // ours, not the service's: nothing of it may stay
  std::string why_;                   // it is stopped
  bool ended_itself_ = false;         // by a signal to its supervisor
  bool left_a_core_ = false;
  Untold untold_;
  TimePoint next_look_ = kNever;
  std::string main_program_;  // its file, when the stop began
  std::vector<std::string> not_passed_on_;
  bool has_wrapper_ = false;
  std::vector<LateProcess> late_;
  Duration late_after_{};
  bool noted_late_ = false;
  std::string ignored_signal_;
  std::string unhandled_signal_;
  std::optional<CoverageKeeper> keeper_;  // nothing: coverage is not collected
  bool has_new_status_ = false;           // that is not published
  std::optional<int> told_error_;         // by the service (ERRNO=)
  TimePoint publish_at_ = kNever;
  bool has_replaced_state_ = false;
  TimePoint write_out_at_ = kNever;
  bool has_more_to_reap_ = false;
  std::size_t told_warnings_ = 0;  // of its, the first ones
  std::uint64_t told_lost_ = 0;    // bytes that its log lacks
  bool told_removed_ = false;      // that its log is gone
};

void Supervisor::run() {
  try {
    start_up();
  } catch (const Error& error) {
    undo(error);
    return;
  }
  while (life_.phase() != Phase::kStopped) {
    turn();
    remove_replaced_state();
    if (Clock::now() >= write_out_at_) write_out_state();
  }
  if (own_failure_) {
    undo(*own_failure_);
  } else {
    finish();
  }
  remove_replaced_state();
}

void Supervisor::start_up() {
  const Spec& spec = loaded_.spec;
  state_.service = spec.name;
  state_.spec = loaded_.path;
  state_.boot_id = boot_id();
  state_.supervisor = ourselves();
  state_.successor = identify(::getppid());
  state_.session = own_session();
  state_.log = log_path(spec);
  state_.started_at = wall_clock_ms();
  launch_ = prepare_launch(spec);
  launch_.environment.set(kSupervisorVariable, to_text(state_.supervisor));
  for (auto& probe : make_probes(launch_, probe_context())) {
    probe->add_environment(launch_.environment);
    conditions_.add(std::move(probe));
  }
  keep_coverage();
  own_dependencies();
  serve();    // the request to start has been sent before there was a supervisor
  publish();  // before there is a process: a full disk is an error that leaves nothing running
  const auto follow = [this](int pid) { return keeper_->follow(pid, launch_.program); };
  const int output = output_.writing_end();
  main_ = keeper_ ? launch_service(launch_, output, follow) : launch_service(launch_, output);
  output_.close_writing_end();
  // Our copies of the sockets would keep the port open when the service is gone.
  for (PortLease& lease : launch_.leases) lease.listener.reset();
  tree_.main_started(main_);
  state_.main = identify(main_);
  journal(spec.name + ": started as pid " + std::to_string(main_));
  publish_at_ = Clock::now() + kPromptStart;
  // While the service begins, so that nobody waits for the answers.
  for (const std::string& line : what_is_missing(spec, folder_, static_cast<bool>(removals_))) {
    journal(spec.name + ": " + line);
  }
  // Who asked may be gone by now, or may have asked to stop it: of that there will be no event.
  watch_start_and_owners();
  carry_out_orders();
  remove_replaced_state();
}

void Supervisor::keep_coverage() {
  const auto data = loaded_.spec.coverage ? coverage_folder_beside(loaded_.path) : std::nullopt;
  if (!data) return;
  keeper_.emplace(service_coverage_folder(*data, loaded_.spec.name, state_.supervisor), *data);
  if (loaded_.spec.language) keeper_->record(*loaded_.spec.language, loaded_.path);
  keeper_->add_environment(launch_.environment);
}

// This supervisor counts among the owners of what its service depends on: whoever else goes, a
// database outlives its users, and is free to end when the last of them has ended.
void Supervisor::own_dependencies() {
  for (const std::string& path : loaded_.spec.depends) {
    const Spec dependency = load_spec(path).spec;
    ask_supervisor(dependency.state_dir, {Verb::kStart, state_.supervisor, configuration_of(path)});
    const auto state = load_state(dependency.state_dir);
    dependencies_.push_back(state ? state->supervisor : ProcessId{});
  }
}

ProbeContext Supervisor::probe_context() {
  ProbeContext context;
  context.service = launch_.spec.name;
  context.address = &launch_.address;
  context.working_directory = launch_.spec.working_directory;
  context.variables = launch_.known;
  context.environment = launch_.environment;
  context.environment.set(kSupervisorVariable, readiness_mark(state_.supervisor));
  context.service_pids = [] { return descendants_of(::getpid()); };
  context.leading_pids = [] { return children_of(::getpid()); };
  context.is_service_process = [](int pid) { return descends_from(pid, ::getpid()); };
  context.on_notification = [this](const NotifyMessage& message) { told_by_service(message); };
  return context;
}

void Supervisor::turn() {
  const Phase before = life_.phase();
  // While a service starts most turns are for a look at its port: those shall cost no more than it.
  if (wait_for_events()) {
    copy_log();  // who asks shall find in it what was written before
    while (const auto signal = signals_.read()) {
      const bool asks = signal->number != SIGCHLD && signal->number != SIGIO;
      if (asks) stop_for_signal(*signal);
    }
    reap();
    serve();
    watch_start_and_owners();
  }
  check_conditions();
  if (std::exchange(has_new_status_, false) || Clock::now() >= publish_at_) publish();
  look_for_untold();
  life_.time_passed(Clock::now());
  if (before == Phase::kStarting && life_.cause() == Cause::kTimeout) {
    // Now, as the next thing that the service gets is the signal to stop.
    conditions_.time_is_up();
  }
  note_late();
  carry_out_orders();
  reap();
  const Phase after = life_.phase();
  if (after != before) copy_log();
  if (before == Phase::kStarting && after != before) conditions_.give_up();
  if (after == before || after == Phase::kStopped) return;
  if (after == Phase::kStopping && before != Phase::kStarting) {
    publish_at_ = Clock::now() + kPromptEnd;
    return;
  }
  const auto unpublished = publish();
  // Nobody has to wait for the end of what a main process left that has failed to start.
  if (life_.cause() == Cause::kEarlyExit) {
    conditions_.hear(Clock::now());  // what it sent right before it ended
    clients_.reply(WaitsFor::kReady, to_text(start_failure()));
  }
  // It may have ended in the same turn, after it was ready: that is for the stop to tell.
  if (before != Phase::kStarting || life_.ready() == kNever) return;
  if (unpublished) {
    // No test would find it.
    own_failure_ = unpublished;
    begin_stop(Cause::kProbe, "its state cannot be written");
    carry_out_orders();
    return;
  }
  if (keeper_) keeper_->note_unfollowed(descendants_of(::getpid()));
  const std::string report = doubts() + start_report(facts());
  clients_.reply(WaitsFor::kReady, to_text({kExitOk, report}));
  journal(report);
  if (keeper_) keeper_->let_go_unless_instrumented();
  // Of what it writes and makes from now on nobody needs to be told.
  conditions_.drop_what_is_over();
}

// One wait for everything that can happen: there is no other in the supervisor. False: nothing but
// time has passed, or the service has written to its log.
bool Supervisor::wait_for_events() {
  entries_.assign({{signals_.fd(), POLLIN, 0}, {output_.fd(), POLLIN, 0}});
  TimePoint wake = std::min({life_.next_event(), next_look_, publish_at_, write_out_at_});
  if (has_more_to_reap_) wake = {};
  const bool starting = life_.phase() == Phase::kStarting;
  conditions_.add_poll_entries(entries_, starting);
  wake = std::min(wake, conditions_.next_look(starting));
  clients_.add_poll_entries(entries_);
  bool owner_unwatched = false;
  for (const int fd : owners_.fds()) {
    entries_.push_back({fd, POLLIN, 0});
    owner_unwatched = owner_unwatched || fd < 0;
  }
  if (owner_unwatched) wake = std::min(wake, Clock::now() + kOwnerBackstop);
  if (!removals_) wake = std::min(wake, Clock::now() + kRemovalBackstop);
  const Duration left = wake == kNever ? Duration{} : std::max(Duration{}, wake - Clock::now());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  timespec wait{};
  wait.tv_sec = static_cast<decltype(wait.tv_sec)>(seconds.count());
  wait.tv_nsec = static_cast<long>(std::chrono::nanoseconds(left - seconds).count());
  const int ready =
      ::ppoll(entries_.data(), entries_.size(), wake == kNever ? nullptr : &wait, nullptr);
  const bool only_output = ready == 1 && entries_[1].revents != 0;
  if (only_output) copy_log();
  conditions_.take_events(&entries_[2]);
  return (ready != 0 && !only_output) || owner_unwatched || !removals_ || has_more_to_reap_;
}

// As a sub-reaper the supervisor is told of every process that the service ever forked.
void Supervisor::reap() {
  has_more_to_reap_ = false;
  // Who has sent something and ended is still known by its pid, whatever user it was.
  if (can_hand_over()) conditions_.hear_messages(Clock::now());
  const TimePoint last = Clock::now() + kLongestReaping;
  for (int i = 0;; ++i) {
    if (i == kMostReaped || Clock::now() > last) {
      has_more_to_reap_ = true;
      return;
    }
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG | __WALL);
    if (pid < 0 && errno == ECHILD) life_.tree_is_empty(Clock::now());
    if (pid <= 0) return;
    if (keeper_ && keeper_->handle(pid, status)) continue;
    const EndStatus end = end_status_from_wait(status);
    const bool is_main = pid == main_ && !hands_over(end);
    conditions_.process_ended(pid, is_main, end);
    if (!is_main) continue;
    left_a_core_ = WIFSIGNALED(status) && WCOREDUMP(status);
    journal(loaded_.spec.name + ": " + describe(end));
    state_.end = end;
    state_.ended_at = wall_clock_ms();
    state_.main = {};
    tree_.main_ended();
    life_.main_ended(end, Clock::now());
  }
}

bool Supervisor::can_hand_over() const {
  return life_.phase() == Phase::kStarting || life_.phase() == Phase::kReady;
}

// The main process has ended well. If it, or another process of the service, has named one that
// goes on (MAINPID=), that is the main process now. Its end has to be told to us, so it has to be
// our child, as each is whose parent was the old one.
bool Supervisor::hands_over(const EndStatus& end) {
  if (end != EndStatus{}) return false;  // a crash
  if (!can_hand_over()) return false;
  conditions_.hear_messages(Clock::now());  // what was sent right before the end
  const int next = std::exchange(told_main_, 0);
  const auto stat = process_stat(next);
  if (next == main_ || !stat || stat->parent != ::getpid()) return false;
  journal(loaded_.spec.name + ": " + describe(end) + "; goes on as pid " + describe_process(next));
  main_ = next;
  tree_.main_started(next);
  state_.main = identify(next);
  state_.handed_over = true;
  publish();
  return true;
}

void Supervisor::copy_log() {
  if (output_.fd() < 0) return;
  const bool starting = life_.phase() == Phase::kStarting;
  output_.drain([this, starting](std::string_view text) {
    launch_.log.append(text);
    if (starting) conditions_.service_wrote(text);
  });
}

void Supervisor::serve() {
  for (const Clients::Request& request : clients_.receive()) {
    if (const auto what = parse_control_request(request.line)) {
      serve(*request.client, *what);
    } else {
      Clients::reply(*request.client, to_text(Reply{kExitOwnFailure, "unknown request\n"}));
    }
  }
}

void Supervisor::serve(Client& client, const ControlRequest& request) {
  switch (request.verb) {
    case Verb::kStart:
    case Verb::kStartAndLeave:
      serve_start(client, request);
      break;
    case Verb::kStop:
      serve_stop(client, request.owner);
      break;
    case Verb::kStatus:
      update_state();  // it may have changed in this very turn
      Clients::reply(client, to_text(Reply{kExitOk, to_json(state_)}));
      break;
    case Verb::kProgress:
      Clients::reply(client, to_text(Reply{kExitOk, progress()}));
      break;
  }
}

// What would be started now is not what was started, and nobody else uses it. CTest has no service
// of an earlier round replaced itself: `ctest -S` runs several in one process, and STOP_ON_FAILURE
// leaves out the cleanup.
bool Supervisor::is_outdated(const ControlRequest& request) const {
  if (life_.phase() != Phase::kReady) return false;
  const std::string& folder = loaded_.spec.state_dir;
  return (is_for_another_configuration(request) ||
          read_file_if_there(loaded_.path) != loaded_.text ||
          version_of(launch_.files) != launch_.files_version || dependency_was_replaced()) &&
         all_are_for(request.owner, owners_.ids(), folder.substr(0, folder.find_last_of('/')));
}

// An older gentle, or one of a build with a single configuration, names none.
bool Supervisor::is_for_another_configuration(const ControlRequest& request) const {
  const std::string own = configuration_of(loaded_.path);
  return !own.empty() && !request.configuration.empty() && request.configuration != own;
}

bool Supervisor::dependency_was_replaced() const {
  for (const std::string& path : loaded_.spec.depends) {
    const auto state = load_state(load_spec(path).spec.state_dir);
    const auto supervisor = state ? state->supervisor : ProcessId{};
    if (std::find(dependencies_.begin(), dependencies_.end(), supervisor) == dependencies_.end()) {
      return true;
    }
  }
  return false;
}

void Supervisor::serve_start(Client& client, const ControlRequest& request) {
  owners_.drop_ended();  // of a ctest that has just ended there may be no event yet
  const Phase phase = life_.phase();
  const bool over = phase == Phase::kDied || phase == Phase::kStopping;
  if (over || is_outdated(request)) {
    client.waits_for = WaitsFor::kRestart;
    begin_stop(Cause::kAsked,
               over ? "started again" : "started again, with another spec or program");
    return;
  }
  if (is_for_another_configuration(request)) {
    const Error error =
        Error("start service", loaded_.spec.name,
              "it runs for configuration '" + configuration_of(loaded_.path) + "', used by " +
                  users())
            .hint("let that end first: services of several configurations do not run side by side");
    Clients::reply(client, to_text({kExitFailed, error.message()}));
    return;
  }
  const bool leaves = request.verb == Verb::kStartAndLeave;
  owners_.add(request.owner, leaves, peer_pid(client.fd.get()) == request.owner.pid);
  auto& users = state_.users;
  std::erase_if(users, [&](const ProcessId& id) { return id == request.owner || !is_alive(id); });
  if (request.owner.pid != 0) users.push_back(request.owner);
  std::erase(state_.earlier_end.users, request.owner);  // it knows that it needs the service anew
  client.waits_for = WaitsFor::kReady;
  if (phase == Phase::kReady) Clients::reply(client, to_text({kExitOk, start_report(facts())}));
  if (main_ != 0) publish();  // otherwise start_up() is about to
}

void Supervisor::serve_stop(Client& client, const ProcessId& owner) {
  owners_.drop_ended();  // a user's supervisor that has just stopped is not waited for
  owners_.remove(owner);
  // What has died is of no use to the others, and each who has used it is to be told.
  const auto& known = state_.users;
  const bool has_used_it =
      owner.pid == 0 || std::find(known.begin(), known.end(), owner) != known.end();
  const auto& earlier = state_.earlier_end.users;
  const bool is_to_be_told = std::find(earlier.begin(), earlier.end(), owner) != earlier.end();
  if (owners_.empty() || (life_.phase() == Phase::kDied && has_used_it)) {
    client.waits_for = is_to_be_told ? WaitsFor::kStoppedAndTold : WaitsFor::kStopped;
    begin_stop(Cause::kAsked, "asked to stop");
    return;
  }
  const std::string text = loaded_.spec.name + ": left running, still used by " + users() + "\n";
  const Reply left{kExitOk, text};
  Clients::reply(client, to_text(is_to_be_told ? with_earlier_end(left) : left));
  publish();
}

Reply Supervisor::with_earlier_end(const Reply& reply) const {
  const Error error = bad_end_before(loaded_.spec.name, state_.earlier_end);
  return {error.exit_code(), error.message() + reply.text};
}

std::string Supervisor::users() const {
  std::string text;
  if (owners_.kept_by_hand()) text = "a start by hand";
  for (const ProcessId& id : owners_.ids()) {
    const auto stat = process_stat(id.pid);
    text += (text.empty() ? "" : ", ") + (stat ? stat->name : "pid") + " " + std::to_string(id.pid);
  }
  return text;
}

void Supervisor::watch_start_and_owners() {
  // Whoever waited for it to become ready is gone: killed, or its time was up.
  if (life_.phase() == Phase::kStarting && !clients_.anyone_waits_for(WaitsFor::kReady)) {
    begin_stop(Cause::kAbandoned, "nobody waits for its start any more");
  }
  if (!control_exists(folder_)) begin_stop(Cause::kAbandoned, "its state folder was removed");
  if (!owners_.drop_ended()) return;
  if (owners_.empty()) {
    begin_stop(Cause::kAbandoned, "all who used it are gone");
  } else {
    if (owners_.ids().empty() && !owners_.kept_by_hand()) {
      journal(loaded_.spec.name + ": left running for the next ctest");
    }
    publish();
  }
}

void Supervisor::check_conditions() {
  const TimePoint now = Clock::now();
  try {
    if (life_.phase() != Phase::kStarting) {
      conditions_.hear(now);
    } else if (conditions_.look(now)) {
      life_.conditions_hold(Clock::now());
    }
  } catch (const Error& error) {
    probe_error_ = error;
    begin_stop(Cause::kProbe, error.cause());
  }
}

void Supervisor::begin_stop(Cause cause, const std::string& why) {
  if (life_.phase() == Phase::kStopping || life_.phase() == Phase::kStopped) return;
  journal(loaded_.spec.name + ": stopping: " + why);
  const int signal = loaded_.spec.stop_plan.steps.front().signal;
  if (signal_fate(main_, signal) == SignalFate::kIgnored) ignored_signal_ = signal_name(signal);
  conditions_.service_stops();
  const Spec& spec = loaded_.spec;
  for (const std::string& process :
       end_left_by_readiness(spec, state_.supervisor, [] { return descendants_of(::getpid()); })) {
    journal(spec.name + ": READY COMMAND had left pid " + process + ", which is ended");
  }
  const auto pids = keeper_ ? descendants_of(::getpid()) : std::vector<int>();
  if (keeper_) {
    keeper_->follow_again(pids);
    keeper_->write_for_main();
  }
  // Of a shell it is the child that counts.
  for (const int pid : pids) {
    if (signal_fate(pid, signal) == SignalFate::kDefault) unhandled_signal_ = signal_name(signal);
  }
  why_ = why;
  untold_ = Untold(state_.main, signal);
  main_program_ = program_of(main_);
  next_look_ = Clock::now() + (ignored_signal_.empty() ? kFirstLook : Duration{});
  life_.stop(cause, Clock::now());
}

// A person asks so for a stop; a service does it by mistake (kill(getppid(), ...)).
void Supervisor::stop_for_signal(const ReceivedSignal& signal) {
  std::string why = "its supervisor was sent " + signal_name(signal.number);
  if (signal.sender > 0) why += " by pid " + describe_process(signal.sender);
  const bool by_service = signal.sender > 0 && descends_from(signal.sender, ::getpid());
  if (life_.phase() == Phase::kReady) ended_itself_ = by_service;
  begin_stop(Cause::kSignalled, why + (by_service ? ", a process of the service" : ""));
}

// A stop that takes longer than it should: is there a wrapper that does not pass the signal on?
void Supervisor::look_for_untold() {
  const TimePoint now = Clock::now();
  const int signal = loaded_.spec.stop_plan.steps.front().signal;
  const bool ended = life_.end().has_value();
  // Who ends in another way may have told the others as well, and they get a while.
  const bool by_signal = ended && *life_.end() == EndStatus{true, signal};
  const bool first_step = life_.phase() == Phase::kStopping && life_.is_first_step();
  if (!first_step || (ended && !by_signal)) next_look_ = kNever;
  if (next_look_ == kNever || (now < next_look_ && !by_signal)) return;
  next_look_ = now + std::max<Duration>(kFirstLook, now - life_.stop_began());
  std::vector<int> running;
  for (const int pid : descendants_of(::getpid())) {
    if (runs(pid)) {
      running.push_back(pid);
    } else if (tracer_of(pid) == ::getpid()) {
      // The end of a process that we trace is told to its parent only when we have taken note of
      // it: until then a shell still waits for it, and may act after that.
      return;
    }
  }
  // Told by SIGINT, `go run` fails however well its program ends: so both are told by the next one.
  const bool is_go = process_stat(main_).value_or(ProcessStat{}).name == "go";
  for (const int pid : untold_.take()) {
    if (loaded_.spec.shell) continue;  // its group has been sent it
    if (is_go) {
      life_.first_signal_is_in_vain(now);
      break;
    }
    const std::string process = describe_process(pid);
    not_passed_on_.push_back(process);
    // Else it has forked that itself.
    has_wrapper_ = has_wrapper_ || program_of(pid) != main_program_;
    journal(loaded_.spec.name + ": " + signal_name(signal) + " was not passed on to pid " +
            process);
    tree_.send(pid, signal);
  }
  if (!running.empty() && untold_.is_in_vain(running)) life_.first_signal_is_in_vain(now);
}

// Who still runs when the time of the first signal is up.
void Supervisor::note_late() {
  if (noted_late_ || life_.phase() != Phase::kStopping || life_.is_first_step()) return;
  noted_late_ = true;
  late_after_ = Clock::now() - life_.stop_began();
  tree_.forget_told();
  const int signal = loaded_.spec.stop_plan.steps.front().signal;
  for (const int pid : descendants_of(::getpid())) {
    if (!runs(pid)) continue;
    const bool ignores = signal_fate(pid, signal) == SignalFate::kIgnored;
    const bool waits = !ignores && only_waits_for_children(pid);
    late_.push_back({describe_process(pid), ignores ? LateProcess::Why::kIgnores
                                            : waits ? LateProcess::Why::kOnlyWaits
                                                    : LateProcess::Why::kUnknown});
  }
}

void Supervisor::carry_out_orders() {
  for (const SignalOrder& order : life_.take_orders()) tree_.send(order);
}

bool Supervisor::is_stopped(int pid) const {
  return may_be_stopped(pid) || (keeper_ && keeper_->is_stopped(pid));
}

void Supervisor::told_by_service(const NotifyMessage& message) {
  const TimePoint now = Clock::now();
  if (message.extend_timeout) {
    life_.extend_start(*message.extend_timeout, now);
    life_.extend_stop(*message.extend_timeout, now);
  }
  if (message.error_number) told_error_ = message.error_number;
  if (message.main_pid) told_main_ = *message.main_pid;
  if (message.stopping) journal(loaded_.spec.name + ": says that it is stopping");
  if (!message.status || *message.status == state_.status) return;
  state_.status = *message.status;
  has_new_status_ = true;  // of many in one turn the last one counts
}

void Supervisor::update_state() {
  state_.phase = life_.phase();
  // Not "stopped": the next stop has to tell that this was no good end.
  if (state_.phase == Phase::kStopped && ended_itself_) state_.phase = Phase::kDied;
  state_.owners = owners_.ids();
  state_.variables = public_variables(launch_, state_.main.pid);
  state_.address = address_text(launch_);
  if (keeper_) state_.coverage = keeper_->ledger();
  if (life_.ready() != kNever) state_.ready_after = milliseconds(life_.ready() - life_.started());
  if (life_.died()) {
    state_.outcome = outcome_of(facts());
    state_.message = died_text(life_);
  }
}

// Nothing: it is written. While there is no process, what goes wrong is thrown.
std::optional<Error> Supervisor::publish() {
  publish_at_ = kNever;
  update_state();
  // Whoever removes the folder shall not find a new file in it.
  if (!control_exists(folder_)) return std::nullopt;
  // Another build may have its state at the old place of a folder that was renamed.
  loaded_.spec.state_dir = present_path(folder_, loaded_.spec.state_dir);
  state_.log = log_path(loaded_.spec);
  try {
    has_replaced_state_ = true;
    save_state(loaded_.spec.state_dir, state_, Rest::kLater);
    write_out_at_ = std::min(write_out_at_, Clock::now() + kBriefState);
  } catch (const Error& error) {
    if (main_ == 0) throw;
    // The service runs: what cannot be told must not end it.
    journal(error.message() + "continuing");
    return error;
  }
  return std::nullopt;
}

// When nobody waits for an answer.
void Supervisor::remove_replaced_state() {
  if (std::exchange(has_replaced_state_, false)) {
    gentle::remove_replaced_state(loaded_.spec.state_dir);
  }
}

void Supervisor::write_out_state() {
  write_out_at_ = kNever;
  begin_to_write_state(present_path(folder_, loaded_.spec.state_dir));
}

// Nothing runs yet; what the attempt has made goes away again.
void Supervisor::undo(const Error& error) {
  launch_.leases.clear();
  launch_.log.close();  // it may have been the last descriptor that we may have
  for (const char* name : {"/state.json", "/state.json.new", "/log", "/supervisor.log", "/dir"}) {
    try {
      remove_tree(loaded_.spec.state_dir + name);
    } catch (const Error&) {
      // What was wrong first is what is told.
    }
  }
  remove_control(folder_);
  clients_.reply_to_all(to_text({error.exit_code(), error.message()}));
}

void Supervisor::finish() {
  copy_log();
  conditions_.hear(Clock::now());  // what the service sent shortly before its end
  if (keeper_) keeper_->count_the_rest();
  Reply stopped = stop_reply();
  Reply not_started = start_failure();
  state_.outcome = ended_itself_ ? Outcome::kFailed : outcome_of(facts());
  state_.message = end_message();
  state_.ended_at = wall_clock_ms();
  const std::string warnings = coverage_warnings() + log_warning();
  stopped.text = warnings + stopped.text;
  not_started.text = warnings + not_started.text;
  journal(stopped.text);
  publish();
  write_out_state();  // who waits for the reply is told, if the disk is slow
  remove_control(folder_);
  launch_.leases.clear();
  clients_.reply(WaitsFor::kReady, to_text(not_started));
  clients_.reply(WaitsFor::kStopped, to_text(stopped));
  clients_.reply(WaitsFor::kStoppedAndTold, to_text(with_earlier_end(stopped)));
}

// Told once, by the start that waited for it: what is less sure than it should be.
std::string Supervisor::doubts() {
  std::string text;
  for (const std::string& doubt : conditions_.doubts()) {
    text += "gentle: warning: service '" + loaded_.spec.name + "': " + doubt + ", continuing\n";
  }
  return text + coverage_warnings() + log_warning();
}

// Of what was lost since it was told the last time. The service itself has not noticed.
std::string Supervisor::log_warning() {
  const std::string begin = "gentle: warning: service '" + loaded_.spec.name + "': ";
  std::string text;
  if (!told_removed_ && launch_.log.is_removed()) {
    told_removed_ = true;
    text = begin + "its log was removed while it ran, '" + state_.log + "', continuing\n";
  }
  const std::uint64_t lost = launch_.log.lost() - std::exchange(told_lost_, launch_.log.lost());
  if (lost == 0) return text;
  return text + begin + "its log lacks " + std::to_string(lost) + " bytes, '" + state_.log +
         "': " + errno_text(launch_.log.error()) + ", continuing\n";
}

// Those that nobody was told of before: by the start, or else by the stop.
std::string Supervisor::coverage_warnings() {
  std::string text;
  if (!keeper_) return text;
  const std::vector<std::string>& warnings = keeper_->warnings();
  for (; told_warnings_ < warnings.size(); ++told_warnings_) {
    text += "gentle: warning: service '" + loaded_.spec.name + "': " + warnings[told_warnings_] +
            ", continuing\n";
  }
  return text;
}

bool Supervisor::stopped_by_others() const {
  return life_.cause() == Cause::kAbandoned || life_.cause() == Cause::kSignalled;
}

ReportFacts Supervisor::facts() const {
  ReportFacts facts{.spec = loaded_.spec,
                    .life = life_,
                    .address = address_text(launch_),
                    .why = stopped_by_others() ? why_ : "",
                    .status = state_.status,
                    .error_number = told_error_,
                    .unmet_conditions = conditions_.unmet(life_.started()),
                    .killed = tree_.killed(),
                    .ignored_signal = ignored_signal_,
                    .unhandled_signal = unhandled_signal_,
                    .coverage = keeper_ ? keeper_->ledger() : CoverageLedger{},
                    .crash = {main_, left_a_core_, launch_.spec.working_directory},
                    .late = late_,
                    .late_after = late_after_,
                    .not_passed_on = not_passed_on_,
                    .has_wrapper = has_wrapper_,
                    .deserted = owners_.deserted() || life_.ready() == kNever};
  if (life_.gave_up()) {
    for (const int pid : descendants_of(::getpid())) facts.left.push_back(describe_process(pid));
  }
  if (life_.cause() == Cause::kEarlyExit) {
    facts.port_holder = holder_of_taken_port(launch_, descendants_of(::getpid()));
  }
  return facts;
}

// For who waits, in one line: for what, and how long; nothing if that is over.
std::string Supervisor::progress() const {
  if (life_.phase() == Phase::kStarting) {
    const std::string time =
        describe(Clock::now() - life_.started()) + " of " + describe(life_.start_limit());
    return progress_report(loaded_.spec.name, "", facts().unmet_conditions, time);
  }
  if (life_.phase() != Phase::kStopping) return "";
  std::vector<std::string> running;
  for (const int pid : descendants_of(::getpid())) {
    if (runs(pid)) running.push_back("pid " + describe_process(pid));
  }
  const std::string time = describe(Clock::now() - life_.stop_began());
  const Duration limit = loaded_.spec.stop_plan.total();
  return progress_report(loaded_.spec.name, "the end of ", running,
                         time + (life_.killed() ? ", SIGKILL was sent" : " of " + describe(limit)));
}

Error Supervisor::start_failure_error() const {
  return probe_error_ ? *probe_error_ : start_error(facts());
}

Reply Supervisor::start_failure() const {
  const Error error = start_failure_error();
  return {error.exit_code(), error.message()};
}

// For `gentle status`: why it ended as it did, in one line.
std::string Supervisor::end_message() const {
  if (stopped_by_others() && life_.ready() == kNever) return why_;
  if (life_.ready() == kNever) {
    const ReportFacts known = facts();
    std::string text = start_failure_error().cause();
    if (life_.cause() != Cause::kTimeout) return text;
    for (const std::string& condition : known.unmet_conditions) {
      text += "; waiting for " + condition;
    }
    return text;
  }
  const std::string before = stopped_by_others() ? why_ + "; " : "";
  try {
    const std::string text = stop_report(facts());
    return before + text.substr(0, text.find('\n'));
  } catch (const Error& error) {
    return before + error.cause();
  }
}

Reply Supervisor::stop_reply() const {
  if (life_.ready() == kNever) {
    return {kExitOk, loaded_.spec.name + ": had not become ready; nothing of it is left\n"};
  }
  try {
    return {kExitOk, stop_report(facts())};
  } catch (const Error& error) {
    return {error.exit_code(), failed_stop_text(facts(), error)};
  }
}

}  // namespace

void supervise(const LoadedSpec& loaded, int folder, int client, int lock, EarlierEnd earlier) {
  close_inherited_descriptors(lock < 0 ? std::vector{folder, client}
                                       : std::vector{folder, client, lock});
  UniqueFd connection(client);
  try {
    OutputPipe output;
    leave_successor(loaded, folder, client, output);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    UniqueFd listener = listen_control(folder);
    SignalFd signals{SIGCHLD, SIGIO, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    Clients clients(std::move(listener), UniqueFd(connection.release()));
    Supervisor(loaded, folder, std::move(clients), std::move(signals), std::move(output),
               std::move(earlier))
        .run();
  } catch (const Error& error) {
    // Nothing has been made yet but this.
    remove_control(folder);
    remove_tree(loaded.spec.state_dir + "/supervisor.log");
    if (connection) send_reply(connection.get(), to_text({error.exit_code(), error.message()}));
  }
}

}  // namespace gentle
