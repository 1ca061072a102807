#include "model/language.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(Language, IsFoundByItsWord) {
  EXPECT_EQ(find_language("python"), Language::kPython);
  EXPECT_FALSE(find_language("Python"));
  EXPECT_FALSE(find_language(""));
  EXPECT_EQ(find_language("node"), Language::kNode);
  EXPECT_EQ(language_name(Language::kPython), "Python");
  EXPECT_EQ(language_name(Language::kNode), "Node");
  EXPECT_EQ(find_language("java"), Language::kJava);
  EXPECT_EQ(language_name(Language::kJava), "Java");
  EXPECT_EQ(language_words(), "'python', 'node', 'java'");
}

}  // namespace
}  // namespace gentle
