#include "coverage/formats/share.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(Share, RoundsButNeverToAllOrNothing) {
  EXPECT_EQ(percent_text({52, 62}), "83.9%");
  EXPECT_EQ(percent_text({99999, 100000}), "99.9%");
  EXPECT_EQ(percent_text({1, 100000}), "0.1%");
  EXPECT_EQ(percent_text({3, 3}), "100.0%");
  EXPECT_EQ(percent_text({0, 3}), "0.0%");
  EXPECT_EQ(percent_text({0, 0}), "-");
}

TEST(Share, RoundsAsGcovrDoes) {
  EXPECT_EQ(percent_text({49, 400}), "12.2%");  // 12.25
  EXPECT_EQ(percent_text({13, 16}), "81.2%");   // 81.25
}

TEST(Share, OfALimitIsNotRounded) {
  EXPECT_EQ(percent_of({29, 100}), 29.0);
  EXPECT_EQ(percent_of({0, 0}), 100.0);
  EXPECT_LT(percent_of({999999, 1000000}), 100.0);
}

}  // namespace
}  // namespace gentle
