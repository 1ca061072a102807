// Measures what a user of the helper waits for, and prints one table. See docs/benchmarks.md.
#include <dirent.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "process.h"
#include "samples.h"

namespace {

namespace fs = std::filesystem;

volatile std::sig_atomic_t interrupted = 0;

struct Options {
  std::string gentle;
  std::string service;     // bench_service
  std::string floor;       // bench_floor
  std::string only_waits;  // bench_only_waits
  std::string cold_build;  // the folder helper/, to build it; "": not asked
  int repetitions = 25;    // of a start with a delay; quick things are done more often
  double longest_delay = 1.5;
  std::size_t scale = 0;  // only the cost beside so many others, and beside fewer
  int quick() const { return 10 * repetitions; }
};

std::string read_text(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A folder of our own, as short as a socket's path has to be, gone with us.
class WorkFolder {
 public:
  WorkFolder() {
    std::string name = "/tmp/gentle_bench.XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot write in /tmp");
    path_ = name;
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// A service of its own; stopped at the latest when this object goes.
class Service {
 public:
  Service(const Options& options, const fs::path& work, const std::string& name,
          const std::string& kind, double delay)
      : gentle_(options.gentle),
        spec_(work / (name + ".spec")),
        state_(work / "Testing/Fixtures" / name),
        stamp_(work / (name + ".stamp")) {
    std::string prefix = name;
    for (char& c : prefix) c = static_cast<char>(std::toupper(c));
    const std::string where =
        kind == "TCP" ? "@" + prefix + "_PORT@" : "@" + prefix + "_DIR@/ready";
    std::ofstream spec(spec_);
    spec << "gentle-spec 1\nname " << name << "\nstate " << state_.string() << "\ncommand "
         << options.service << "\ncommand " << kind << "\ncommand " << where << "\ncommand "
         << static_cast<long>(delay * 1e6) << "\ncommand " << stamp_.string() << "\nport main\n"
         << "ready " << kind << "\n";
    if (kind == "TCP") spec << "ready.arg main\n";
    if (kind == "LOG") spec << "ready.arg ^ready$\n";
    if (kind == "UNIX" || kind == "FILE") spec << "ready.arg " << where << "\n";
    spec << "end\n";
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service() {
    try {
      if (started_) stop();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "bench: %s\n", error.what());
    }
  }

  Run start() {
    started_ = true;
    return run({gentle_, "start", spec_});
  }
  Run stop() {
    started_ = false;
    return run({gentle_, "stop", spec_});
  }

  const fs::path& spec() const { return spec_; }

  std::int64_t ready_at() const {
    std::int64_t stamp = 0;
    std::ifstream(stamp_, std::ios::binary).read(reinterpret_cast<char*>(&stamp), sizeof stamp);
    return stamp;
  }

  int supervisor() const {
    const std::string state = read_text(state_ / "state.json");
    const std::size_t at = state.find("\"pid\":", state.find("\"supervisor\""));
    return at == std::string::npos ? 0 : std::atoi(state.c_str() + at + 6);
  }

 private:
  std::string gentle_;
  fs::path spec_;
  fs::path state_;
  fs::path stamp_;
  bool started_ = false;
};

void check_interrupted() {
  if (interrupted != 0) throw std::runtime_error("interrupted");
}

// What the process has run on a core. Finer than utime and stime, which count ticks of 10 ms.
double cpu_ms(int pid) {
  return std::atof(read_text("/proc/" + std::to_string(pid) + "/schedstat").c_str()) / 1e6;
}

double pss_mb(int pid) {
  const std::string text = read_text("/proc/" + std::to_string(pid) + "/smaps_rollup");
  const std::size_t at = text.find("\nPss:");
  return at == std::string::npos ? 0 : std::atof(text.c_str() + at + 5) / 1024;
}

// What stands behind the name, which is in parentheses: proc(5).
bool sleeps(int pid) {
  const std::string stat = read_text("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.compare(name_end, 4, ") S ") == 0;
}

// The shortest chain of wake-ups that `gentle start` could be: a process is told by another one
// through a pipe, and exits; its end is seen. What the machine's load alone costs.
double least_possible_ms() {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t waiting = ::fork();
  if (waiting == 0) {
    char byte = 0;
    ::_exit(::read(ends[0], &byte, 1) == 1 ? 0 : 1);
  }
  while (!sleeps(waiting)) ::sched_yield();
  const std::int64_t told = now_ns();
  const bool put = ::write(ends[1], "x", 1) == 1;
  ::waitpid(waiting, nullptr, 0);
  const std::int64_t seen = now_ns();
  ::close(ends[0]);
  ::close(ends[1]);
  if (!put) throw std::runtime_error("cannot write to a pipe");
  return static_cast<double>(seen - told) / 1e6;
}

void measure_readiness(const Options& options, const fs::path& work) {
  std::minstd_rand random(1);
  std::uniform_real_distribution<double> delay(0.05, options.longest_delay);
  std::vector<std::pair<std::string, Samples>> cpu;
  Table::heading("gentle start returns, after the service became ready");
  for (const char* kind : {"TCP", "UNIX", "LOG", "FILE", "NOTIFY"}) {
    Samples latency;
    Samples core;
    for (int i = 0; i < options.repetitions; ++i) {
      check_interrupted();
      Service service(options, work, "one", kind, delay(random));
      const Run start = service.start();
      core.add(100 * cpu_ms(service.supervisor()) / start.ms());
      latency.add(static_cast<double>(start.ended - service.ready_at()) / 1e6);
    }
    Table::row(kind, latency, "ms", 1);
    cpu.emplace_back(kind, core);
  }
  Samples least;
  for (int i = 0; i < options.repetitions; ++i) least.add(least_possible_ms());
  Table::row("(for comparison: told by a pipe, exit seen)", least, "ms");
  Table::heading("CPU of the supervisor until ready, its own start included");
  for (const auto& [kind, core] : cpu) Table::row(kind, core, "%");
}

void measure_run(const Options& options, const fs::path& work) {
  Table::heading("gentle run -- true, in turn with true and a C program");
  std::vector<std::unique_ptr<Service>> services;
  const std::string command = "/bin/true";
  for (const std::size_t count : {1, 3}) {
    while (services.size() < count) {
      const std::string name = "run" + std::to_string(services.size());
      services.push_back(std::make_unique<Service>(options, work, name, "TCP", 0));
      services.back()->start();
    }
    std::vector<std::string> words = {options.gentle, "run"};
    for (const auto& service : services) words.insert(words.end(), {"--with", service->spec()});
    words.insert(words.end(), {"--", command});
    Samples plain, least, with, over_plain, over_least;
    for (int i = 0; i < options.quick(); ++i) {
      check_interrupted();
      const double a = run({command}).ms();
      const double b = run({options.only_waits, command}).ms();
      const double c = run(words).ms();
      plain.add(a);
      least.add(b);
      with.add(c);
      over_plain.add(c - a);
      over_least.add(c - b);
    }
    Table::row("true", plain, "ms");
    Table::row("a C program that only starts it and waits", least, "ms");
    Table::row("gentle run with " + std::to_string(count) + (count == 1 ? " service" : " services"),
               with, "ms");
    Table::row("over true, pair by pair", over_plain, "ms");
    Table::row("over the C program, pair by pair", over_least, "ms", 0.8);
  }
}

// One more service, while so many others run: what it costs must not depend on them.
struct Beside {
  std::size_t others;
  Samples start;
  Samples run_test;
  Samples run_all;
  Samples stop;

  void measure(const Options& options, const fs::path& work,
               const std::vector<std::unique_ptr<Service>>& running, const std::string& kind) {
    std::vector<std::string> all = {options.gentle, "run"};
    for (const auto& other : running) all.insert(all.end(), {"--with", other->spec()});
    all.insert(all.end(), {"--", "/bin/true"});
    Service service(options, work, "one", kind, 0);
    start.add(service.start().ms());
    run_test.add(run({options.gentle, "run", "--with", service.spec(), "--", "/bin/true"}).ms());
    run_all.add(run(all).ms() / static_cast<double>(others));
    stop.add(service.stop().ms());
  }
};

void measure_scale(const Options& options, const fs::path& work) {
  const char* const kinds[] = {"TCP", "UNIX", "LOG", "FILE", "NOTIFY"};
  std::vector<std::unique_ptr<Service>> running;
  Beside beside[] = {{options.scale / 20, {}, {}, {}, {}},
                     {options.scale / 4, {}, {}, {}, {}},
                     {options.scale, {}, {}, {}, {}}};
  // Up and down, so that what else the machine does meets all three of them.
  for (const std::size_t step : {0, 1, 2, 2, 1, 0}) {
    while (running.size() < beside[step].others) {
      check_interrupted();
      const std::size_t number = running.size();
      running.push_back(std::make_unique<Service>(options, work, "other" + std::to_string(number),
                                                  kinds[number % std::size(kinds)], 0));
      running.back()->start();
    }
    while (running.size() > beside[step].others) running.pop_back();
    for (int i = 0; i < options.quick() / 2; ++i) {
      check_interrupted();
      beside[step].measure(options, work, running, kinds[i % std::size(kinds)]);
    }
  }
  Table::heading("one more service, beside", "at first");
  const std::pair<const char*, Samples Beside::*> rows[] = {
      {"gentle start", &Beside::start},
      {"gentle run of its test", &Beside::run_test},
      {"gentle run of a test of all, each", &Beside::run_all},
      {"gentle stop", &Beside::stop}};
  for (const auto& [what, samples] : rows) {
    for (const Beside& each : beside) {
      Table::row(std::to_string(each.others) + " others: " + what, each.*samples, "ms",
                 (beside[0].*samples).at(0.5));
    }
  }
}

// Outside of the ephemeral ports and each time another one, since the last may still be closing.
std::string next_port() {
  static int port = 20000;
  port = port < 29999 ? port + 1 : 20000;
  return std::to_string(port);
}

// The least that the start and stop of such a service could be: one program that does only that.
double floor_ms(const Options& options, const fs::path& work, const std::string& kind) {
  const std::string where = kind == "TCP" ? next_port() : (work / "ready").string();
  return run({options.floor, kind, where, work / "log", options.service, kind, where, "0",
              work / "floor.stamp"})
      .ms();
}

// Of each kind in turn, so that what else the machine does meets them all.
void measure_start_and_stop(const Options& options, const fs::path& work) {
  struct OfKind {
    std::string kind;
    Samples start, stop, floor, ratio;
  };
  OfKind kinds[] = {{"TCP", {}, {}, {}, {}},
                    {"UNIX", {}, {}, {}, {}},
                    {"LOG", {}, {}, {}, {}},
                    {"FILE", {}, {}, {}, {}},
                    {"NOTIFY", {}, {}, {}, {}}};
  Samples version;
  Samples pss;
  for (int i = 0; i < options.quick() / 2; ++i) {
    check_interrupted();
    version.add(run({options.gentle, "--version"}).ms());
    for (OfKind& each : kinds) {
      const double least = floor_ms(options, work, each.kind);
      Service service(options, work, "trivial", each.kind, 0);
      const double started = service.start().ms();
      if (each.kind == "NOTIFY") pss.add(pss_mb(service.supervisor()));
      const double stopped = service.stop().ms();
      each.floor.add(least);
      each.start.add(started);
      each.stop.add(stopped);
      each.ratio.add((started + stopped) / least);
    }
  }
  Table::heading("the program itself");
  Table::row("gentle --version", version, "ms", 3);
  Table::row("Pss of a supervisor while its service is ready", pss, "MB", 3);
  Table::heading("a service that is ready at once, and ends at once");
  for (const OfKind& each : kinds) {
    Table::row(each.kind + ": gentle start", each.start, "ms");
    Table::row(each.kind + ": gentle stop", each.stop, "ms");
    Table::row(each.kind + ": the floor, start and stop by a C program", each.floor, "ms");
    Table::row(each.kind + ": both, times the floor beside it", each.ratio, "", 2);
  }
}

std::string find_program(const std::string& name) {
  std::stringstream path(std::getenv("PATH"));
  for (std::string folder; std::getline(path, folder, ':');) {
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return folder + "/" + name;
  }
  return "";
}

// As add_fixture_service does it for a user: Release, on all cores, without ccache.
std::string measure_cold_build(const Options& options, const fs::path& work) {
  Samples wall;
  Samples cpu;
  const std::string build = work / "build";
  if (!options.cold_build.empty()) {
    for (const char* name : {"CC", "CXX", "CFLAGS", "CXXFLAGS", "LDFLAGS", "CMAKE_GENERATOR",
                             "CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER"}) {
      ::unsetenv(name);
    }
    ::setenv("CCACHE_DISABLE", "1", 1);
    const std::string cmake = find_program("cmake");
    const char* generator = find_program("ninja").empty() ? "Unix Makefiles" : "Ninja";
    const std::string log = work / "build.log";
    const Run configured =
        run({cmake, "-S", options.cold_build, "-B", build, "-G", generator}, log);
    const Run built = run({cmake, "--build", build, "--target", "gentle", "--parallel", "2"}, log);
    wall.add((configured.ms() + built.ms()) / 1000);
    cpu.add(configured.cpu_seconds + built.cpu_seconds);
  }
  Table::heading("cold build of the helper, two jobs");
  Table::row("wall time", wall, "s", 20);
  Table::row("CPU time of both cores", cpu, "s", 40);
  return wall.empty() ? options.gentle : build + "/gentle";
}

void print_machine() {
  utsname system{};
  ::uname(&system);
  double load[3] = {0, 0, 0};
  ::getloadavg(load, 3);
  std::printf("%s %s, %ld cores, load %.1f (1 min) %.1f (5 min)\n", system.sysname, system.release,
              ::sysconf(_SC_NPROCESSORS_ONLN), load[0], load[1]);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    if (word == "--gentle") {
      options.gentle = argv[i + 1];
    } else if (word == "--service") {
      options.service = argv[i + 1];
    } else if (word == "--floor") {
      options.floor = argv[i + 1];
    } else if (word == "--only-waits") {
      options.only_waits = argv[i + 1];
    } else if (word == "--cold-build") {
      options.cold_build = argv[i + 1];
    } else if (word == "--repetitions") {
      options.repetitions = std::atoi(argv[i + 1]);
    } else if (word == "--scale") {
      options.scale = static_cast<std::size_t>(std::atoi(argv[i + 1]));
    } else if (word == "--longest-delay") {
      options.longest_delay = std::atof(argv[i + 1]);
    }
  }
  if (options.service.empty() ||
      ((options.floor.empty() || options.only_waits.empty()) && options.scale == 0) ||
      (options.gentle.empty() && options.cold_build.empty()) || options.repetitions < 1) {
    throw std::runtime_error(
        "usage: gentle_bench --service <bench_service> --floor <bench_floor> "
        "--only-waits <bench_only_waits> --gentle <program> | --cold-build <helper/> "
        "[--repetitions <n>] [--longest-delay <seconds>] [--scale <services>]");
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options = parse(argc, argv);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      std::signal(signal, [](int) { interrupted = 1; });
    }
    // As it is in CTest: gentle looks for the one above it, and asks every process up to the first
    // if there is none.
    ::prctl(PR_SET_NAME, "ctest");
    const WorkFolder work;
    print_machine();
    if (options.scale > 0) {
      measure_scale(options, work.path());
      print_machine();
      return 0;
    }
    options.gentle = measure_cold_build(options, work.path());
    measure_start_and_stop(options, work.path());
    measure_run(options, work.path());
    measure_readiness(options, work.path());
    print_machine();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
