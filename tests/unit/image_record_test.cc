#include "coverage/image/image_record.h"

#include <gtest/gtest.h>

#include "coverage/image/process_memory.h"

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#endif

namespace gentle {
namespace {

// Each member has a value of its own.
ElfImage image_of_everything() {
  ElfImage image;
  image.position_independent = true;
  image.build_id = "01abcdef";
  image.build_id_address = 1;
  image.segments = {{2, 3, 4, 5, true}, {6, 7, 8, 9, false}};
  image.stripped = true;
  image.may_have_gcov = true;
  image.gcov_roots = {{10, 11}};
  image.functions = {{RuntimeFunction::kGcovDumpOne, {12, 13}, 14},
                     {RuntimeFunction::kLibrariesLoaded, {15, UINT64_MAX}, UINT32_MAX}};
  image.clang_gcov = true;
  image.llvm.counters = {16, 17, 18};
  image.llvm.data = {19, 20, 21};
  image.llvm.names = {22, 23, 24};
  image.llvm.bitmap = {25, 26, 27};
  image.llvm.vtables = {28, 29, 30};
  image.llvm.vtable_names = {31, 32, 33};
  image.llvm.has_mapping = true;
  image.llvm.version = {34, 35};
  image.llvm.merge_hook = {36, 37};
  image.llvm.free_hook = {38, 39};
  image.llvm.dumped = {40, 41};
  image.llvm.file_name = {42, 43};
  image.llvm.compilers = {14, 19};
  image.go_functions = {44, 45, 46};
  image.foreign = ForeignKind::kEmulated;
  image.resets_at_fork = true;
  return image;
}

TEST(ImageRecord, IsTheSameImage) {
  for (const ElfImage& image : {ElfImage{}, image_of_everything()}) {
    const std::string record = image_record(image);
    EXPECT_EQ(record.find('\n'), std::string::npos);
    EXPECT_EQ(parse_image_record(record), image);
  }
}

TEST(ImageRecord, NoneIfItIsDamaged) {
  const std::string record = image_record(image_of_everything());
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_EQ(parse_image_record(record.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(parse_image_record(record + " "), std::nullopt);
  EXPECT_EQ(parse_image_record("1" + record.substr(1)), std::nullopt) << "of another format";
  EXPECT_EQ(parse_image_record("2 2" + record.substr(3)), std::nullopt) << "no truth value";
  EXPECT_EQ(parse_image_record("2 1  0 4000000000 "), std::nullopt) << "too many";
}

#ifdef GENTLE_COUNTED_PROGRAMS
TEST(ImageRecord, OfRealPrograms) {
  for (const char* name : {"counted_program", "counted_static", "stripped/counted_program"}) {
    const ElfImage image = read_elf_image(FileMemory(counted_program(name)));
    EXPECT_EQ(parse_image_record(image_record(image)), image) << name;
  }
}
#endif

}  // namespace
}  // namespace gentle
