// The services that a build declares, by name: CMake writes <service>.spec for each into
// <build>/CMakeFiles/GentleFixtures, or into a folder there for each configuration.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "supervise/dependencies.h"

namespace gentle {

// The services that a command line means: names, or paths of specs (a word with a '/', or one that
// ends with ".spec").
struct ServiceWords {
  std::vector<std::string> words;
  std::string build;   // --build; "": the current folder, or the nearest above it
  std::string config;  // --config; "": the only one
};

// Adds --build and --config.
void add_place_options(Options& options, ServiceWords& services);

bool is_spec_path(const std::string& word);

class DeclaredServices {
 public:
  // Throws Error: no build folder, an unknown configuration, or several and none is named. Of
  // several the one counts whose services have been started here, if it is the only one.
  DeclaredServices(const std::string& build, const std::string& config);

  // The path of its spec. Throws Error, with the nearest name, for a name that is unknown.
  std::string spec_of(const std::string& name) const;

  // Of SCOPE RUN: those of SCOPE TEST belong to single tests. Throws Error if there is none.
  std::vector<std::string> specs_of_run() const;

  // The specs of all.
  std::vector<std::string> specs() const;

 private:
  std::string folder_;  // of the specs
  std::vector<std::string> names_;
};

// Names become the paths of their specs.
std::vector<std::string> spec_paths(const ServiceWords& services);

// Paths of specs become the names in them.
std::vector<std::string> service_names(std::vector<std::string> words);

// Each once, and behind what it depends on.
void order_by_dependencies(std::vector<LoadedSpec>& services);

// What a start by hand has to start, each dependency before its users. Names bring their
// dependencies along, a path stands for itself alone, and no word for all services of SCOPE RUN.
std::vector<LoadedSpec> chosen_with_dependencies(const ServiceWords& services);

// Just those that the words mean, users before what they depend on. No word: all of SCOPE RUN.
std::vector<LoadedSpec> chosen_users_first(const ServiceWords& services);

// Those of the build that run now and depend on one of `services`, directly or not, users first.
// Nothing is known of what depends on a path.
std::vector<LoadedSpec> running_users(const ServiceWords& services,
                                      const std::vector<LoadedSpec>& used);

}  // namespace gentle
