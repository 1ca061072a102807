#include "coverage/image/elf_image.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"
#include "cause_of_error.h"
#include "fake_memory.h"
#include "os/file.h"

#ifdef GENTLE_COUNTED_PROGRAMS
#include "counted_process.h"
#endif

namespace gentle {
namespace {

// A small shared library: one segment, a note, symbols and a section of clang's profile.
class File {
 public:
  File() {
    header.e_type = ET_DYN;
    header.e_machine = EM_X86_64;
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phoff = kPrograms;
    header.e_phnum = 2;
    header.e_shentsize = sizeof(Elf64_Shdr);
    header.e_shoff = kSections;
    header.e_shnum = 6;
    header.e_shstrndx = 1;
    load.p_type = PT_LOAD;
    load.p_flags = PF_R | PF_W;
    load.p_filesz = 0x800;
    load.p_vaddr = 0x5000;
    load.p_memsz = 0x1000;
    note.p_type = PT_NOTE;
    note.p_offset = kNote;
    note.p_filesz = 20;
    note.p_vaddr = 0x5000;
    note.p_align = 4;
    section_names = section(1, SHT_STRTAB, kSectionNames, sizeof kNames, 0);
    strings = section(0, SHT_STRTAB, kStrings, sizeof kSymbolNames, 0);
    symbols = section(0, SHT_SYMTAB, kSymbols, 5 * sizeof(Elf64_Sym), sizeof(Elf64_Sym));
    symbols.sh_link = 2;
    profile = section(1, SHT_PROGBITS, 0x700, 24, 0);
    profile.sh_flags = SHF_ALLOC;
    profile.sh_addr = 0x5700;
    root = symbol(2, STT_OBJECT, 0x5900, 32);  // the end of a longer name
    dump = symbol(14, STT_FUNC, 0x57c0, 99);
    comment = section(17, SHT_PROGBITS, kComment, sizeof kCompilers, 1);
    dumped = symbol(30, STT_OBJECT, 0x5d00, 4);
    same_name = symbol(0, STT_OBJECT, 0x5d10, 4);
  }

  std::string bytes() const {
    std::string file(0x900, '\0');
    const auto put = [&file](std::size_t at, const void* from, std::size_t size) {
      std::memcpy(&file[at], from, size);
    };
    put(0, &header, sizeof header);
    put(kPrograms, &load, sizeof load);
    put(kPrograms + sizeof load, &note, sizeof note);
    const Elf64_Nhdr build_id{4, 4, NT_GNU_BUILD_ID};
    put(kNote, &build_id, sizeof build_id);
    put(kNote + 12, "GNU\0\x01\xab\xcd\xef", 8);
    put(kSectionNames, kNames, sizeof kNames);
    put(kStrings, kSymbolNames, sizeof kSymbolNames);
    put(kComment, kCompilers, sizeof kCompilers);
    put(kCode, "\x55\x01\x02\x03", 4);
    const Elf64_Sym other = symbol(0, STT_OBJECT, 0x5c00, 1);
    std::size_t at = kSymbols;
    for (const Elf64_Sym& each : {other, root, dump, dumped, same_name}) {
      put(at, &each, sizeof each);
      at += sizeof each;
    }
    at = kSections + sizeof(Elf64_Shdr);
    for (const Elf64_Shdr& each : {section_names, strings, symbols, profile, comment}) {
      put(at, &each, sizeof each);
      at += sizeof each;
    }
    return file;
  }

  ElfImage read() const { return read_elf_image(FakeMemory(bytes())); }

  std::string cause() const {
    return cause_of_error([this] { read(); });
  }

  Elf64_Ehdr header{};
  Elf64_Phdr load{};
  Elf64_Phdr note{};
  Elf64_Shdr section_names{};
  Elf64_Shdr strings{};
  Elf64_Shdr symbols{};
  Elf64_Shdr profile{};
  Elf64_Shdr comment{};
  Elf64_Sym root{};
  Elf64_Sym dump{};
  Elf64_Sym dumped{};
  Elf64_Sym same_name{};

  static constexpr std::uint64_t kPrograms = 0x40;
  static constexpr std::uint64_t kNote = 0x100;
  static constexpr std::uint64_t kSections = 0x200;
  static constexpr std::uint64_t kSectionNames = 0x400;
  static constexpr std::uint64_t kStrings = 0x480;
  static constexpr std::uint64_t kSymbols = 0x500;
  static constexpr std::uint64_t kComment = 0x740;
  static constexpr std::uint64_t kCode = 0x7c0;
  static constexpr char kNames[] = "\0__llvm_prf_cnts\0.comment\0.data.rel.ro.gopclntab";
  static constexpr char kSymbolNames[] = "\0a__gcov_root\0__gcov_dump_one\0ProfileDumped";
  static constexpr char kCompilers[] =
      "GCC: (Debian 12.2.0-14) 12.2.0\0Debian clang version 19.1.7 (3)\0clang version 14.0.6";

  static Elf64_Shdr section(std::uint32_t name, std::uint32_t type, std::uint64_t offset,
                            std::uint64_t size, std::uint64_t entry) {
    Elf64_Shdr made{};
    made.sh_name = name;
    made.sh_type = type;
    made.sh_offset = offset;
    made.sh_size = size;
    made.sh_entsize = entry;
    return made;
  }

  static Elf64_Sym symbol(std::uint32_t name, unsigned char type, std::uint64_t address,
                          std::uint64_t size) {
    Elf64_Sym made{};
    made.st_name = name;
    made.st_info = ELF64_ST_INFO(STB_LOCAL, type);
    made.st_shndx = 1;
    made.st_value = address;
    made.st_size = size;
    return made;
  }
};

TEST(ObjectData, IsWhatVariablesAreSetTo) {
  File file;
  file.header.e_type = ET_REL;
  file.profile.sh_flags = SHF_ALLOC | SHF_WRITE;
  file.profile.sh_offset = File::kCode;
  file.profile.sh_size = 4;
  EXPECT_EQ(read_object_data(FakeMemory(file.bytes())),
            std::vector<std::string>{"\x55\x01\x02\x03"});
  file.profile.sh_size = (std::uint64_t{64} << 20) + 1;
  EXPECT_EQ(read_object_data(FakeMemory(file.bytes())), std::vector<std::string>{});
  file.profile.sh_size = 0x1000;
  EXPECT_EQ(cause_of_error([&] { read_object_data(FakeMemory(file.bytes())); }), "it is truncated");
  EXPECT_EQ(cause_of_error([] { read_object_data(FakeMemory(File().bytes())); }),
            "it is no object file");
}

TEST(ElfImage, FindsWhatCountsCoverage) {
  const ElfImage image = File().read();
  EXPECT_TRUE(image.position_independent);
  EXPECT_EQ(image.build_id, "01abcdef");
  EXPECT_EQ(image.build_id_address, 0x5010U);
  EXPECT_EQ(image.segments, (std::vector<ElfSegment>{{0, 0x5000, 0x800, 0x1000, true}}));
  EXPECT_FALSE(image.stripped);
  EXPECT_EQ(image.gcov_roots, (std::vector<ElfSymbol>{{0x5900, 32}}));
  EXPECT_EQ(image.functions,
            (std::vector<ElfFunction>{{RuntimeFunction::kGcovDumpOne, {0x57c0, 99}, 0x03020155}}));
  EXPECT_EQ(image.llvm.counters, (ElfSection{0x5700, 0x700, 24}));
  EXPECT_FALSE(image.llvm.data);
}

TEST(ElfImage, FindsWhatClangsRuntimeHas) {
  EXPECT_EQ(File().read().llvm.dumped, (ElfSymbol{0x5d00, 4}));
  EXPECT_EQ(File().read().llvm.compilers, (std::vector<unsigned>{19, 14}));
  File file;
  file.same_name.st_name = file.dumped.st_name;
  EXPECT_FALSE(file.read().llvm.dumped) << "it is not known which one it is";
  file.same_name.st_size = 8;
  EXPECT_EQ(file.read().llvm.dumped, (ElfSymbol{0x5d00, 4})) << "it has another size";
  file.profile.sh_name = 0;
  EXPECT_EQ(file.read().llvm, LlvmProfile{}) << "nothing is looked for where nothing is counted";
}

// By a name that its table of functions holds.
TEST(ElfImage, FindsProgramsOfGoThatCount) {
  File file;
  file.comment.sh_name = 26;
  file.comment.sh_addr = 0x5740;
  std::string bytes = file.bytes();
  EXPECT_FALSE(read_elf_image(FakeMemory(bytes)).go_functions);
  EXPECT_TRUE(is_go_program(FakeMemory(bytes)));
  EXPECT_FALSE(is_go_program(FakeMemory(File().bytes())));
  EXPECT_FALSE(is_go_program(FakeMemory("#!/bin/sh")));
  const std::string names("main.main\0runtime/coverage.initHook\0x", 38);
  bytes.replace(File::kComment, names.size(), names);
  const ElfImage image = read_elf_image(FakeMemory(bytes));
  EXPECT_EQ(image.go_functions, (ElfSection{0x5740, File::kComment, file.comment.sh_size}));
  EXPECT_TRUE(may_count(image));
  bytes[File::kComment + 9] = '.';
  EXPECT_FALSE(read_elf_image(FakeMemory(bytes)).go_functions) << "it is the end of another name";
}

TEST(ElfImage, TakesOnlySymbolsOfTheRightKind) {
  File file;
  file.root.st_shndx = SHN_UNDEF;
  file.dump.st_info = ELF64_ST_INFO(STB_LOCAL, STT_OBJECT);
  const ElfImage image = file.read();
  EXPECT_TRUE(image.gcov_roots.empty());
  EXPECT_TRUE(image.functions.empty());
  file.dump.st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC);
  file.dump.st_name += 1;
  EXPECT_TRUE(file.read().functions.empty());
  file.dump.st_name -= 1;
  file.dump.st_value = 0x5800;
  EXPECT_TRUE(file.read().functions.empty()) << "its code is not in the file";
}

TEST(ElfImage, AnImageWithoutSectionsIsStripped) {
  File file;
  file.header.e_shoff = 0;
  const ElfImage image = file.read();
  EXPECT_TRUE(image.stripped);
  EXPECT_TRUE(image.gcov_roots.empty());
  EXPECT_EQ(image.build_id, "01abcdef");
}

TEST(ElfImage, NamesWhatItCannotRead) {
  const auto with = [](auto change) {
    File file;
    change(file);
    return file.cause();
  };
  EXPECT_EQ(with([](File&) {}), "");
  EXPECT_EQ(with([](File& f) { f.header.e_ident[0] = 'x'; }), "it is no ELF file");
  EXPECT_EQ(with([](File& f) { f.header.e_ident[EI_CLASS] = ELFCLASS32; }),
            "it is no 64-bit program");
  EXPECT_EQ(with([](File& f) { f.header.e_ident[EI_DATA] = ELFDATA2MSB; }),
            "it is of a big-endian machine");
  EXPECT_EQ(with([](File& f) { f.header.e_machine = EM_RISCV; }),
            "it is of another machine than x86-64 and aarch64");
  EXPECT_EQ(with([](File& f) { f.header.e_machine = EM_AARCH64; }), "");
  EXPECT_EQ(with([](File& f) { f.header.e_type = ET_CORE; }),
            "it is neither a program nor a shared library");
  EXPECT_EQ(with([](File& f) { f.header.e_phentsize = 8; }),
            "its program headers have a wrong size");
  EXPECT_EQ(with([](File& f) { f.header.e_phnum = 60000; }), "it has too many segments");
  EXPECT_EQ(with([](File& f) { f.header.e_phoff = 0x8f0; }), "it is truncated");
  EXPECT_EQ(with([](File& f) { f.header.e_phoff = ~std::uint64_t{0}; }), "it is truncated");
  EXPECT_EQ(with([](File& f) { f.load.p_vaddr = ~std::uint64_t{0}; }),
            "one of its segments is damaged");
  EXPECT_EQ(with([](File& f) { f.load.p_filesz = 0x2000; }), "one of its segments is damaged");
  EXPECT_EQ(with([](File& f) { f.header.e_shentsize = 8; }),
            "its section headers have a wrong size");
  EXPECT_EQ(with([](File& f) { f.header.e_shnum = 0xfeff; }), "it is truncated");
  EXPECT_EQ(with([](File& f) { f.header.e_shstrndx = 6; }), "its section names are missing");
  EXPECT_EQ(with([](File& f) { f.symbols.sh_entsize = 8; }), "its symbols have a wrong size");
  EXPECT_EQ(with([](File& f) { f.symbols.sh_link = 9; }), "the names of its symbols are missing");
  EXPECT_EQ(with([](File& f) { f.strings.sh_size = std::uint64_t{1} << 40; }),
            "one of its tables is too large");
  EXPECT_EQ(with([](File& f) { f.symbols.sh_size = 0x1000; }), "it is truncated");
}

// A file whose end is all zeros, however long.
class LongFile : public FakeMemory {
 public:
  using FakeMemory::FakeMemory;
  std::size_t read_some(std::uint64_t address, void* buffer, std::size_t size) const override {
    std::memset(buffer, 0, size);
    FakeMemory::read_some(address, buffer, size);
    return size;
  }
};

TEST(ElfImage, FindsSymbolsAmongNamesThatAreNotHeldInMemory) {
  File file;
  file.strings.sh_size = std::uint64_t{500} << 20;
  EXPECT_EQ(read_elf_image(LongFile(file.bytes())).gcov_roots,
            (std::vector<ElfSymbol>{{0x5900, 32}}));
}

TEST(ElfImage, SurvivesAnyBytes) {
  std::mt19937 random(20221);
  const std::string whole = File().bytes();
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = whole;
    for (int change = 0; change < 4; ++change) {
      bytes[4 + random() % 0x5fc] = static_cast<char>(random());
    }
    if (round % 2 == 0) bytes.resize(random() % bytes.size());
    const FakeMemory file(bytes);
    try {
      read_elf_image(file);
    } catch (const Error& error) {
      EXPECT_NE(error.cause(), "");
    }
  }
}

TEST(ElfImage, FindsSegments) {
  const ElfImage image = File().read();
  EXPECT_EQ(find_segment(image, 0x5000, 0x1000), &image.segments[0]);
  EXPECT_EQ(find_segment(image, 0x5fff, 1), &image.segments[0]);
  EXPECT_EQ(find_segment(image, 0x5fff, 2), nullptr);
  EXPECT_EQ(find_segment(image, 0x4fff, 1), nullptr);
  EXPECT_EQ(find_segment(image, 0x5001, ~std::uint64_t{0}), nullptr);
}

#ifdef GENTLE_COUNTED_PROGRAMS

ElfImage image_of(const std::string& program) {
  return read_elf_image(FileMemory(counted_program(program)));
}

TEST(ElfImage, OfAProgram) {
  const ElfImage image = image_of("counted_program");
  EXPECT_TRUE(image.position_independent);
  EXPECT_FALSE(image.stripped);
  ASSERT_EQ(image.gcov_roots.size(), 1U);
  EXPECT_EQ(image.gcov_roots[0].size, 32U);
  EXPECT_TRUE(has_function(image, RuntimeFunction::kGcovExit));
  EXPECT_TRUE(has_function(image, RuntimeFunction::kGcovDumpOne));
  EXPECT_NE(find_segment(image, image.gcov_roots[0].address, 32), nullptr);
  EXPECT_EQ(image.llvm, LlvmProfile{});
  EXPECT_FALSE(image_of("counted_fixed").position_independent);
  EXPECT_FALSE(image_of("counted_static").position_independent);
  EXPECT_TRUE(image_of("counted_static_pie").position_independent);
  EXPECT_EQ(image_of("counted_static").gcov_roots.size(), 1U);
  EXPECT_EQ(image_of("libcounted_lib_left.so").gcov_roots.size(), 1U);
}

TEST(ElfImage, OfAStrippedProgram) {
  const ElfImage image = image_of("stripped/counted_program");
  EXPECT_TRUE(image.stripped);
  EXPECT_TRUE(image.gcov_roots.empty());
  EXPECT_EQ(image.build_id, image_of("counted_program").build_id);
  EXPECT_TRUE(image.may_have_gcov);
}

#endif

TEST(ElfImage, AProgramWithoutCoverageHasNoRuntime) {
  const ElfImage image = read_elf_image(FileMemory("/bin/sh"));
  EXPECT_TRUE(image.gcov_roots.empty());
  EXPECT_FALSE(image.may_have_gcov);
  EXPECT_FALSE(image.clang_gcov);
}

}  // namespace
}  // namespace gentle
