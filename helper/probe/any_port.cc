// PORTS <port>=ANY: the service binds port 0, and so the kernel chooses the number. Finds it: of
// all that began to listen since the start, what the service holds.
//
// A debugger or a console that the service opens as well (node --inspect: 9229) has a number of its
// own, outside the range from which the kernel chooses; in it, of several nobody can tell which is
// meant, and none is taken.
#include <set>

#include "os/free_port.h"
#include "os/tcp_listener.h"
#include "probe/elsewhere.h"
#include "probe/kinds.h"
#include "probe/pace.h"

namespace gentle {
namespace {

std::string listed(const std::set<int>& ports) {
  std::string text;
  std::size_t left = ports.size();
  for (const int port : ports) {
    text += (text.empty() ? "" : left == 1 ? " and " : ", ") + std::to_string(port);
    --left;
  }
  return text;
}

class AnyPortProbe : public Probe {
 public:
  AnyPortProbe(std::string name, const ProbeContext& context)
      : name_(std::move(name)), context_(context), range_(ephemeral_range()) {
    for (const auto& [port, listener] : all_tcp_listeners()) before_.insert(listener.inode);
  }

  bool check(TimePoint now) override {
    next_ = pace_.next(now);
    context_.address->ports[name_] = 0;
    look();
    if (chosen_.size() != 1) return false;
    const int port = *chosen_.begin();
    // Of a listener for IPv4 and IPv6 only this tells that it is reached by both.
    const auto listener = find_tcp_listener(port);
    if (!listener || held_by_service(*listener) == Holds::kNo) return false;
    context_.address->host = listener->host;
    context_.address->ports[name_] = port;
    return true;
  }

  TimePoint next_check() const override { return next_; }
  bool is_state() const override { return true; }
  std::string condition() const override { return "TCP port of its own choice (" + name_ + ")"; }

  std::string last_seen() const override {
    if (chosen_.size() > 1) {
      return "it listens on the ports " + listed(chosen_) +
             "; which is meant? Name the others, with a number: PORTS " + name_ +
             "=ANY other=<number>";
    }
    if (!outside_.empty()) {
      return "it listens on port " + listed(outside_) + ", which is not of the kernel's choice (" +
             std::to_string(range_.first) + " to " + std::to_string(range_.last) +
             "); does COMMAND let it bind port 0?";
    }
    return "nobody listens" + elsewhere_;
  }
  void time_is_up() override {
    if (chosen_.empty()) elsewhere_ = tcp_elsewhere(0, {}, context_);
  }
  std::string doubt() const override { return doubt_; }

 private:
  Holds held_by_service(const TcpListener& listener) const {
    const Holds held = any_holds(context_.leading_pids(), listener);
    return held == Holds::kYes ? held : any_holds(context_.service_pids(), listener);
  }

  bool is_other_port(int port) const {
    for (const auto& [name, number] : context_.address->ports) {
      if (number == port && name != name_) return true;
    }
    return false;
  }

  void look() {
    chosen_.clear();
    outside_.clear();
    doubt_.clear();
    for (const auto& [port, listener] : all_tcp_listeners()) {
      if (before_.contains(listener.inode) || is_other_port(port)) continue;
      const Holds held = held_by_service(listener);
      if (held == Holds::kNo) continue;
      if (held == Holds::kUnknown) {
        doubt_ = "cannot verify that the service listens on port " + std::to_string(port) +
                 ": its descriptors may not be read, so the listener's user decides";
      }
      const bool is_chosen = port >= range_.first && port <= range_.last;
      (is_chosen ? chosen_ : outside_).insert(port);
    }
  }

  std::string name_;
  ProbeContext context_;
  PortRange range_;
  std::set<std::uint64_t> before_;  // inodes of those who listened before the start
  std::set<int> chosen_;
  std::set<int> outside_;
  std::string doubt_;
  std::string elsewhere_;
  // A look costs six times as much as one at a single port: all listeners are asked for.
  Pace pace_{std::chrono::microseconds(500), std::chrono::milliseconds(4)};
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_any_port_probe(const ReadySpec& ready, const ProbeContext& context) {
  return std::make_unique<AnyPortProbe>(ready.args.at(0), context);
}

}  // namespace gentle
