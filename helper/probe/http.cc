// READY HTTP <url or /path>: the service answers a GET with one of the status codes. The connection
// always goes to the service's own listener on this machine, or, with FOREIGN, to whoever's; the
// URL's host is only sent along. The status decides; the rest of the answer is read beside it, also
// when the service is ready already.
#include "model/http.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "base/unique_fd.h"
#include "probe/http_exchange.h"
#include "probe/kinds.h"
#include "probe/own_listener.h"
#include "probe/pace.h"

namespace gentle {
namespace {

// The URL's, or the service's first one.
int port_of(const HttpTarget& target, const ProbeContext& context) {
  if (target.port != 0) return target.port;
  const auto found = context.variables.find(service_prefix(context.service) + "_PORT");
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
        listener_(port_, context, address_in(target_), ready.foreign),
        events_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!events_) throw errno_error("wait for", "HTTP", errno);
  }

  bool check(TimePoint now) override {
    read_rest(now);
    if (good_) return true;
    if (!current_ && now >= next_ && rest_.size() < kMostRest) begin(now);
    if (current_) go_on(now);
    return good_;
  }

  int fd() const override { return events_.get(); }
  TimePoint next_check() const override {
    TimePoint next = current_ ? current_->next_check() : kNever;
    if (!current_ && !good_ && rest_.size() < kMostRest) next = next_;
    for (const HttpExchange& exchange : rest_) next = std::min(next, exchange.next_check());
    return next;
  }
  bool stays() const override { return !rest_.empty(); }
  void give_up() override {
    good_ = true;  // there is no further try
    if (!current_) return;
    current_->leave(Clock::now());
    rest_.push_back(std::move(*current_));
    current_.reset();
  }
  void service_stops() override {
    for (HttpExchange& exchange : rest_) {
      if (!exchange.is_late()) exchange.leave(Clock::now());
    }
  }

  bool is_state() const override { return true; }
  void look_again() override {
    good_ = false;
    seen_ = kNobody;
    next_ = {};
  }
  bool is_looking() const override { return current_ || listener_.is_looking(); }
  std::string condition() const override {
    return "HTTP port " + std::to_string(port_) + " GET " + target_.path;
  }
  std::string last_seen() const override { return seen_ + listener_.elsewhere(); }
  void time_is_up() override { listener_.look_elsewhere(); }
  std::string doubt() const override { return listener_.doubt(); }

 private:
  static constexpr const char* kNobody = "nobody listens";
  // Of answers that are read though nobody needs them. With more there is no new try.
  static constexpr std::size_t kMostRest = 4;

  void begin(TimePoint now) {
    next_ = pace_.next(now);
    const auto listener = listener_.find(now);
    if (!listener) {
      seen_ = kNobody;
      return;
    }
    address_->host = listener->host;
    current_.emplace(listener->host, port_, http_get_request(target_, port_), now);
    if (current_->fd() < 0) {
      current_.reset();
      return;
    }
    wait_for(*current_, EPOLL_CTL_ADD);
    // How the last try ended tells more than that another one is under way.
    if (seen_ == kNobody) seen_ = "connected, no whole answer yet";
  }

  // Ends the try when the answer is there, right or wrong, or will not come.
  void go_on(TimePoint now) {
    const short waited_for = current_->events();
    try {
      current_->go_on(now);
      if (const auto status = current_->status()) {
        seen_ = "status " + std::to_string(*status);
        good_ = is_accepted(*status);
      } else if (current_->is_late()) {
        seen_ = "no answer within 5 s";
      } else {
        if (current_->events() != waited_for) wait_for(*current_, EPOLL_CTL_MOD);
        return;
      }
      wait_for(*current_, EPOLL_CTL_MOD);
      if (!current_->is_over()) rest_.push_back(std::move(*current_));
    } catch (const Error& error) {
      seen_ = error.cause();
    }
    current_.reset();
    next_ = retry_pace_.next(now);
  }

  // The rest of answers that are right or wrong already.
  void read_rest(TimePoint now) {
    std::erase_if(rest_, [now](HttpExchange& exchange) {
      try {
        exchange.go_on(now);
      } catch (const Error&) {
        return true;  // nobody needs it
      }
      return exchange.is_over();
    });
  }

  void wait_for(const HttpExchange& exchange, int operation) const {
    epoll_event event{};
    event.events = static_cast<std::uint32_t>(exchange.events());  // POLLIN is EPOLLIN
    ::epoll_ctl(events_.get(), operation, exchange.fd(), &event);
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
  UniqueFd events_;                      // of all connections
  std::optional<HttpExchange> current_;  // the try that is under way
  std::vector<HttpExchange> rest_;       // of which only the end is missing
  bool good_ = false;
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
