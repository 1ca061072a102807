#include "probe/http_exchange.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "os/tcp_connect.h"

namespace gentle {
namespace {

// For an answer, and once more for what follows when nobody waits for it any more.
constexpr auto kPatience = std::chrono::seconds(5);
constexpr std::size_t kLongestAnswer = 64UL << 20;
// So that an answer without end leaves time for the rest.
constexpr std::size_t kMostAtOnce = 1 << 20;

}  // namespace

HttpExchange::HttpExchange(const std::string& host, int port, std::string request, TimePoint now)
    : connection_(start_connect(host, port)),
      request_(std::move(request)),
      deadline_(now + kPatience) {}

void HttpExchange::go_on(TimePoint now) {
  if (!sent_) send_request();
  if (sent_) receive();
  if (over_ || now < deadline_) return;
  if (left_) {
    over_ = true;
  } else {
    leave(now);
  }
}

void HttpExchange::send_request() {
  if (::send(connection_.get(), request_.data(), request_.size(), MSG_NOSIGNAL) < 0) {
    if (errno == EAGAIN || errno == ENOTCONN) return;
    throw errno_error("", "", errno);
  }
  sent_ = true;  // a request fits into the empty buffer of a new connection
}

void HttpExchange::receive() {
  char buffer[16384];
  std::size_t total = 0;
  while (total < kMostAtOnce) {
    const ssize_t got = ::recv(connection_.get(), buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) {
      over_ = true;
      if (status()) return;
      if (got < 0) throw errno_error("", "", errno);
      throw Error("", "", "connection closed without an answer");
    }
    response_.take({buffer, static_cast<std::size_t>(got)});
    total += static_cast<std::size_t>(got);
  }
  // Only now: to close a connection of which something is not read is a reset.
  received_ += total;
  over_ = response_.is_complete() || received_ > kLongestAnswer;
}

void HttpExchange::leave(TimePoint now) {
  left_ = true;
  deadline_ = now + kPatience;
  ::shutdown(connection_.get(), SHUT_WR);
}

}  // namespace gentle
