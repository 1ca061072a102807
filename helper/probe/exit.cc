// READY EXIT: a one-shot, such as a migration. Ready when it has ended well; whether it did is the
// supervisor's decision, by EXIT_CODES.
#include "probe/kinds.h"

namespace gentle {
namespace {

class ExitProbe : public Probe {
 public:
  bool check(TimePoint) override { return ended_; }
  TimePoint next_check() const override { return ended_ ? TimePoint{} : kNever; }
  std::string condition() const override { return "its exit"; }
  std::string last_seen() const override { return "still running"; }
  void process_ended(int, bool is_main, const EndStatus&) override { ended_ = ended_ || is_main; }

 private:
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Probe> make_exit_probe(const ReadySpec&, const ProbeContext&) {
  return std::make_unique<ExitProbe>();
}

}  // namespace gentle
