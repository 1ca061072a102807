#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/printable.h"
#include "base/shown_lines.h"
#include "cli/build_folder.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "model/service_log.h"
#include "os/file.h"
#include "os/log_file.h"
#include "os/watch.h"
#include "supervise/client.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle logs [options] [<service>...]

Prints what the services of a build folder have written to their standard output
and standard error since their last start.

  -n,--lines <n>  only the last lines of each, 1 to 100000 [all]
  -f,--follow     go on as they write, until Ctrl-C
  --json          for programs: an array of {service, path, lines}
  --build <dir>   the build folder [the current one, or the nearest above it]

Of several services each line starts with its name.
)";

// However large a log is, so much of it is held in memory.
constexpr std::size_t kReadAtOnce = 256U << 10;
// With -n, lines are cut after so many bytes.
constexpr std::size_t kLongestLine = 4096;

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

// Hands on what there is from `from` to `until`, and returns where that ends: text that is written
// meanwhile may have taken the place of some of it.
std::uint64_t take_log(const LogReader& log, std::uint64_t from, std::uint64_t until,
                       ShownLines& shown) {
  while (from < until) {
    const auto most = std::min<std::uint64_t>(kReadAtOnce, until - from);
    const LogReader::Part part = log.read(from, static_cast<std::size_t>(most));
    if (part.left_out > 0) {
      shown.finish();
      shown.take(left_out_line(part.left_out) + "\n");
    }
    if (part.end == from) break;
    shown.take(part.text);
    from = part.end;
  }
  return from;
}

// Where the last `count` lines begin that end at `end`, and how many lines before them come along.
struct Begin {
  std::uint64_t from = 0;
  std::size_t lines_before = 0;
};
Begin begin_of_last(const LogReader& log, std::uint64_t end, std::size_t count) {
  Begin begin;
  if (end > count * kLongestLine) begin.from = end - count * kLongestLine;
  std::size_t lines = 0;
  ShownLines counted([&](std::string_view, bool ends) { lines += ends ? 1 : 0; });
  take_log(log, begin.from, end, counted);
  counted.finish();
  if (lines > count) begin.lines_before = lines - count;
  return begin;
}

// All that is there, or its last lines. Returns where that ends: what is written from here on comes
// later, and once.
std::uint64_t hand_on(const std::string& path, std::size_t last, const ShownLines::Sink& sink) {
  const LogReader log(path);
  const std::uint64_t end = log.end();
  Begin begin = last > 0 ? begin_of_last(log, end, last) : Begin{};
  const auto after = [&](std::string_view piece, bool ends) {
    if (begin.lines_before == 0) {
      sink(piece, ends);
    } else if (ends) {
      --begin.lines_before;
    }
  };
  ShownLines shown(after, last > 0 ? kLongestLine : std::string::npos);
  const std::uint64_t shown_end = take_log(log, begin.from, end, shown);
  shown.finish();
  return shown_end;
}

// What is printed has been made printable.
void put(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

// A log that is being printed, and how far it has been.
class Shown {
 public:
  Shown(const FoundService& service, bool with_name)
      : path_(service.state.log),
        prefix_(with_name ? printable(service.state.service) + " | " : ""),
        news_([this](std::string_view piece, bool ends) { print_piece(piece, ends); }) {}

  const std::string& path() const { return path_; }

  void print_present(std::size_t last) {
    at_ = hand_on(path_, last,
                  [this](std::string_view piece, bool ends) { print_piece(piece, ends); });
    std::fflush(stdout);
  }

  // Whole lines only, or long pieces: the rest of one comes when it is there.
  void print_news() {
    const LogReader log(path_);
    const std::uint64_t end = log.end();
    if (end < at_) {  // the service was started again
      news_.finish();
      at_ = 0;
    }
    at_ = take_log(log, at_, end, news_);
    std::fflush(stdout);
  }

 private:
  // Of several services each piece of a long line is a line: another's may come between them.
  void print_piece(std::string_view piece, bool ends) const {
    put(prefix_);
    put(piece);
    if (ends || !prefix_.empty()) put("\n");
  }

  std::string path_;
  std::string prefix_;
  std::uint64_t at_ = 0;
  ShownLines news_;
};

// Until whoever reads a pipe of ours has closed it: there may never be a write that would tell.
void follow(const std::vector<std::unique_ptr<Shown>>& logs) {
  constexpr int kBackstopMs = 200;
  Watch watch;
  for (;;) {
    // Added each time: a start makes a new file.
    for (const auto& shown : logs) watch.add_file(shown->path());
    for (const auto& shown : logs) shown->print_news();
    pollfd entries[] = {{watch.fd(), POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
    ::poll(entries, 2, kBackstopMs);
    if ((entries[1].revents & POLLERR) != 0) return;
    watch.drain();
  }
}

void print_json(const std::vector<FoundService>& services, std::size_t last) {
  ServiceLogsJson json(put);
  for (const FoundService& service : services) {
    json.begin_log(service.state.service, service.state.log);
    hand_on(service.state.log, last,
            [&](std::string_view piece, bool ends) { json.add(piece, ends); });
    json.end_log();
  }
  json.end();
}

}  // namespace

int run_logs(const Arguments& arguments) {
  const LogOptions chosen = parse_options(arguments);
  auto [services, worst] =
      find_services(find_build_folder(chosen.build), service_names(chosen.names));
  const bool several = services.size() > 1;
  std::erase_if(services, [](const FoundService& service) {
    // It copies what the service has written before it answers.
    if (service.supervised) ask_supervisor(service.state_dir, {Verb::kStatus});
    return service.state.log.empty();  // its state cannot be read
  });
  const auto last = static_cast<std::size_t>(chosen.lines);
  if (chosen.as_json) {
    print_json(services, last);
    return worst;
  }
  std::vector<std::unique_ptr<Shown>> logs;
  for (const FoundService& service : services) {
    if (!file_exists(service.state.log)) {
      print(stderr, "gentle: warning: service '" + service.state.service +
                        "': its log was removed, '" + service.state.log + "', continuing\n");
    }
    logs.push_back(std::make_unique<Shown>(service, several));
    logs.back()->print_present(last);
  }
  if (chosen.follow) follow(logs);
  return worst;
}

}  // namespace gentle
