// The command line of the key-value server. See kv/api.h for what it serves.

#include <getopt.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <string_view>

#include "kv/api.h"
#include "kv/redis_store.h"
#include "kv/server.h"

namespace {

constexpr int kAnHour = 3'600'000;  // in milliseconds

constexpr std::string_view kUsage =
    "Usage: server [options] <port>\n"
    "\n"
    "A key-value store over HTTP/1.1 that keeps its data in redis. Ends cleanly on SIGINT and "
    "SIGTERM.\n"
    "\n"
    "  --bind <address>           listen on this IPv4 or IPv6 address [127.0.0.1]\n"
    "  --workers <n>              answer so many requests at once [4]\n"
    "  --max-connections <n>      accept so many connections at once [512]\n"
    "  --idle-timeout <ms>        close a connection that sends nothing for so long [15000]\n"
    "  --request-timeout <ms>     give up on a request that takes longer to arrive [5000]\n"
    "  --store-timeout <ms>       give up on redis when it does not answer for so long [2000]\n"
    "  --help                     show this and exit\n"
    "\n"
    "Environment:\n"
    "  DB_HOST, DB_PORT           where redis listens [127.0.0.1, 6379]\n";

struct Arguments {
  kv::ServerOptions server;
  std::chrono::milliseconds store_timeout{2'000};
  std::string db_host = "127.0.0.1";
  std::uint16_t db_port = 6379;
};

struct BadUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

int parse_number(std::string_view what, std::string_view text, int least, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most) {
    throw BadUsage(std::string(what) + " '" + std::string(text) + "': not a whole number from " +
                   std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

// Nothing if only help was asked for.
std::optional<Arguments> parse_arguments(int argc, char** argv) {
  enum Option {
    kBind,
    kWorkers,
    kMaxConnections,
    kIdleTimeout,
    kRequestTimeout,
    kStoreTimeout,
    kHelp
  };
  const option options[] = {{"bind", required_argument, nullptr, kBind},
                            {"workers", required_argument, nullptr, kWorkers},
                            {"max-connections", required_argument, nullptr, kMaxConnections},
                            {"idle-timeout", required_argument, nullptr, kIdleTimeout},
                            {"request-timeout", required_argument, nullptr, kRequestTimeout},
                            {"store-timeout", required_argument, nullptr, kStoreTimeout},
                            {"help", no_argument, nullptr, kHelp},
                            {}};
  Arguments arguments;
  opterr = 0;
  for (int index = 0, found = 0; (found = getopt_long(argc, argv, "", options, &index)) != -1;) {
    const auto number = [&](int least, int most) {
      return parse_number(options[index].name, optarg, least, most);
    };
    switch (found) {
      case kBind:
        arguments.server.address = optarg;
        break;
      case kWorkers:
        arguments.server.workers = number(1, 1'000);
        break;
      case kMaxConnections:
        arguments.server.max_connections = static_cast<std::size_t>(number(1, 100'000));
        break;
      case kIdleTimeout:
        arguments.server.idle_timeout = std::chrono::milliseconds(number(1, kAnHour));
        break;
      case kRequestTimeout:
        arguments.server.request_timeout = std::chrono::milliseconds(number(1, kAnHour));
        break;
      case kStoreTimeout:
        arguments.store_timeout = std::chrono::milliseconds(number(1, kAnHour));
        break;
      case kHelp:
        return std::nullopt;
      default:
        throw BadUsage("unknown or incomplete option '" + std::string(argv[optind - 1]) + "'");
    }
  }
  if (optind + 1 != argc) throw BadUsage("one port is needed");
  arguments.server.port = static_cast<std::uint16_t>(parse_number("port", argv[optind], 0, 65'535));
  if (const char* const host = std::getenv("DB_HOST")) arguments.db_host = host;
  if (const char* const port = std::getenv("DB_PORT")) {
    arguments.db_port = static_cast<std::uint16_t>(parse_number("DB_PORT", port, 1, 65'535));
  }
  return arguments;
}

// A descriptor that becomes readable when we are asked to stop. Has to come before the first
// thread: threads inherit the mask, and a signal that any of them left open would end the process
// at once.
kv::UniqueFd watch_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  kv::UniqueFd fd(signalfd(-1, &signals, SFD_CLOEXEC));
  if (fd.get() < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
  return fd;
}

void serve(const Arguments& arguments) {
  // hiredis writes without MSG_NOSIGNAL: a redis that went away must not take us along.
  std::signal(SIGPIPE, SIG_IGN);
  const kv::UniqueFd stop = watch_stop_signals();

  kv::Stats stats;
  kv::RedisStore store(arguments.db_host, arguments.db_port, arguments.store_timeout);
  kv::Api api(store, stats);
  kv::Server server(
      arguments.server, [&](const kv::Request& request) { return api.handle(request); }, stats);

  std::cerr << "server: listening on " << arguments.server.address << ":" << server.port()
            << ", redis at " << arguments.db_host << ":" << arguments.db_port << std::endl;
  server.run(stop.get());

  signalfd_siginfo signal{};
  const bool known = read(stop.get(), &signal, sizeof signal) == sizeof signal;
  std::cerr << "server: stopped by "
            << (known ? strsignal(static_cast<int>(signal.ssi_signo)) : "a signal") << " after "
            << stats.connections_accepted << " connections" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::optional<Arguments> arguments = parse_arguments(argc, argv);
    if (!arguments) {
      std::cout << kUsage;
      return 0;
    }
    serve(*arguments);
    return 0;
  } catch (const BadUsage& error) {
    std::cerr << "server: error: " << error.what() << "\n\n" << kUsage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "server: error: " << error.what() << '\n';
    return 1;
  }
}
