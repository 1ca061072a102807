// `gentle logs --json`.
#pragma once

#include <string>
#include <vector>

namespace gentle {

struct ServiceLog {
  std::string service;
  std::string path;
  std::vector<std::string> lines;
};

std::string to_json(const std::vector<ServiceLog>& logs);

}  // namespace gentle
