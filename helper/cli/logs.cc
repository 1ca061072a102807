#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "cli/build_folder.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "model/service_log.h"
#include "os/file.h"
#include "os/watch.h"
#include "supervise/client.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle logs [options] [<service>...]

Prints what the services of a build folder have written to their standard output
and standard error since their last start.

  -n,--lines <n>  only the last lines of each, 1 to 100000 [all, up to 64 MiB]
  -f,--follow     go on as they write, until Ctrl-C
  --json          for programs: an array of {service, path, lines}
  --build <dir>   the build folder [the current one, or the nearest above it]

Of several services each line starts with its name.
)";

constexpr std::size_t kMostShown = 64UL << 20;

struct LogOptions {
  bool as_json = false;
  bool follow = false;
  int lines = 0;
  std::string build;
  std::vector<std::string> names;
};

LogOptions parse_options(const Arguments& arguments) {
  LogOptions chosen;
  Options options("logs", kHelp);
  options.option("-n,--lines", chosen.lines, 1, 100000);
  options.flag("-f,--follow", chosen.follow);
  options.flag("--json", chosen.as_json);
  options.option("--build", chosen.build);
  options.rest(chosen.names);
  options.parse(arguments);
  return chosen;
}

// A log that is being printed, and how far it has been.
struct Shown {
  std::string prefix;
  std::string path;
  std::uint64_t at = 0;
};

void print_lines(const Shown& shown, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += shown.prefix + line + "\n";
  print(stdout, text);
}

// Whole lines only: the rest of one comes when it is there.
void print_news(Shown& shown) {
  if (file_size(shown.path) < shown.at) shown.at = 0;  // the service was started again
  const Slice slice = read_slice(shown.path, shown.at, kMostShown);
  // After a CR at the end of what is there its LF may come.
  const std::size_t known = slice.text.find_last_not_of('\r') + 1;
  const std::size_t whole = slice.text.find_last_of("\r\n", known == 0 ? 0 : known - 1);
  if (known == 0 || whole == std::string::npos) return;
  print_lines(shown, shown_lines(slice.text.substr(0, whole + 1)));
  shown.at = slice.end - (slice.text.size() - whole - 1);
}

// Until whoever reads a pipe of ours has closed it: there may never be a write that would tell.
void follow(std::vector<Shown>& logs) {
  constexpr int kBackstopMs = 200;
  Watch watch;
  for (;;) {
    // Added each time: a start makes a new file.
    for (const Shown& shown : logs) watch.add_file(shown.path);
    for (Shown& shown : logs) print_news(shown);
    pollfd entries[] = {{watch.fd(), POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
    ::poll(entries, 2, kBackstopMs);
    if ((entries[1].revents & POLLERR) != 0) return;
    watch.drain();
  }
}

}  // namespace

int run_logs(const Arguments& arguments) {
  const LogOptions chosen = parse_options(arguments);
  const auto [services, worst] = find_services(find_build_folder(chosen.build), chosen.names);
  std::vector<ServiceLog> logs;
  std::vector<Shown> shown;
  for (const FoundService& service : services) {
    // It copies what the service has written before it answers.
    if (service.supervised) ask_supervisor(service.state_dir, {Verb::kStatus});
    if (service.state.log.empty()) continue;  // of one whose state cannot be read
    const std::string& path = service.state.log;
    const auto count = static_cast<std::size_t>(chosen.lines);
    std::uint64_t end = 0;  // what is written from here on comes later, and once
    std::vector<std::string> lines;
    if (count > 0) {
      lines = last_lines(path, count, &end);
    } else {
      const Slice slice = read_slice(path, 0, kMostShown);
      lines = shown_lines(slice.text);
      end = slice.end;
    }
    logs.push_back({service.state.service, path, std::move(lines)});
    shown.push_back({services.size() > 1 ? service.state.service + " | " : "", path, end});
  }
  if (chosen.as_json) {
    print(stdout, to_json(logs));
    return worst;
  }
  for (std::size_t i = 0; i < logs.size(); ++i) print_lines(shown[i], logs[i].lines);
  if (chosen.follow) follow(shown);
  return worst;
}

}  // namespace gentle
