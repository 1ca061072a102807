#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

TEST(Attached, KnowsThePort) {
  EXPECT_NE(std::getenv("API_PORT"), nullptr);
  const char* const options = std::getenv("_JAVA_OPTIONS");
  const char* const other = std::getenv("B");
  if (options != nullptr && other != nullptr) std::printf("%s %s\n", options, other);
}
