#include "probe/late.h"

namespace gentle {
namespace {

class LateProbe : public Probe {
 public:
  LateProbe(std::string condition, std::function<int()> number,
            std::function<std::unique_ptr<Probe>()> make)
      : condition_(std::move(condition)), number_(std::move(number)), make_(std::move(make)) {}

  bool check(TimePoint now) override {
    if (made_for_ != number_()) {
      made_for_ = number_();
      give_up();
      probe_ = made_for_ == 0 ? nullptr : make_();
    }
    return probe_ && probe_->check(now);
  }

  int fd() const override { return probe_ ? probe_->fd() : -1; }
  short events() const override { return probe_ ? probe_->events() : Probe::events(); }
  TimePoint next_check() const override {
    if (made_for_ != number_()) return TimePoint{};
    return probe_ ? probe_->next_check() : kNever;
  }
  bool stays() const override { return probe_ && probe_->stays(); }
  bool is_state() const override { return true; }
  void look_again() override {
    if (probe_) probe_->look_again();
  }
  bool is_looking() const override { return probe_ && probe_->is_looking(); }
  std::string condition() const override { return probe_ ? probe_->condition() : condition_; }
  std::string last_seen() const override {
    return probe_ ? probe_->last_seen() : "its port is not known yet";
  }
  void time_is_up() override {
    if (probe_) probe_->time_is_up();
  }
  std::string doubt() const override { return probe_ ? probe_->doubt() : ""; }
  void give_up() override {
    if (probe_) probe_->give_up();
  }
  void service_stops() override {
    if (probe_) probe_->service_stops();
  }
  void process_ended(int pid, bool is_main, const EndStatus& end) override {
    if (probe_) probe_->process_ended(pid, is_main, end);
  }

 private:
  std::string condition_;
  std::function<int()> number_;
  std::function<std::unique_ptr<Probe>()> make_;
  int made_for_ = 0;
  std::unique_ptr<Probe> probe_;
};

}  // namespace

std::unique_ptr<Probe> make_late_probe(std::string condition, std::function<int()> number,
                                       std::function<std::unique_ptr<Probe>()> make) {
  return std::make_unique<LateProbe>(std::move(condition), std::move(number), std::move(make));
}

}  // namespace gentle
