#include <gtest/gtest.h>

#include <cstdlib>

TEST(Attached, KnowsThePort) { EXPECT_NE(std::getenv("API_PORT"), nullptr); }
