#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/exit_code.h"
#include "cli/declared_services.h"
#include "cli/options.h"
#include "cli/print.h"
#include "cli/subcommands.h"
#include "supervise/client.h"

namespace gentle {
namespace {

constexpr const char* kHelp = R"(usage: gentle env [options] <service>...

Prints what a test of these services gets in its environment, one VAR=value a
line: the variables of the services, and of those that they depend on. All of
them must run. A <service> is a name, or the path of a spec.

  --json           the same, for programs: an object of strings
  --build <dir>    the build folder [the current one, or the nearest above it]
  --config <name>  of a build with several configurations [the only one]

example: env $(gentle env redis) ./redis_tests

exit codes: 0 printed, 1 one of them does not run, 2 no such service
)";

// What it depends on may not run either: what was asked for is named first.
void require_running(const ServiceWords& services, const std::vector<std::string>& specs) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const Spec spec = load_spec(specs[i]).spec;
    const auto state = present_state(spec.state_dir);
    if (state && state->phase != Phase::kStopped) continue;
    throw Error("print variables of", spec.name, "it does not run")
        .hint("gentle start " + services.words[i])
        .exit_code(kExitFailed);
  }
}

Variables variables_of(const std::vector<std::string>& specs) {
  Variables all;
  for (const LoadedSpec& loaded : load_closure(specs)) {
    const State state = require_ready(loaded.spec, loaded.path);
    merge_variables(all, state.variables, state.service);
  }
  return all;
}

}  // namespace

int run_env(const Arguments& arguments) {
  bool as_json = false;
  ServiceWords services;
  Options options("env", kHelp);
  options.flag("--json", as_json);
  add_place_options(options, services);
  options.rest(services.words);
  options.parse(arguments);
  if (services.words.empty()) {
    throw Error("read command line of 'gentle env'", "<service>", "missing")
        .hint("gentle env --help")
        .exit_code(kExitUsage);
  }
  const auto specs = spec_paths(services);
  require_running(services, specs);
  const Variables variables = variables_of(specs);
  std::string lines;
  for (const auto& [name, value] : variables) lines += name + "=" + value + "\n";
  if (as_json)
    lines =
        nlohmann::json(variables).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
        "\n";
  write_as_it_is(stdout, lines);
  return kExitOk;
}

}  // namespace gentle
