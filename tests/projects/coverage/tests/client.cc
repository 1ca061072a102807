#include <gtest/gtest.h>

int wrapped(int value);

TEST(Client, UsesTheLibrary) { EXPECT_EQ(wrapped(2), 5); }

TEST(Client, SeesAFailure) { EXPECT_EQ(wrapped(-5), -1); }
