#include "coverage/languages/java_recorder.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/content_hash.h"
#include "base/error.h"
#include "base/exit_code.h"
#include "coverage/languages/recorder_install.h"
#include "os/file.h"
#include "os/tool.h"

namespace gentle {
namespace {

constexpr const char* kRecord = "record Java";
constexpr const char* kAgent = "/agent.jar";
constexpr const char* kCMakeAgain = ", and run cmake again";

void check_java_tools(const std::string& coverage_folder, const CoverageSpec& spec) {
  if (spec.java.empty()) {
    throw Error(kRecord, "", "cmake has found no JDK (javac)")
        .hint(std::string("apt-get install default-jdk-headless") + kCMakeAgain)
        .exit_code(kExitFailed);
  }
  if (spec.jacoco.empty()) {
    throw Error(kRecord, "", "cmake has found no JaCoCo (org.jacoco.core and asm)")
        .hint(std::string("apt-get install libjacoco-java, or name a folder of its jars by "
                          "GENTLE_JACOCO") +
              kCMakeAgain)
        .exit_code(kExitFailed);
  }
  for (const std::string& file : spec.jacoco) {
    if (file_exists(file)) continue;
    throw Error(kRecord, file, "it is gone").hint("run cmake again").exit_code(kExitFailed);
  }
  // In -javaagent:<path>=<options>, and in a class path.
  if (coverage_folder.find_first_of("=:\n") != std::string::npos) {
    throw Error(kRecord, coverage_folder, "Java takes no path with '=' or ':' for an agent")
        .hint("build in another folder")
        .exit_code(kExitFailed);
  }
}

// What the recorder needs to know when it starts, one thing a line.
std::string settings_of(const std::string& coverage_folder, const CoverageSpec& spec) {
  std::string text;
  for (const std::string& jar : spec.jacoco) text += "jar " + jar + "\n";
  for (const std::string* root : {&spec.root, &spec.source_dir, &spec.build_dir}) {
    text += "root " + *root + "\n";
  }
  for (const std::string& folder : spec.objects) text += "root " + folder + "\n";
  return text + "not " + coverage_folder + "\nkeep " + coverage_folder + kKeptClasses + "\n";
}

void build(const std::string& sources, const std::string& output, const CoverageSpec& spec) {
  const std::string log = output + "/log";
  // It runs for a second or two: the slow compiler of the JVM would not be done by then.
  const ToolEnd end = run_tool({{spec.java, "-XX:TieredStopAtLevel=1", sources + "/Build.java",
                                 sources, output, java_class_path(output, spec)},
                                java_tool_environment(Environment::from(environ)),
                                "",
                                log});
  if (end.end == EndStatus{}) return;
  throw Error("compile the recorder of Java", spec.java, "it ended with " + describe(end.end))
      .notes(last_lines(log, 5))
      .hint("what it printed is in " + log +
            "; JDK 11 or newer with JaCoCo 0.8.6 or newer is "
            "needed")
      .exit_code(kExitFailed);
}

// HotSpot takes quotes away, anywhere in a word, and knows no escapes.
std::string java_option_word(const std::string& word) {
  if (word.find_first_of(" \t\"'") == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\"'\"'") : std::string(1, c);
  return quoted + "'";
}

std::string agent_option(std::string_view recorder) {
  return java_option_word("-javaagent:" + std::string(recorder) + kAgent);
}

}  // namespace

std::string install_java_recorder(const std::string& coverage_folder, const CoverageSpec& spec) {
  check_java_tools(coverage_folder, spec);
  const std::string sources = install_recorder(coverage_folder, "java");
  const std::string settings = settings_of(coverage_folder, spec);
  std::string versions = settings + spec.java + file_version(spec.java);
  for (const std::string& jar : spec.jacoco) versions += file_version(jar);
  const std::string folder = sources + "/built-" + std::to_string(content_hash(versions));
  if (file_exists(folder + kAgent)) return folder;
  // Services that start at the same moment build it at the same moment. The first one wins.
  const std::string own = folder + "." + std::to_string(::getpid());
  remove_tree(own);
  make_folders(own, 0777);
  build(sources, own, spec);
  write_public_file(own + "/settings", settings);
  if (std::rename(own.c_str(), folder.c_str()) != 0) {
    const int cause = errno;
    remove_tree(own);
    if (!file_exists(folder + kAgent)) throw errno_error("write", folder, cause);
  }
  return folder;
}

std::string prepare_java_recorder(const std::string& coverage_folder, const CoverageSpec& spec) {
  if (spec.java.empty() || spec.jacoco.empty()) return "";
  try {
    return install_java_recorder(coverage_folder, spec);
  } catch (const Error&) {
    return "";  // that start tries again
  }
}

std::string java_class_path(const std::string& recorder, const CoverageSpec& spec) {
  std::string path = recorder + "/recorder.jar";
  for (const std::string& jar : spec.jacoco) path += ":" + jar;
  return path;
}

Environment java_tool_environment(Environment environment) {
  for (const char* name : {kJavaOptions, "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"}) {
    environment.unset(name);
  }
  environment.set("LC_ALL", "C.UTF-8");  // names of files in any letters
  return environment;
}

void add_java_recorder(Environment& environment, const std::string& recorder,
                       const std::string& hits) {
  const std::string options = environment.get(kJavaOptions);
  const std::string own = agent_option(recorder);
  if (options.find(own) == std::string::npos) {
    environment.set(kJavaOptions, options.empty() ? own : own + " " + options);
  }
  environment.set("GENTLE_JAVA_HITS", hits);
}

bool is_java(std::string_view program) { return program.substr(program.rfind('/') + 1) == "java"; }

std::string why_no_java_recorder(std::string_view options, std::string_view recorder) {
  if (options.find(agent_option(recorder)) != std::string_view::npos) return "";
  return "the JAVA_TOOL_OPTIONS of its environment does not name the recorder";
}

}  // namespace gentle
