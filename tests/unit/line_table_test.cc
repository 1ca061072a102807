#include "coverage/image/line_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace gentle {
namespace {

std::string number(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string with_length(const std::string& bytes) { return number(bytes.size(), 4) + bytes; }

std::string text(const char* words) { return std::string(words) + '\0'; }

// is_stmt, line_base, line_range, opcode_base 10 and the operands of nine operations.
const std::string kMachine = std::string("\1\373\16\12", 4) + std::string("\0\1\1\1\1\0\0\0\1", 9);

std::string set_address(std::uint64_t address) {
  return std::string("\0\11\2", 3) + number(address, 8);
}

const std::string kLinked = set_address(0x1000);
const std::string kRow = "\x20";      // a special operation
const std::string kCopy = "\x01";     // also a row
const std::string kEnd("\0\1\1", 3);  // the end of a sequence

std::string set_file(char file) { return std::string("\4") + file; }

// Two folders and three files, by texts in .debug_line_str: "/src", "inc", then as told.
const std::string kStrings = text("/src") + text("inc") + text("/src/a.cc") + text("b.h");

std::string version_5(const std::string& program) {
  const std::string path_by_offset("\1\1\x1f", 3);         // one field: the path, line_strp
  const std::string path_and_folder("\2\1\x1f\2\x0b", 5);  // two: and the folder, data1
  const std::string header = std::string("\1\1", 2) + kMachine + path_by_offset + '\2' +
                             number(0, 4) + number(5, 4) + path_and_folder + '\3' + number(9, 4) +
                             '\0' + number(9, 4) + '\0' + number(19, 4) + '\1';
  return with_length(number(5, 2) + std::string("\10\0", 2) + with_length(header) + program);
}

std::string version_3(const std::string& program) {
  const std::string header = std::string("\1", 1) + kMachine + text("/src/inc") + '\0' +
                             text("a.cc") + std::string("\0\0\0", 3) + text("b.h") +
                             std::string("\1\0\0", 3) + '\0';
  return with_length(number(3, 2) + with_length(header) + program);
}

std::vector<LineUnit> units(const std::string& bytes) {
  return parse_line_tables({bytes, kStrings, ""});
}

TEST(LineTable, NamesTheFilesThatHaveRows) {
  EXPECT_EQ(units(version_5(kLinked + kRow + set_file(2) + kCopy + kEnd)),
            (std::vector<LineUnit>{{"/src/a.cc", "/src/inc/b.h"}}));
}

TEST(LineTable, AFileWithoutARowHasNoCode) {
  EXPECT_EQ(units(version_5(kLinked + set_file(2) + set_file(1) + kRow + kEnd)),
            (std::vector<LineUnit>{{"/src/a.cc"}}));
}

TEST(LineTable, ASequenceBeginsWithTheFirstFile) {
  EXPECT_EQ(units(version_5(set_file(2) + kEnd + kLinked + kRow)),
            (std::vector<LineUnit>{{"/src/a.cc"}}));
}

TEST(LineTable, WhatTheLinkerHasLeftOutIsNoCode) {
  for (const std::uint64_t tombstone : {0, 1, -1, -2}) {
    EXPECT_EQ(units(version_5(set_address(tombstone) + kRow + kEnd + kLinked + set_file(2) + kRow)),
              (std::vector<LineUnit>{{"/src/inc/b.h"}}));
  }
  EXPECT_EQ(units(version_5(kLinked + kEnd + kRow)), (std::vector<LineUnit>{{}}));
}

TEST(LineTable, OperandsAreNoOperations) {
  const std::string advance("\2\x20", 2);     // advance_pc by 32, which would be a row
  const std::string fixed("\11\x20\x20", 3);  // fixed_advance_pc
  EXPECT_EQ(units(version_5(kLinked + set_file(2) + advance + fixed + kEnd)),
            (std::vector<LineUnit>{{}}));
}

TEST(LineTable, BeforeVersion5FilesAreCountedFromOneAndTheFolderOfTheCompilerIsNotTold) {
  EXPECT_EQ(units(version_3(kLinked + kRow + set_file(2) + kRow + kEnd)),
            (std::vector<LineUnit>{{"/src/inc/b.h"}}));
}

TEST(LineTable, AUnitThatIsNotKnownIsLeftOut) {
  const std::string unknown = with_length(number(6, 2) + "whatever");
  EXPECT_EQ(units(unknown + version_5(kLinked + kRow)), (std::vector<LineUnit>{{"/src/a.cc"}}));
}

TEST(LineTable, WhatIsCutIsLeftOut) {
  const std::string whole = version_5(kLinked + kRow + set_file(2) + kCopy + kEnd);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(units(whole.substr(0, size)).empty()) << size;
  }
  EXPECT_TRUE(parse_line_tables({whole, "", ""}).empty());  // its names are missing
}

TEST(LineTable, AFileThatIsNotThereHasNoName) {
  EXPECT_EQ(units(version_5(kLinked + set_file(9) + kRow)), (std::vector<LineUnit>{{}}));
}

}  // namespace
}  // namespace gentle
