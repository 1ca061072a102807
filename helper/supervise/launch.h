// Everything that a service gets before it runs: ports, variables, environment, folders, probes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/environment.h"
#include "model/spec.h"
#include "model/variables.h"
#include "os/free_port.h"
#include "os/log_file.h"
#include "probe/probe.h"

namespace gentle {

struct Launch {
  Spec spec;  // no @NAME@ any more, but for EXPORT, and for conditions that are made late
  ServiceAddress address;
  std::vector<PortLease> leases;  // held as long as the service lives
  Variables known;                // the service's own and its dependencies'
  Environment environment;
  LogWriter log;
  std::string program;             // its file; "": found on PATH
  std::vector<std::string> files;  // the program, and the files that its arguments name
  std::string files_version;
};

// Takes the ports, makes the folders, empties log and scratch folder. Throws Error; what was taken
// is given back then.
Launch prepare_launch(const Spec& spec);

// The conditions of the service, in the order of the spec. They refer to `launch`.
std::vector<std::unique_ptr<Probe>> make_probes(const Launch& launch, const ProbeContext& context);

// Starts the program in a process group of its own. Returns its pid. `before_exec`: see spawn.
// `output`: its standard output and error.
int launch_service(const Launch& launch, int output, std::function<bool(int pid)> before_exec = {});

// API_HOST and the rest, with API_PID (0: none) and EXPORT, as tests see them.
Variables public_variables(const Launch& launch, int pid);

// "127.0.0.1:8080", "[::1]:8080": the first port, or "".
std::string address_text(const Launch& launch);

// "port 8080 is taken by pid 12 (nginx)": a port of the service that a stranger has, nobody of
// `own_pids`, now that the service has ended; or "".
std::string holder_of_taken_port(const Launch& launch, const std::vector<int>& own_pids);

// Another text once one of the files is another one, or was written anew.
std::string version_of(const std::vector<std::string>& files);

}  // namespace gentle
