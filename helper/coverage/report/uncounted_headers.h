// Headers whose code programs without counters have compiled for themselves: what runs there is not
// counted. If a unit with counters holds the same inline function, the linker keeps one copy, often
// theirs. Seen for programs with debugging information.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "coverage/report/compiled_objects.h"
#include "coverage/report/source_names.h"
#include "model/coverage_spec.h"

namespace gentle {

struct UncountedHeaders {
  // By header, as reports name it: the targets, in the order of the spec.
  std::map<std::string, std::vector<std::string>> targets;
  std::vector<std::string> without_lines;  // targets that do not tell: no -g, or -gz
};

// `objects` were compiled with counters. Headers of the tests themselves are not meant: files or
// folders named so.
UncountedHeaders find_uncounted_headers(const CoverageSpec& spec, const SourceNames& names,
                                        const std::vector<CompiledObject>& objects);

// Whether a file or folder in the relative path is named after tests: "tests/a.h",
// "my_test_util.h", "TestUtil.h", and not "latest.h".
bool is_named_after_tests(const std::string& path);

// For the summary; "" if there is nothing to tell.
std::string uncounted_headers_text(const UncountedHeaders& headers, const std::string& real_root);

}  // namespace gentle
