#include "kv/server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

namespace kv {
namespace {

constexpr std::chrono::milliseconds kDrainTimeout{1'000};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// poll()'s time-out; rounded up, so that a deadline has passed when it returns.
int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

// Out of descriptors, accept() fails while the listener stays readable: the loop would spin. Rather
// not start.
void check_descriptor_limit(const ServerOptions& options) {
  const std::size_t others =
      2 * static_cast<std::size_t>(options.workers) + 16;  // workers talk to a store
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < options.max_connections + others) {
    throw std::runtime_error("cannot serve " + std::to_string(options.max_connections) +
                             " connections: only " + std::to_string(limit.rlim_cur) +
                             " open files are allowed (ulimit -n)");
  }
}

}  // namespace

Server::Connection::Connection(UniqueFd socket, Limits limits, Stats& counters)
    : fd(std::move(socket)), parser(limits), stats(counters) {
  ++stats.connections_accepted;
  ++stats.connections_open;
}

Server::Connection::~Connection() { --stats.connections_open; }

Server::Server(ServerOptions options, Handler handler, Stats& stats)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      stats_(stats),
      listener_(listen_tcp(options_.address, options_.port)),
      answered_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  check_descriptor_limit(options_);
  if (answered_event_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Server::run(int stop_fd) {
  std::vector<std::thread> workers;
  workers.reserve(static_cast<std::size_t>(options_.workers));
  for (int i = 0; i < options_.workers; ++i) workers.emplace_back([this] { work(); });

  loop(stop_fd);

  listener_.reset();
  waiting_.clear();
  stopping_ = true;
  requests_.close();
  for (std::thread& worker : workers) worker.join();
  answered_.clear();
}

void Server::loop(int stop_fd) {
  while (true) {
    const bool full = stats_.connections_open >= options_.max_connections;
    std::vector<pollfd> polled = {{stop_fd, POLLIN, 0},
                                  {answered_event_.get(), POLLIN, 0},
                                  {full ? -1 : listener_.get(), POLLIN, 0}};
    const std::size_t first_connection = polled.size();
    for (const ConnectionPtr& connection : waiting_) {
      polled.push_back({connection->fd.get(), POLLIN, 0});
    }

    if (poll(polled.data(), polled.size(), milliseconds_until(nearest_deadline())) < 0 &&
        errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (polled[0].revents != 0) return;

    std::vector<ConnectionPtr> polled_connections = std::exchange(waiting_, {});
    for (std::size_t i = 0; i < polled_connections.size(); ++i) {
      ConnectionPtr connection = std::move(polled_connections[i]);
      if (polled[first_connection + i].revents != 0) connection = read_from(std::move(connection));
      if (connection != nullptr) waiting_.push_back(std::move(connection));
    }
    if (polled[1].revents != 0) take_back_answered();
    if (polled[2].revents != 0) accept_connections();
    expire();
  }
}

void Server::accept_connections() {
  while (stats_.connections_open < options_.max_connections) {
    UniqueFd fd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    // EAGAIN: no more for now. Anything else is the fault of that one client, or will be retried.
    if (fd.get() < 0) return;
    auto connection = std::make_unique<Connection>(std::move(fd), options_.limits, stats_);
    connection->deadline = Clock::now() + options_.idle_timeout;
    waiting_.push_back(std::move(connection));
  }
}

void Server::take_back_answered() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t ignored = read(answered_event_.get(), &count, sizeof count);
  std::vector<ConnectionPtr> answered;
  {
    const std::lock_guard lock(answered_mutex_);
    answered.swap(answered_);
  }
  for (ConnectionPtr& connection : answered) {
    connection->timing_request = false;
    connection->deadline =
        Clock::now() + (connection->draining ? kDrainTimeout : options_.idle_timeout);
    // A pipelining client has sent its next request already.
    connection = advance(std::move(connection));
    if (connection != nullptr) waiting_.push_back(std::move(connection));
  }
}

// Returns the connection if it has to wait for more bytes.
Server::ConnectionPtr Server::read_from(ConnectionPtr connection) {
  std::array<char, 64 * 1024> buffer;
  const ssize_t size = recv(connection->fd.get(), buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return connection;
  if (size <= 0) return nullptr;
  if (connection->draining) return connection;
  connection->parser.feed({buffer.data(), static_cast<std::size_t>(size)});
  return advance(std::move(connection));
}

// Passes a connection with a complete (or hopeless) request to the workers; returns any other.
Server::ConnectionPtr Server::advance(ConnectionPtr connection) {
  if (connection->draining) return connection;
  if (connection->parser.state() != RequestParser::State::kNeedsMore) {
    requests_.push(std::move(connection));
    return nullptr;
  }
  if (!connection->parser.idle() && !connection->timing_request) {
    connection->timing_request = true;
    connection->deadline = Clock::now() + options_.request_timeout;
  }
  if (connection->parser.take_expectation()) {
    // Into an empty send buffer. A client that does not get it sends its body a little later all
    // the same.
    [[maybe_unused]] const ssize_t ignored =
        send(connection->fd.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  return connection;
}

// A request that does not end is answered with 408; an idle connection is closed.
void Server::expire() {
  const auto now = Clock::now();
  for (ConnectionPtr& connection : waiting_) {
    if (connection->deadline > now) continue;
    if (connection->timing_request) {
      connection->timed_out = true;
      requests_.push(std::move(connection));
    }
    connection.reset();
  }
  std::erase(waiting_, nullptr);
}

Server::Clock::time_point Server::nearest_deadline() const {
  auto nearest = Clock::now() + std::chrono::hours(1);
  for (const ConnectionPtr& connection : waiting_)
    nearest = std::min(nearest, connection->deadline);
  return nearest;
}

void Server::work() {
  while (std::optional<ConnectionPtr> connection = requests_.pop()) {
    answer(**connection);
    {
      const std::lock_guard lock(answered_mutex_);
      answered_.push_back(std::move(*connection));
    }
    eventfd_write(answered_event_.get(), 1);
  }
}

void Server::answer(Connection& connection) {
  Response response;
  bool head_only = false;
  bool keep_alive = false;
  if (connection.timed_out) {
    response = error_response(408, "the request did not arrive in time");
  } else if (connection.parser.state() == RequestParser::State::kFailed) {
    response = connection.parser.failure();
  } else {
    const Request request = connection.parser.take_request();
    head_only = request.method == "HEAD";
    keep_alive = request.keep_alive && !stopping_;
    try {
      response = handler_(request);
    } catch (const std::exception& error) {
      response = error_response(500, error.what());
    }
  }
  stats_.count_response(response.status);
  if (!write_all(connection.fd.get(), serialize(response, head_only, keep_alive)) || !keep_alive) {
    // Closing a socket with unread bytes in it sends a reset, which can take our answer away from a
    // client that is still sending. So: say that we are done, and read on for a moment.
    shutdown(connection.fd.get(), SHUT_WR);
    connection.draining = true;
  }
}

bool Server::write_all(int fd, std::string_view bytes) const {
  const auto deadline = Clock::now() + options_.write_timeout;
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    pollfd writable{fd, POLLOUT, 0};
    if (poll(&writable, 1, milliseconds_until(deadline)) == 0) return false;
  }
  return true;
}

}  // namespace kv
