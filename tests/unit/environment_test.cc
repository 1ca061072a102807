#include "base/environment.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(Environment, ReadsWhatEnvironHolds) {
  const char* const entries[] = {"A=1", "B=", "C=x=y", "broken", "A=2", nullptr};
  const Environment environment = Environment::from(entries);
  EXPECT_EQ(environment.get("A"), "2");
  EXPECT_EQ(environment.get("B"), "");
  EXPECT_EQ(environment.get("C"), "x=y");
  EXPECT_EQ(environment.get("D"), "");
  EXPECT_EQ(environment.entries(), (std::vector<std::string>{"A=2", "B=", "C=x=y"}));
}

TEST(Environment, SetsAndUnsets) {
  Environment environment;
  environment.set("A", "1");
  environment.set("B", "2");
  environment.set("A", "3");
  environment.unset("B");
  EXPECT_EQ(environment.entries(), std::vector<std::string>{"A=3"});
}

}  // namespace
}  // namespace gentle
