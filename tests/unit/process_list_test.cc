#include "coverage/fold/process_list.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

using Processes = std::vector<std::vector<std::string>>;

TEST(ProcessListTest, EqualOnesAreOne) {
  ProcessList list;
  list.add({"/a", "/b c"});
  list.add({"/b c"});
  list.add({"/b c", "/a"});
  list.add({});
  EXPECT_EQ(list.processes(), (Processes{{"/a", "/b c"}, {"/b c"}}));
}

TEST(ProcessListTest, IsReadAsItWasWritten) {
  ProcessList list;
  for (const char* name : {"/one", "/two", "/three"}) list.add({name, "/all"});
  const auto read = ProcessList::parse(list.text());
  EXPECT_EQ(read.processes(), list.processes());
  EXPECT_EQ(read.text(), list.text());
}

TEST(ProcessListTest, GrowsOnceItWasRead) {
  ProcessList list;
  list.add({"/a"});
  list = ProcessList::parse(list.text());
  list.add({"/a", "/b"});
  EXPECT_EQ(ProcessList::parse(list.text()).processes(), (Processes{{"/a"}, {"/a", "/b"}}));
}

TEST(ProcessListTest, WhatHasAnotherFormIsLeftOut) {
  EXPECT_TRUE(ProcessList::parse("").processes().empty());
  EXPECT_TRUE(ProcessList::parse("\n\n\n").processes().empty());
  EXPECT_TRUE(ProcessList::parse("/a").processes().empty());
  EXPECT_EQ(ProcessList::parse("/a\n/b\n\n0 7 x -1 1").processes(), (Processes{{"/a", "/b"}}));
  EXPECT_TRUE(ProcessList::parse(std::string(100, '\0')).processes().empty());
}

}  // namespace
}  // namespace gentle
