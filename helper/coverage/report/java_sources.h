// The sources of the project in languages of the JVM.
#pragma once

#include <set>
#include <string>

#include "model/coverage_spec.h"

namespace gentle {

// Their paths; also of generated ones, which the report may be asked for.
std::set<std::string> java_sources(const CoverageSpec& spec);

// Writes the names of these files into the folder of the recorder: it records no class whose file
// is not among them, as the report would not count it. Without, it records all.
void write_java_source_names(const std::string& recorder, const CoverageSpec& spec);

}  // namespace gentle
