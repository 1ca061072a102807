// Has the processes of a service or a test record what they execute of Java: by an agent
// (assets/java) that JAVA_TOOL_OPTIONS names, and that each JVM loads when it starts. It is
// compiled on the user's machine, and uses the user's JaCoCo.
#pragma once

#include <string>
#include <string_view>

#include "base/environment.h"
#include "model/coverage_spec.h"

namespace gentle {

inline constexpr const char* kJavaOptions = "JAVA_TOOL_OPTIONS";

// Below the coverage folder of the build: the classes that were recorded.
inline constexpr const char* kKeptClasses = "/java";

// In the folder of the recorder: the names of all sources of the project, each with a zero at its
// end.
inline constexpr const char* kJavaSourceNames = "/source-names";

// Compiles the recorder below the coverage folder of the build, if it is not there, where it stays.
// Returns its folder. Throws Error if it cannot: no JDK, no JaCoCo.
std::string install_java_recorder(const std::string& coverage_folder, const CoverageSpec& spec);

// Does so ahead of the first service, which would wait for it, if it can. If not, the start of a
// service that needs it tells why. Returns its folder, or "".
std::string prepare_java_recorder(const std::string& coverage_folder, const CoverageSpec& spec);

// Of the recorder, for `java -cp`.
std::string java_class_path(const std::string& recorder, const CoverageSpec& spec);

// For tools of our own: without the user's options for the JVM.
Environment java_tool_environment(Environment environment);

// The user's JAVA_TOOL_OPTIONS stay, behind ours. The hits of process <pid> go into <hits>/<pid>/.
void add_java_recorder(Environment& environment, const std::string& recorder,
                       const std::string& hits);

// By the name of its program. What runs a JVM under another name, such as javac, is recorded too if
// it executes classes of the project, but is not expected to.
bool is_java(std::string_view program);

// Of a process that has just executed Java: "" if the recorder in this folder starts, or why not.
// `options` is its JAVA_TOOL_OPTIONS.
std::string why_no_java_recorder(std::string_view options, std::string_view recorder);

}  // namespace gentle
