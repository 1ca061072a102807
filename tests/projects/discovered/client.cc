// Tests that pass only with the variables of their services; listing them needs none.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

TEST(Cache, IsThere) {
  EXPECT_EQ(variable("CACHE_WORD"), "one");
  EXPECT_EQ(variable("STORE_WORD"), "three");
}

TEST(Queue, IsThere) { EXPECT_EQ(variable("QUEUE_WORD"), "two"); }

class Values : public testing::TestWithParam<std::string> {};
TEST_P(Values, QueueIsThere) { EXPECT_EQ(variable("QUEUE_WORD"), "two"); }
INSTANTIATE_TEST_SUITE_P(All, Values, testing::Values("a;b", "c", "d e"));

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
