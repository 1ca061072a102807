#include "model/service_log.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(ServiceLogsJson, IsAnArrayOfLogs) {
  std::string text;
  ServiceLogsJson json([&](const std::string& more) { text += more; });
  json.begin_log("a", "/l\"");
  json.add("x\"", false);
  json.add("\\y", true);
  json.add("", true);
  json.end_log();
  json.begin_log("b", "/m");
  json.end_log();
  json.end();
  EXPECT_EQ(text, R"([
  {
    "service": "a",
    "path": "/l\"",
    "lines": [
      "x\"\\y",
      ""
    ]
  },
  {
    "service": "b",
    "path": "/m",
    "lines": []
  }
]
)");
}

TEST(ServiceLogsJson, OfNoServiceIsAnEmptyArray) {
  std::string text;
  ServiceLogsJson([&](const std::string& more) { text += more; }).end();
  EXPECT_EQ(text, "[]\n");
}

}  // namespace
}  // namespace gentle
