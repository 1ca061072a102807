#include "coverage/combine/packed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "cause_of_error.h"

namespace gentle {
namespace {

TEST(Packed, ComesBack) {
  Packer packer;
  for (const std::uint64_t number :
       {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{300}, UINT64_MAX}) {
    packer.number(number);
  }
  packer.text("text");
  packer.text("");
  Unpacker unpacker(packer.bytes());
  EXPECT_EQ(unpacker.number(), 0U);
  EXPECT_EQ(unpacker.number(), 127U);
  EXPECT_EQ(unpacker.number(), 128U);
  EXPECT_EQ(unpacker.number_up_to(300), 300U);
  EXPECT_EQ(unpacker.number(), UINT64_MAX);
  EXPECT_EQ(unpacker.text(), "text");
  EXPECT_FALSE(unpacker.at_end());
  EXPECT_EQ(unpacker.text(), "");
  EXPECT_TRUE(unpacker.at_end());
}

TEST(Packed, GoesOnInParts) {
  std::string parts;
  std::size_t largest = 0;
  Packer parted([&](std::string_view part) {
    parts += part;
    largest = std::max(largest, part.size());
  });
  Packer whole;
  for (Packer* packer : {&parted, &whole}) {
    for (std::uint64_t i = 0; i < 100'000; ++i) packer->number(i * i);
    packer->text(std::string(2 * PartedText::kPart, 'x'));
    packer->number(7);
  }
  parted.end();
  EXPECT_EQ(parts, whole.bytes());
  EXPECT_LT(largest, 3 * PartedText::kPart);
}

TEST(Packed, WhatIsNotThereIsAnError) {
  EXPECT_EQ(cause_of_error([] { Unpacker("").number(); }), "it is damaged: a number is cut off");
  EXPECT_EQ(cause_of_error([] { Unpacker("\x80").number(); }),
            "it is damaged: a number is cut off");
  EXPECT_EQ(cause_of_error([] { Unpacker(std::string(11, '\x80')).number(); }),
            "it is damaged: a number is too large");
  EXPECT_EQ(cause_of_error([] { Unpacker("\x03").number_up_to(2); }),
            "it is damaged: a number is too large");
  EXPECT_EQ(cause_of_error([] { Unpacker("\x03").count(); }), "it is damaged: a list is cut off");
  EXPECT_EQ(cause_of_error([] { Unpacker("\x03_").text(); }), "it is damaged: a list is cut off");
}

}  // namespace
}  // namespace gentle
