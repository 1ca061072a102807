#include "coverage/combine/packed.h"

#include <gtest/gtest.h>

#include <cstdint>

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
