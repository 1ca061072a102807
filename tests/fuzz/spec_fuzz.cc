// Whatever the bytes are, parse_spec gives a spec that the rest of the helper can work with, or
// throws Error.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "fuzz.h"
#include "model/spec.h"
#include "model/variables.h"

namespace {

using gentle::fuzz::require;

// A spec that was let through keeps what its struct promises.
void check(const gentle::Spec& spec) {
  require(!spec.name.empty(), "a service has a name");
  require(spec.state_dir.starts_with('/'), "the state folder is absolute");
  require(!spec.command.empty() && !spec.command.front().empty(), "there is a program");
  require(!spec.shell || spec.command.size() == 1, "a shell gets one line");
  require(!spec.ready.empty(), "there is a readiness condition");
  require(spec.start_timeout >= gentle::Duration::zero(), "no wait is negative");
  require(spec.stop_plan.total() >= gentle::Duration::zero(), "the waits can be added up");
}

// Every port of the spec can be given a number, and every text of it can be expanded.
void use(const gentle::Spec& spec) {
  gentle::ServiceAddress address{"127.0.0.1", {}};
  for (const auto* list : {&spec.ports, &spec.listens}) {
    for (const gentle::PortSpec& port : *list) {
      address.ports[port.name] = port.number != 0 ? port.number : 1;
    }
  }
  const gentle::Variables variables = gentle::service_variables(spec, address);
  for (const std::string& argument : spec.command) {
    try {
      gentle::expand(argument, variables, "COMMAND");
    } catch (const gentle::Error& error) {
      require(!error.message().empty(), "an error says something");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const gentle::Spec spec = gentle::parse_spec(gentle::fuzz::text(data, size), "fuzz.spec");
    check(spec);
    use(spec);
  } catch (const gentle::Error& error) {
    require(!error.cause().empty(), "an error has a cause");
  }
  return 0;
}
