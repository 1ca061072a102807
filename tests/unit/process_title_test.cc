#include "os/process_title.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>

namespace gentle {
namespace {

TEST(ProcessTitle, StandsInTheMemoryOfTheWords) {
  char memory[] = "gentle\0start\0api\0HOME=/";
  char* words[] = {memory, memory + 7, memory + 13};
  keep_for_title(std::size(words), words);
  set_process_title({"gentle", "supervise"});
  EXPECT_EQ(std::string(memory, sizeof memory),
            std::string("gentle\0supervise\0HOME=/", sizeof memory));
  set_process_title({"a", "b"});
  EXPECT_EQ(std::string(memory, 17), std::string("a\0b\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 17));
}

TEST(ProcessTitle, StaysIfThereIsNoRoom) {
  char memory[] = "gentle\0x\0HOME=/";
  char* words[] = {memory, memory + 7};
  keep_for_title(std::size(words), words);
  set_process_title({"gentle", "xy"});
  EXPECT_EQ(std::string(memory, sizeof memory), std::string("gentle\0x\0HOME=/", sizeof memory));
}

}  // namespace
}  // namespace gentle
