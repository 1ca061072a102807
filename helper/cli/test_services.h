// The services of one test, for `gentle run`: those that ctest has started, and the fresh instances
// of SCOPE TEST, which are started and stopped here.
#pragma once

#include <poll.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "cli/test_report.h"
#include "model/spec.h"
#include "model/state.h"
#include "supervise/dependencies.h"

namespace gentle {

class TestServices {
 public:
  // Of these specs and all that they depend on. Throws Error if one of them is not there or cannot
  // be started; `starts`: those that do not run are started for the test, too. What is to say of
  // them goes to `report`.
  TestServices(const std::vector<std::string>& specs, bool starts, TestReport& report);
  TestServices(const TestServices&) = delete;
  TestServices& operator=(const TestServices&) = delete;
  ~TestServices() { stop_instances(); }

  Variables variables() const;

  // Ready when a service ends; tell_ended() then says so, once for each.
  void add_poll_entries(std::vector<pollfd>& entries) const;
  void tell_ended();
  bool needs_looks() const;  // there is one whose end no descriptor tells

  // Whether the state folder of each is still there; says of which it is not. Who removes it ends
  // the service, and its stop finds nothing to tell.
  bool have_folders() const;

  // Says what each service has logged since the beginning, and how it is.
  void tell_logs() const;

  // Whether all ends were good; says why not.
  bool stop_instances();

 private:
  explicit TestServices(TestReport& report) : report_(report) {}

  struct Service;
  static bool goes_on(Service& service);

  struct Service {
    Spec spec;
    std::string path;  // of the spec
    State state;
    std::uint64_t log_size;  // before the test
    bool runs;               // not so for a one-shot, and once its end was told
    UniqueFd pidfd;
  };

  void start_instance(const LoadedSpec& loaded);
  void start_for_test(const LoadedSpec& loaded);
  bool stop_instance(const Spec& spec);

  TestReport& report_;
  std::vector<Service> services_;
  std::vector<Spec> instances_;  // and what was started for this test
};

}  // namespace gentle
