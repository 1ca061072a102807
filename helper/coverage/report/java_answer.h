// What the report program of Java (languages/assets/java) answers.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "coverage/combine/recorded_java.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

struct JavaAnswer {
  std::map<std::string, TableSource> sources;  // by path
  std::map<std::string, ProbedSource> probed;  // likewise; without classes that are too large
  std::set<std::string> uncounted;             // by path: in the project, and yet without counts
  std::set<std::string> absent;                // not in the project, such as "com/acme/Server.java"
  // By the program's own numbers: the names of classes, the paths of sources.
  std::map<std::uint32_t, std::set<std::string>> uncounted_classes;
  std::map<std::uint32_t, std::set<std::string>> warned_sources;
};

// Throws Error if it is not whole.
JavaAnswer parse_java_answer(std::string_view text);

}  // namespace gentle
