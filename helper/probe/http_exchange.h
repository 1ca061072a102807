// One GET over one connection, from the connect to the end of the answer.
//
// A small server writes its answer in pieces and does not think of SIGPIPE; a larger one logs a
// BrokenPipe. So an answer is read to its end before the connection is closed, whatever it says and
// whoever still needs it; but not for ever, since some have no end (Server-Sent Events).
#pragma once

#include <poll.h>

#include <optional>
#include <string>

#include "base/deadline.h"
#include "base/unique_fd.h"
#include "model/http.h"

namespace gentle {

class HttpExchange {
 public:
  // `host`: "127.0.0.1" or "::1".
  HttpExchange(const std::string& host, int port, std::string request, TimePoint now);

  // -1: the connection could not even be begun.
  int fd() const { return connection_.get(); }
  // What is waited for: POLLOUT until the request is sent, then POLLIN.
  short events() const { return sent_ ? POLLIN : POLLOUT; }
  TimePoint next_check() const { return deadline_; }

  // Goes on without blocking. Throws Error if there will be no answer.
  void go_on(TimePoint now);

  std::optional<int> status() const { return response_.status(); }
  // It has had all the time that an answer may take.
  bool is_late() const { return left_; }
  // The connection may be closed: the answer is complete, or has no end.
  bool is_over() const { return over_; }
  // Nobody waits for more of it. The server is told so (half of the connection is closed), and may
  // still write what it has begun.
  void leave(TimePoint now);

 private:
  void send_request();
  void receive();

  UniqueFd connection_;
  std::string request_;
  HttpResponse response_;
  TimePoint deadline_;
  std::size_t received_ = 0;
  bool sent_ = false;
  bool left_ = false;
  bool over_ = false;
};

}  // namespace gentle
