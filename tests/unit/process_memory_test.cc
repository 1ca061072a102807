#include "coverage/image/process_memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "fake_memory.h"

namespace gentle {
namespace {

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

std::string message_of(const Memory& memory, std::uint64_t address, std::size_t size) {
  std::string buffer(size, '\0');
  try {
    memory.read(address, buffer.data(), size);
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

// Two pages of which the second is missing.
class Page {
 public:
  Page() : size_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    void* pages =
        ::mmap(nullptr, 2 * size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page_ = static_cast<char*>(pages);
    ::munmap(page_ + size_, size_);
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() { ::munmap(page_, size_); }

  char* begin() const { return page_; }
  std::size_t size() const { return size_; }
  void forbid() const { ::mprotect(page_, size_, PROT_NONE); }

 private:
  std::size_t size_;
  char* page_ = nullptr;
};

TEST(ProcessMemory, ReadsValues) {
  const ProcessMemory memory(::getpid());
  const std::uint64_t value = 0x1122334455667788;
  EXPECT_EQ(memory.get<std::uint64_t>(address_of(&value)), value);
  EXPECT_EQ(memory.name(), "process " + std::to_string(::getpid()));
}

TEST(ProcessMemory, ReadsUpToThePageThatIsMissing) {
  const ProcessMemory memory(::getpid());
  const Page page;
  page.begin()[page.size() - 1] = 'z';
  std::string buffer(10, '\0');
  const std::uint64_t start = address_of(page.begin()) + page.size() - 3;
  EXPECT_EQ(memory.read_some(start, buffer.data(), buffer.size()), 3U);
  EXPECT_EQ(buffer[2], 'z');
  EXPECT_EQ(memory.read_some(start + 3, buffer.data(), 1), 0U);
  char missing[40];
  std::snprintf(missing, sizeof missing, "0x%llx", static_cast<unsigned long long>(start + 3));
  EXPECT_EQ(message_of(memory, start, 10), "gentle: error: read memory of 'process " +
                                               std::to_string(::getpid()) +
                                               "': there is nothing at address " + missing + "\n");
}

TEST(ProcessMemory, ReadsWhatMayNotBeReadThroughProc) {
  const ProcessMemory memory(::getpid());
  const Page page;
  page.begin()[0] = 'a';
  page.forbid();
  EXPECT_EQ(memory.get<char>(address_of(page.begin())), 'a');
}

TEST(ProcessMemory, NoAddressIsTooLarge) {
  const ProcessMemory memory(::getpid());
  char byte = 0;
  for (const std::uint64_t address :
       {~std::uint64_t{0}, std::uint64_t{1} << 63, std::uint64_t{0}}) {
    EXPECT_EQ(memory.read_some(address, &byte, 1), 0U) << address;
  }
}

TEST(ProcessMemory, ClearsWhatCanBeWritten) {
  const ProcessMemory memory(::getpid());
  std::string text = "abcdef";
  memory.clear(address_of(text.data()) + 1, 4);
  EXPECT_EQ(text, std::string("a\0\0\0\0f", 6));
  memory.write(address_of(text.data()) + 2, "xyz");
  EXPECT_EQ(text, std::string("a\0xyzf", 6));
  try {
    memory.clear(0, 8);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "gentle: error: write memory of 'process " +
                                   std::to_string(::getpid()) + "': Input/output error\n");
  }
}

TEST(ProcessMemory, AProcessThatIsGone) {
  const ProcessMemory memory(1 << 30);
  EXPECT_EQ(message_of(memory, 4096, 1),
            "gentle: error: read memory of 'process 1073741824': No such process\n");
}

TEST(FileMemory, ReadsAFile) {
  const FileMemory self("/proc/self/exe");
  std::string magic(4, '\0');
  self.read(0, magic.data(), magic.size());
  EXPECT_EQ(magic,
            "\x7f"
            "ELF");
  EXPECT_EQ(self.read_some(~std::uint64_t{0} - 2, magic.data(), 4), 0U);
  EXPECT_EQ(self.read_some(std::uint64_t{1} << 62, magic.data(), 4), 0U);
}

TEST(FileMemory, OnlyARegularFile) {
  EXPECT_THROW(FileMemory("/dev/null"), Error);
  EXPECT_THROW(FileMemory("/nowhere"), Error);
}

TEST(BlockMemory, ReadsManyPiecesAtOnce) {
  FakeMemory fake;
  std::string content(200000, '\0');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i % 251);
  fake.put(65536 * 3, content);
  const BlockMemory blocks(fake);
  for (std::size_t i = 0; i + 8 <= content.size(); i += 8) {
    std::string piece(8, '\0');
    blocks.read(65536 * 3 + i, piece.data(), piece.size());
    ASSERT_EQ(piece, content.substr(i, 8));
  }
  EXPECT_LE(fake.reads, 4);
  std::string all(content.size(), '\0');
  blocks.read(65536 * 3, all.data(), all.size());
  EXPECT_EQ(all, content) << "over the edges of blocks";
}

TEST(BlockMemory, ReadsAroundGaps) {
  FakeMemory fake;
  fake.put(100, "before");
  fake.put(200, "behind");
  const BlockMemory blocks(fake);
  std::string text(6, '\0');
  EXPECT_EQ(blocks.read_some(200, text.data(), 6), 6U);
  EXPECT_EQ(text, "behind");
  EXPECT_EQ(blocks.read_some(100, text.data(), 6), 6U);
  EXPECT_EQ(text, "before");
  EXPECT_EQ(blocks.read_some(104, text.data(), 6), 2U);
  EXPECT_EQ(blocks.read_some(0, text.data(), 6), 0U);
  EXPECT_EQ(blocks.read_some(~std::uint64_t{0} - 3, text.data(), 6), 0U);
}

}  // namespace
}  // namespace gentle
