#include <gtest/gtest.h>

#include <cstdlib>

TEST(Api, HasAPort) {
  const char* text = std::getenv("API_PORT");
  ASSERT_NE(text, nullptr);  // break here
}
