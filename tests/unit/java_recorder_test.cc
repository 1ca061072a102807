#include "coverage/languages/java_recorder.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace gentle {
namespace {

TEST(IsJava, GoesByTheNameOfTheProgram) {
  for (const char* name : {"/usr/bin/java", "java", "/opt/jdk/bin/java"}) {
    EXPECT_TRUE(is_java(name)) << name;
  }
  for (const char* name : {"/usr/bin/javac", "jshell", "/java/x", "", "myjava", "java17"}) {
    EXPECT_FALSE(is_java(name)) << name;
  }
}

TEST(JavaRecorder, StartsBeforeWhatTheUserAsksFor) {
  Environment environment;
  environment.set("JAVA_TOOL_OPTIONS", "-Xmx64m");
  add_java_recorder(environment, "/rec", "/hits");
  EXPECT_EQ(environment.get("JAVA_TOOL_OPTIONS"), "-javaagent:/rec/agent.jar -Xmx64m");
  EXPECT_EQ(environment.get("GENTLE_JAVA_HITS"), "/hits");
  EXPECT_EQ(why_no_java_recorder(environment.get("JAVA_TOOL_OPTIONS"), "/rec"), "");
}

TEST(JavaRecorder, IsNamedOnce) {
  Environment environment;
  add_java_recorder(environment, "/rec", "/outer");
  add_java_recorder(environment, "/rec", "/inner");
  EXPECT_EQ(environment.get("JAVA_TOOL_OPTIONS"), "-javaagent:/rec/agent.jar");
  EXPECT_EQ(environment.get("GENTLE_JAVA_HITS"), "/inner");
}

TEST(JavaRecorder, StartsFromAPathWithSpacesAndQuotes) {
  Environment environment;
  add_java_recorder(environment, "/a b'c\"d", "/hits");
  EXPECT_EQ(environment.get("JAVA_TOOL_OPTIONS"), R"('-javaagent:/a b'"'"'c"d/agent.jar')");
  EXPECT_EQ(why_no_java_recorder(environment.get("JAVA_TOOL_OPTIONS"), "/a b'c\"d"), "");
}

TEST(JavaRecorder, DoesNotStartWithoutItsOption) {
  for (const char* options : {"", "-javaagent:/other/agent.jar", "/rec", "-javaagent:/rec"}) {
    EXPECT_EQ(why_no_java_recorder(options, "/rec"),
              "the JAVA_TOOL_OPTIONS of its environment does not name the recorder")
        << options;
  }
}

TEST(JavaRecorder, LeavesToolsOfOursWithoutTheUsersOptions) {
  Environment environment;
  for (const char* name : {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"}) {
    environment.set(name, "x");
  }
  environment.set("PATH", "/bin");
  const std::vector<std::string> expected = {"LC_ALL=C.UTF-8", "PATH=/bin"};
  EXPECT_EQ(java_tool_environment(environment).entries(), expected);
}

std::string why_not_installed(const std::string& folder, const CoverageSpec& spec) {
  try {
    install_java_recorder(folder, spec);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

TEST(JavaRecorder, TellsWhatItNeeds) {
  CoverageSpec spec;
  EXPECT_EQ(why_not_installed("/x", spec),
            "gentle: error: record Java: cmake has found no JDK (javac)\n"
            "hint: apt-get install default-jdk-headless, and run cmake again\n");
  spec.java = "/usr/bin/java";
  EXPECT_EQ(why_not_installed("/x", spec),
            "gentle: error: record Java: cmake has found no JaCoCo (org.jacoco.core and asm)\n"
            "hint: apt-get install libjacoco-java, or name a folder of its jars by GENTLE_JACOCO, "
            "and run cmake again\n");
  spec.jacoco = {"/nowhere/core.jar"};
  EXPECT_EQ(why_not_installed("/x", spec),
            "gentle: error: record Java '/nowhere/core.jar': it is gone\nhint: run cmake again\n");
  spec.jacoco = {"/dev/null"};
  EXPECT_EQ(why_not_installed("/x=y", spec),
            "gentle: error: record Java '/x=y': Java takes no path with '=' or ':' for an agent\n"
            "hint: build in another folder\n");
}

TEST(JavaClassPath, HasTheRecorderFirst) {
  CoverageSpec spec;
  spec.jacoco = {"/a.jar", "/b.jar"};
  EXPECT_EQ(java_class_path("/rec", spec), "/rec/recorder.jar:/a.jar:/b.jar");
}

}  // namespace
}  // namespace gentle
