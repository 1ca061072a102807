// One function a readiness kind; each is in the file of its name.
#pragma once

#include <memory>

#include "probe/probe.h"

namespace gentle {

using MakeProbe = std::unique_ptr<Probe>(const ReadySpec&, const ProbeContext&);

#define GENTLE_ROW(name, keyword, file, ...) MakeProbe make_##file##_probe;
GENTLE_READY_KINDS(GENTLE_ROW)
#undef GENTLE_ROW
MakeProbe make_any_port_probe;  // TCP, of a port whose number is the service's own choice

// "/tmp/x", or below the service's working directory.
inline std::string path_of_service(const std::string& path, const ProbeContext& context) {
  return path.starts_with('/') ? path : context.working_directory + "/" + path;
}

inline std::string parent_folder(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

}  // namespace gentle
