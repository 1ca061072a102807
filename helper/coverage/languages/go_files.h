// Where Go's coverage is kept: one folder for all processes of a build, since the runtime knows no
// place for a pid in GOCOVERDIR. The names of the files tell the processes apart, and `go tool
// covdata` reads the folder as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.h"

namespace gentle {

// Below the coverage folder of the build.
inline constexpr const char* kGoFolder = "/go";

// Has Go programs write there. A GOCOVERDIR of the user's own stays.
void add_go_folder(Environment& environment, const std::string& go_folder);

// They write only if the folder is there when they begin, and complain otherwise. Does nothing if
// it cannot make it: then the counts of each process are read from its memory.
void make_go_folder(const std::string& go_folder);

// What the name of a file tells, "covcounters.<hash>.<pid>.<time>"; nothing: it is another file.
struct GoCounterName {
  std::string hash;  // 32 hexadecimal digits
  int pid = 0;
  std::int64_t time = 0;  // nanoseconds since 1970
};
std::optional<GoCounterName> parse_go_counter_name(const std::string& name);

// The files in the folder that a process has written since then, the oldest first. `hash`: 16
// bytes, of these meta-data only; "": of any.
std::vector<std::string> go_counter_files(const std::string& folder, const std::string& hash,
                                          int pid, std::int64_t since);

// Now, as in the names of such files.
std::int64_t go_time();

}  // namespace gentle
