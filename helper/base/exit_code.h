// The exit codes of the helper, as documented in docs/reference.
#pragma once

namespace gentle {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;        // the service or the report is not as it should be
inline constexpr int kExitUsage = 2;         // the command line is wrong
inline constexpr int kExitSkipped = 77;      // a service that is needed was disabled or skipped
inline constexpr int kExitOwnFailure = 125;  // as env(1), timeout(1): the helper itself failed
inline constexpr int kExitNotExecutable = 126;
inline constexpr int kExitNotFound = 127;

}  // namespace gentle
