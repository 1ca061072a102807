// The services of a build folder, found from their state files: no spec has to be named.
#pragma once

#include <string>
#include <vector>

#include "model/state.h"

namespace gentle {

// The names of the specs in a folder. coverage.spec, of add_fixture_coverage, is that of no
// service.
std::vector<std::string> services_in(const std::string& folder);

struct FoundService {
  std::string state_dir;
  State state;
  bool supervised = false;   // its supervisor lives; if not, what the state says is history
  bool is_instance = false;  // of SCOPE TEST, for one test
};

// Where CMake writes what a build declares, and `gentle` what it has started.
inline constexpr const char* kDeclared = "/CMakeFiles/GentleFixtures";
inline constexpr const char* kStarted = "/Testing/Fixtures";

// The folder that holds one of these: `given`, or the current one, or the nearest above it. Throws
// Error if there is none.
std::string find_build_folder(const std::string& given);

// The paths in the state are made those of here, though the folder was moved or renamed since.
// All services that were ever started there, by name, and the instances of SCOPE TEST that have not
// ended; or the named ones. Throws Error, with the nearest match, for a name that is none of them.
//
// A folder of another user is told on standard error, and left out. One whose state is damaged and
// where a supervisor may be is there by its name, and is over for nobody.
struct FoundServices {
  std::vector<FoundService> services;
  int worst = 0;  // exit code of what could not be looked at
};
FoundServices find_services(const std::string& build_folder, const std::vector<std::string>& names);

// Nothing of it can run.
bool is_over(const FoundService& service);

// What it is, for people and programs: the name of its outcome once it has ended, else of its
// phase; "lost" if its supervisor is gone without having stopped it.
std::string condition_of(const FoundService& service);

}  // namespace gentle
