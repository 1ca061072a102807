#include "base/parted_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace gentle {
namespace {

TEST(PartedTextTest, HoldsOnePartOnly) {
  std::vector<std::string> parts;
  PartedText text([&](std::string_view part) { parts.emplace_back(part); });
  const std::string& part = text.part();
  for (std::size_t i = 0; i < PartedText::kPart; ++i) {
    text.part() += "123";
    EXPECT_LT(part.size(), PartedText::kPart + 3);
  }
  EXPECT_EQ(parts.size(), 2U);
  text.end();
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0] + parts[1] + parts[2], whole_text([](PartedText& whole) {
              for (std::size_t i = 0; i < PartedText::kPart; ++i) whole.part() += "123";
            }));
}

TEST(PartedTextTest, WhatIsLargerThanAPartStaysWhole) {
  std::vector<std::size_t> sizes;
  PartedText text([&](std::string_view part) { sizes.push_back(part.size()); });
  text.part().assign(5 * PartedText::kPart, 'x');
  text.part() += "y";
  text.end();
  EXPECT_EQ(sizes, (std::vector<std::size_t>{5 * PartedText::kPart, 1}));
}

}  // namespace
}  // namespace gentle
