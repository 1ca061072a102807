#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kv/http.h"
#include "kv/socket.h"
#include "kv/stats.h"
#include "kv/work_queue.h"

namespace kv {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  int workers = 4;
  std::size_t max_connections = 512;
  std::chrono::milliseconds idle_timeout{15'000};    // between two requests of one connection
  std::chrono::milliseconds request_timeout{5'000};  // from a request's first byte to its last
  std::chrono::milliseconds write_timeout{5'000};
  Limits limits = {};
};

// An HTTP/1.1 server. One thread, the loop, accepts connections and reads from all of them; a
// complete request goes to a pool of workers, which call the handler, write the answer and give the
// connection back. So neither an idle nor a slow client holds a worker. At `max_connections` no
// more are accepted: they wait in the kernel's backlog, and no queue of ours grows without bound.
class Server {
 public:
  using Handler = std::function<Response(const Request&)>;

  // Binds and listens; throws std::runtime_error if it cannot. `handler` is called by all workers
  // at once.
  Server(ServerOptions options, Handler handler, Stats& stats);

  std::uint16_t port() const { return bound_port(listener_.get()); }

  // Serves until `stop_fd` becomes readable, then finishes the requests that have arrived
  // completely, closes all connections, joins the workers and returns.
  void run(int stop_fd);

 private:
  using Clock = std::chrono::steady_clock;

  // Owned by one thread at a time: the loop while it waits for bytes, a worker while it is
  // answered.
  struct Connection {
    Connection(UniqueFd socket, Limits limits, Stats& counters);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    UniqueFd fd;
    RequestParser parser;
    Clock::time_point deadline;
    bool timing_request = false;  // `deadline` is the request's, not the idle connection's
    bool timed_out = false;
    bool draining = false;  // answered for the last time; what still comes is thrown away
    Stats& stats;
  };
  using ConnectionPtr = std::unique_ptr<Connection>;

  // The loop's part.
  void loop(int stop_fd);
  void accept_connections();
  void take_back_answered();
  ConnectionPtr read_from(ConnectionPtr connection);
  ConnectionPtr advance(ConnectionPtr connection);
  void expire();
  Clock::time_point nearest_deadline() const;

  // The workers' part.
  void work();
  void answer(Connection& connection);
  bool write_all(int fd, std::string_view bytes) const;

  const ServerOptions options_;
  const Handler handler_;
  Stats& stats_;
  UniqueFd listener_;
  UniqueFd answered_event_;
  std::atomic<bool> stopping_ = false;
  std::vector<ConnectionPtr> waiting_;  // for bytes; the loop's alone
  WorkQueue<ConnectionPtr> requests_;
  std::mutex answered_mutex_;
  std::vector<ConnectionPtr> answered_;
};

}  // namespace kv
