// READY TCP <port>: the service itself, or, with FOREIGN, anybody, listens on the port. Nothing
// connects to who is seen to listen, so that the service sees no stray client.
#include "probe/kinds.h"
#include "probe/own_listener.h"
#include "probe/pace.h"

namespace gentle {
namespace {

class TcpProbe : public Probe {
 public:
  TcpProbe(std::string name, bool foreign, const ProbeContext& context)
      : name_(std::move(name)),
        port_(context.address->ports.at(name_)),
        address_(context.address),
        listener_(port_, context, {}, foreign) {}

  bool check(TimePoint now) override {
    next_ = pace_.next(now);
    const auto listener = listener_.find(now);
    if (listener) address_->host = listener->host;
    return listener.has_value();
  }

  TimePoint next_check() const override { return next_; }
  bool is_state() const override { return true; }
  bool is_looking() const override { return listener_.is_looking(); }
  std::string condition() const override {
    return "TCP port " + std::to_string(port_) + " (" + name_ + ")";
  }
  std::string last_seen() const override { return "nobody listens" + listener_.elsewhere(); }
  void time_is_up() override { listener_.look_elsewhere(); }
  std::string doubt() const override { return listener_.doubt(); }

 private:
  std::string name_;
  int port_;
  ServiceAddress* address_;
  OwnListener listener_;
  Pace pace_ = quick_pace();
  TimePoint next_{};
};

}  // namespace

std::unique_ptr<Probe> make_tcp_probe(const ReadySpec& ready, const ProbeContext& context) {
  const std::string& name = ready.args.at(0);
  if (context.address->ports.at(name) == 0) return make_any_port_probe(ready, context);
  return std::make_unique<TcpProbe>(name, ready.foreign, context);
}

}  // namespace gentle
