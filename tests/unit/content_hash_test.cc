#include "base/content_hash.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

// Records of runs that were written on another machine hold it: it may never change.
TEST(ContentHash, IsTheOneThatIsWritten) {
  EXPECT_EQ(content_hash(""), 0xcbf29ce484222325U);
  EXPECT_EQ(content_hash("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_NE(content_hash("ab"), content_hash("ba"));
}

}  // namespace
}  // namespace gentle
