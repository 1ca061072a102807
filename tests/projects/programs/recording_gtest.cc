// A GoogleTest program that records what it was started with when it runs a test.
#include <gtest/gtest.h>

#include "record.h"

TEST(Recording, First) { record(RECORD); }
TEST(Recording, Second) { record(RECORD); }
