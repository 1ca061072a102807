// What people are told of sources that were compiled with counters: those that are not in the
// report, and those that have changed since.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coverage/report/compiled_objects.h"
#include "coverage/report/counted_lines.h"
#include "coverage/report/source_choice.h"

namespace gentle {

using SourceFates = std::map<std::string, SourceFate>;  // by path

// For the summary: by reason, in a few lines however many they are. "" if all are in the report but
// those of the system and the compiler, which nobody expects there.
std::string absent_text(const SourceFates& fates, const std::string& real_root);

// Warnings: sources that are gone or cannot be read.
std::vector<std::string> missing_warnings(const SourceFates& fates);

// Warnings: sources that should be among the counted lines, and of which gcov has told nothing.
std::vector<std::string> untold_warnings(const SourceFates& fates, const CountedLines& lines);

// Warnings: sources in the report that are newer than an object file of theirs, or shorter than
// what was compiled. Their counts may stand at the wrong lines.
std::vector<std::string> changed_warnings(const std::vector<CompiledObject>& objects,
                                          const SourceFates& fates);

}  // namespace gentle
