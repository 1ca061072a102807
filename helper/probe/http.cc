// READY HTTP <url or /path>: the service answers a GET with one of the status codes. The connection
// always goes to the service's own listener on this machine, or, with FOREIGN, to whoever's; the
// URL's host is only sent along.
#include "model/http.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "base/unique_fd.h"
#include "os/tcp_connect.h"
#include "probe/kinds.h"
#include "probe/own_listener.h"
#include "probe/pace.h"

namespace gentle {
namespace {

// The URL's, or the service's first one.
int port_of(const HttpTarget& target, const ProbeContext& context) {
  if (target.port != 0) return target.port;
  const auto found = context.variables.find(variable_prefix(context.service) + "_PORT");
  if (found != context.variables.end()) return std::stoi(found->second);
  throw Error("read URL", target.path, "the service has no port")
      .hint("give it PORTS <name>, or give READY HTTP a whole URL");
}

// A URL with an address means this one; a name, such as localhost, is both.
std::string_view address_in(const HttpTarget& target) {
  if (target.host == "127.0.0.1") return "127.0.0.1";
  return target.host == "[::1]" ? "::1" : "";
}

class HttpProbe : public Probe {
 public:
  HttpProbe(const ReadySpec& ready, const ProbeContext& context)
      : target_(parse_http_target(ready.args.at(0))),
        statuses_(ready.statuses),
        port_(port_of(target_, context)),
        address_(context.address),
        listener_(port_, context, address_in(target_), ready.foreign) {}

  bool check(TimePoint now) override {
    if (!connection_) begin(now);
    if (connection_ && go_on(now)) return true;
    return false;
  }

  int fd() const override { return connection_.get(); }
  short events() const override { return sent_ ? POLLIN : POLLOUT; }
  TimePoint next_check() const override { return next_; }
  bool is_state() const override { return true; }
  void look_again() override {
    connection_.reset();
    seen_ = kNobody;
    next_ = {};
  }
  bool is_looking() const override { return connection_ || listener_.is_looking(); }
  std::string condition() const override {
    return "HTTP port " + std::to_string(port_) + " GET " + target_.path;
  }
  std::string last_seen() const override { return seen_ + listener_.elsewhere(); }
  void time_is_up() override { listener_.look_elsewhere(); }
  std::string doubt() const override { return listener_.doubt(); }

 private:
  static constexpr auto kOneTry = std::chrono::seconds(5);
  static constexpr const char* kNobody = "nobody listens";

  void begin(TimePoint now) {
    next_ = pace_.next(now);
    const auto listener = listener_.find(now);
    if (!listener) {
      seen_ = kNobody;
      return;
    }
    address_->host = listener->host;
    connection_ = start_connect(listener->host, port_);
    sent_ = false;
    response_.clear();
    if (!connection_) return;
    // How the last try ended tells more than that another one is under way.
    if (seen_ == kNobody) seen_ = "connected, no whole answer yet";
    next_ = now + kOneTry;
  }

  // Whether the answer is there and right. Ends the try if it is there and wrong.
  bool go_on(TimePoint now) {
    try {
      if (now >= next_) throw Error("", "", "no answer within 5 s");
      if (!sent_ && !send_request()) return false;
      if (const auto status = receive_status()) {
        seen_ = "status " + std::to_string(*status);
        if (is_accepted(*status)) return true;
        end_try(now);
      }
    } catch (const Error& error) {
      seen_ = error.cause();
      end_try(now);
    }
    return false;
  }

  void end_try(TimePoint now) {
    connection_.reset();
    next_ = retry_pace_.next(now);
  }

  bool send_request() {
    const std::string request = http_get_request(target_, port_);
    if (::send(connection_.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
      if (errno == EAGAIN || errno == ENOTCONN) return false;
      throw errno_error("", "", errno);
    }
    sent_ = true;  // a request fits into the empty buffer of a new connection
    return true;
  }

  std::optional<int> receive_status() {
    char buffer[1024];
    const ssize_t got = ::recv(connection_.get(), buffer, sizeof buffer, 0);
    if (got < 0 && errno == EAGAIN) return std::nullopt;
    if (got < 0) throw errno_error("", "", errno);
    if (got == 0) throw Error("", "", "connection closed without an answer");
    response_.append(buffer, static_cast<std::size_t>(got));
    return parse_http_status(response_);
  }

  bool is_accepted(int status) const {
    if (statuses_.empty()) return status >= 200 && status < 400;
    return std::find(statuses_.begin(), statuses_.end(), status) != statuses_.end();
  }

  HttpTarget target_;
  std::vector<int> statuses_;
  int port_;
  ServiceAddress* address_;
  OwnListener listener_;
  UniqueFd connection_;  // of the try that is under way
  bool sent_ = false;
  std::string response_;
  std::string seen_ = kNobody;
  Pace pace_ = quick_pace();
  // A request costs the service something, and stands in its log.
  Pace retry_pace_{std::chrono::milliseconds(2), std::chrono::milliseconds(50), 20};
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_http_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<HttpProbe>(ready, context);
}

}  // namespace gentle
