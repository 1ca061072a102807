#include "coverage/languages/python_start.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gentle {
namespace {

std::string why(const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"python3"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return why_no_python_recorder(arguments, "/user:/rec", "/rec");
}

TEST(IsPython, GoesByTheNameOfTheProgram) {
  for (const char* name : {"/usr/bin/python", "python3", "/x/python3.13t",
                           "/usr/bin/python3.11-dbg", "/a/python3.9d", "/usr/bin/pypy3"}) {
    EXPECT_TRUE(is_python(name)) << name;
  }
  for (const char* name :
       {"/usr/bin/python3-config", "/usr/bin/sh", "/a/pythonista", "", "/python/x"}) {
    EXPECT_FALSE(is_python(name)) << name;
  }
}

TEST(PythonRecorder, StartsInAPlainInterpreter) {
  EXPECT_EQ(why({}), "");
  EXPECT_EQ(why({"server.py", "-I"}), "");
  EXPECT_EQ(why({"-u", "-X", "dev", "-W", "ignore", "-OO", "server.py"}), "");
  EXPECT_EQ(why({"-c", "pass", "-S"}), "");
  EXPECT_EQ(why({"-um", "module", "-E"}), "");
  EXPECT_EQ(why({"--check-hash-based-pycs", "never", "-"}), "");
  EXPECT_EQ(why({"-WI", "server.py"}), "");
}

TEST(PythonRecorder, DoesNotStartInAnIsolatedOne) {
  EXPECT_EQ(why({"-I", "server.py"}), "python -I starts no recorder");
  EXPECT_EQ(why({"-uE", "server.py"}), "python -E starts no recorder");
  EXPECT_EQ(why({"-X", "dev", "-S", "-m", "x"}), "python -S starts no recorder");
  EXPECT_EQ(why({"-W", "ignore", "-sIc", "pass"}), "python -I starts no recorder");
}

TEST(PythonRecorder, DoesNotStartWithoutItsFolder) {
  for (const char* path : {"", "/user", "/rec/x", "/x/rec"}) {
    EXPECT_EQ(why_no_python_recorder({"python3", "a.py"}, path, "/rec"),
              "the PYTHONPATH of its environment does not name the recorder")
        << path;
  }
}

}  // namespace
}  // namespace gentle
