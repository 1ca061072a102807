// What the subcommands ask of a supervisor; starts one where there is none.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/control_request.h"
#include "model/spec.h"
#include "model/state.h"
#include "supervise/dependencies.h"

namespace gentle {

struct Reply {
  int exit_code;
  std::string text;  // for people, with a newline at its end
};

// As the supervisor sends it: "<exit code>\n<text>".
std::string to_text(const Reply& reply);

// What a stop tells of it.
Error bad_end_before(const std::string& service, const EarlierEnd& earlier);

// What becomes of a service when the owner that starts it has ended.
enum class AtOwnersEnd { kStop, kLeave };

// Is told what is waited for, a line, when that takes long, and again and again.
using Tell = std::function<void(const std::string& line)>;

// Starts the service, or joins the one that runs, and waits until it is ready. `owner` is the ctest
// on whose behalf; nothing: it stays until somebody stops it.
Reply start_service(const LoadedSpec& loaded, const std::optional<ProcessId>& owner,
                    AtOwnersEnd then = AtOwnersEnd::kStop, const Tell& tell = {});

// Gives it up for `owner`, and waits for its end unless others still use it. Without an owner it is
// stopped whoever uses it. Not running is a pass.
Reply stop_service(const Spec& spec, const std::optional<ProcessId>& owner, const Tell& tell = {});

// The state of the service as load_state() has it; if that is nothing, as its supervisor tells it.
std::optional<State> present_state(const std::string& state_dir);
// As its supervisor tells it; nothing if there is none.
std::optional<State> told_state(const std::string& state_dir);

// The reply; nothing: no supervisor.
std::optional<Reply> ask_supervisor(const std::string& state_dir, const ControlRequest& request);

}  // namespace gentle
