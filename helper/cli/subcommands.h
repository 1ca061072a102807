// One function a subcommand, each in the file of its name. They take what follows the subcommand's
// name and return the exit code; they throw Error.
#pragma once

#include <string>
#include <vector>

namespace gentle {

using Arguments = std::vector<std::string>;

int run_start(const Arguments& arguments);
int run_stop(const Arguments& arguments);
int run_restart(const Arguments& arguments);
int run_run(const Arguments& arguments);
int run_env(const Arguments& arguments);
int run_status(const Arguments& arguments);
int run_logs(const Arguments& arguments);
int run_down(const Arguments& arguments);
int run_coverage(const Arguments& arguments);
int run_check_attached(const Arguments& arguments);
int run_coverage_combine(const Arguments& arguments);
int run_check_filters(const Arguments& arguments);
int run_check_formats(const Arguments& arguments);
int run_check_regex(const Arguments& arguments);

}  // namespace gentle
