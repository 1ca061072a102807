#include "coverage/image/elf_image.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <set>

#include "base/error.h"
#include "coverage/image/bytes.h"
#include "coverage/image/runtime_text.h"

namespace gentle {
namespace {

// A damaged header must not make us read for ever. Real programs have some ten segments, some
// thirty sections (an object of -ffunction-sections thousands) and at most ten million symbols.
constexpr std::uint64_t kMostSegments = 256;
constexpr std::uint64_t kMostSections = 65536;
constexpr std::uint64_t kLargestTable = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostStrings = std::uint64_t{128} << 20;  // are held in memory at once
constexpr std::uint64_t kLongestWanted = 256;
// A real image has one of each, or a few.
constexpr std::size_t kMostFound = 256;
constexpr std::uint64_t kLargestNote = std::uint64_t{1} << 16;
constexpr std::size_t kAlignment = 8;  // of sections of one name, behind each other
constexpr std::uint64_t kMostNames = std::uint64_t{1} << 22;  // of sections
constexpr std::uint64_t kMostData = std::uint64_t{64} << 20;  // of a section of an object
constexpr std::uint64_t kLargestComment = std::uint64_t{1} << 16;
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kSmallPiece = std::size_t{1} << 16;

constexpr std::string_view kRoot = "__gcov_root";
constexpr std::string_view kClangInit = "llvm_gcov_init";
constexpr std::string_view kClang = "clang version ";
constexpr std::string_view kGoFunctions = ".gopclntab";  // of a PIE: .data.rel.ro.gopclntab
// Only what is built with -cover calls it (runtime/coverage, since Go 1.20). Its name is in the
// table for stack traces.
constexpr std::string_view kGoInit{"\0runtime/coverage.initHook\0", 27};

bool is_between(char c, char first, char last) { return first <= c && c <= last; }

// "B22*" and the like, and nothing behind it: a release of any gcc (coverage/gcov/gcov_version.cc).
bool looks_like_gcov_version(std::uint64_t word) {
  const auto letter = [word](int index) { return static_cast<char>(word >> (24 - 8 * index)); };
  return word <= UINT32_MAX && is_between(letter(0), 'A', 'Z') && is_between(letter(1), '0', '9') &&
         is_between(letter(2), '0', '9') && letter(3) == '*';
}

struct KnownFunction {
  std::string_view name;
  RuntimeFunction function;
};
constexpr KnownFunction kFunctions[] = {
    {"__gcov_exit", RuntimeFunction::kGcovExit},
    {"__gcov_dump_one", RuntimeFunction::kGcovDumpOne},
    {"__llvm_profile_write_file", RuntimeFunction::kLlvmWriteFile},
    {"_dl_debug_state", RuntimeFunction::kLibrariesLoaded},
};
constexpr const KnownFunction& kLibrariesLoaded = kFunctions[3];

const KnownFunction* find_function(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [name](const auto& known) { return known.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

struct LlvmSection {
  std::string_view name;
  std::optional<ElfSection> LlvmProfile::*place;
};
constexpr LlvmSection kLlvmSections[] = {
    {"__llvm_prf_cnts", &LlvmProfile::counters}, {"__llvm_prf_data", &LlvmProfile::data},
    {"__llvm_prf_names", &LlvmProfile::names},   {"__llvm_prf_bits", &LlvmProfile::bitmap},
    {"__llvm_prf_vtab", &LlvmProfile::vtables},  {"__llvm_prf_vns", &LlvmProfile::vtable_names},
};

struct LlvmVariable {
  std::string_view name;
  std::uint64_t least_size;
  std::uint64_t largest_size;
  std::optional<ElfSymbol> LlvmProfile::*place;
};
constexpr LlvmVariable kLlvmVariables[] = {
    {"__llvm_profile_raw_version", 8, 8, &LlvmProfile::version},
    {"VPMergeHook", 8, 8, &LlvmProfile::merge_hook},
    {"FreeHook", 8, 8, &LlvmProfile::free_hook},
    {"ProfileDumped", 4, 4, &LlvmProfile::dumped},
    {"lprofCurFilename", 192, 1024, &LlvmProfile::file_name},
};

const LlvmVariable* find_llvm_variable(std::string_view name) {
  for (const LlvmVariable& variable : kLlvmVariables) {
    if (variable.name == name) return &variable;
  }
  return nullptr;
}

// A few names among very many: nearly all others differ from each in their first four bytes.
class Wanted {
 public:
  explicit Wanted(const std::vector<std::string_view>& names) : names_(names) {
    for (const std::string_view name : names) firsts_.push_back(first_of(name.data()));
  }

  // The name that the text begins with, if it is one of these, or "".
  std::string_view find(std::string_view rest) const {
    if (rest.size() <= kFirst) return "";
    const std::uint32_t first = first_of(rest.data());
    for (std::size_t i = 0; i < firsts_.size(); ++i) {
      const std::string_view name = names_[i];
      if (first == firsts_[i] && rest.starts_with(name) && rest.size() > name.size() &&
          rest[name.size()] == '\0') {
        return name;
      }
    }
    return "";
  }

 private:
  static constexpr std::size_t kFirst = sizeof(std::uint32_t);

  static std::uint32_t first_of(const char* text) {
    std::uint32_t first = 0;
    std::memcpy(&first, text, kFirst);
    return first;
  }

  const std::vector<std::string_view>& names_;
  std::vector<std::uint32_t> firsts_;
};

class Reader {
 public:
  explicit Reader(const Memory& file) : file_(file) {}

  ElfImage read() {
    read_image_header();
    read_segments();
    read_sections();
    read_build_id();
    find_llvm_profile();
    find_go_coverage();
    read_symbols();
    read_dynamic_symbols();
    read_code();
    if (image_.stripped) find_stripped_runtime();
    return std::move(image_);
  }

  std::set<std::string_view> find_symbols(const std::vector<std::string_view>& wanted) {
    read_image_header();
    read_sections();
    std::set<std::string_view> found;
    // What others give is in .dynsym. .symtab has much more, and what is linked into it: all of it,
    // if nothing is from others, or what has to be run before they are (a sanitizer).
    const bool whole = !has_section(SHT_DYNSYM) || has_section(SHT_PREINIT_ARRAY);
    for (const Elf64_Shdr& section : sections_) {
      const bool asked = section.sh_type == SHT_DYNSYM || (whole && section.sh_type == SHT_SYMTAB);
      if (!asked) continue;
      look_up(section, wanted,
              [&](std::string_view name, const Elf64_Sym&) { found.insert(name); });
    }
    return found;
  }

  bool has_go_functions() {
    read_image_header();
    read_sections();
    return std::any_of(sections_.begin(), sections_.end(), [this](const Elf64_Shdr& section) {
      return name_of(section).ends_with(kGoFunctions);
    });
  }

  std::vector<std::string> contents(const std::vector<std::string_view>& names) {
    read_image_header();
    read_sections();
    std::vector<std::string> contents(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      for (const Elf64_Shdr& section : sections_) {
        if (!is_readable(section) || name_of(section) != names[i]) continue;
        if (!contents[i].empty() &&
            section.sh_size > kMostData - std::min(contents[i].size(), kMostData)) {
          fail("its sections of one name are too large");
        }
        contents[i].resize((contents[i].size() + kAlignment - 1) / kAlignment * kAlignment);
        contents[i] += content_of(section);
      }
    }
    return contents;
  }

  std::vector<std::string> initialised_data() {
    read_header();
    if (header_.e_type != ET_REL) fail("it is no object file");
    read_sections();
    std::vector<std::string> contents;
    for (const Elf64_Shdr& section : sections_) {
      const bool is_data = is_readable(section) && (section.sh_flags & SHF_WRITE) != 0 &&
                           section.sh_size <= kMostData;
      if (is_data) contents.push_back(content_of(section));
    }
    return contents;
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const {
    throw Error("read program", file_.name(), cause);
  }

  void read_at(std::uint64_t offset, void* buffer, std::size_t size) const {
    if (file_.read_some(offset, buffer, size) != size) fail("it is truncated");
  }

  // Without keeping them: of symbols there are many.
  template <typename Record, typename Use>
  void for_each(std::uint64_t offset, std::uint64_t count, const Use& use) const {
    if (count > kLargestTable / sizeof(Record)) fail("one of its tables is too large");
    std::vector<Record> records(std::min<std::uint64_t>(count, kSmallPiece / sizeof(Record)));
    for (std::uint64_t done = 0; done < count;) {
      const std::uint64_t part = std::min<std::uint64_t>(records.size(), count - done);
      read_at(offset + done * sizeof(Record), records.data(), part * sizeof(Record));
      std::for_each_n(records.begin(), part, use);
      done += part;
    }
  }

  template <typename Record>
  std::vector<Record> table(std::uint64_t offset, std::uint64_t count) const {
    if (count > kLargestTable / sizeof(Record)) fail("one of its tables is too large");
    // Nothing is reserved for what the file only claims to have.
    std::vector<Record> records;
    constexpr std::uint64_t kAtOnce = kPiece / sizeof(Record);
    while (records.size() < count) {
      const std::uint64_t first = records.size();
      const std::uint64_t part = std::min<std::uint64_t>(kAtOnce, count - first);
      records.resize(first + part);
      read_at(offset + first * sizeof(Record), &records[first], part * sizeof(Record));
    }
    return records;
  }

  void read_header() {
    std::array<unsigned char, EI_NIDENT> ident{};
    if (file_.read_some(0, ident.data(), ident.size()) != ident.size() ||
        std::memcmp(ident.data(), ELFMAG, SELFMAG) != 0) {
      fail("it is no ELF file");
    }
    if (ident[EI_CLASS] != ELFCLASS64) fail("it is no 64-bit program");
    if (ident[EI_DATA] != ELFDATA2LSB) fail("it is of a big-endian machine");
    read_at(0, &header_, sizeof header_);
    if (header_.e_machine != EM_X86_64 && header_.e_machine != EM_AARCH64) {
      fail("it is of another machine than x86-64 and aarch64");
    }
  }

  void read_image_header() {
    read_header();
    if (header_.e_type != ET_EXEC && header_.e_type != ET_DYN) {
      fail("it is neither a program nor a shared library");
    }
    image_.position_independent = header_.e_type == ET_DYN;
  }

  void read_segments() {
    if (header_.e_phentsize != sizeof(Elf64_Phdr)) fail("its program headers have a wrong size");
    if (header_.e_phnum > kMostSegments) fail("it has too many segments");
    programs_ = table<Elf64_Phdr>(header_.e_phoff, header_.e_phnum);
    for (const Elf64_Phdr& program : programs_) {
      if (program.p_type != PT_LOAD || program.p_memsz == 0) continue;
      const bool wraps = program.p_vaddr + program.p_memsz < program.p_vaddr ||
                         program.p_offset + program.p_filesz < program.p_offset;
      if (wraps || program.p_filesz > program.p_memsz) fail("one of its segments is damaged");
      image_.segments.push_back({program.p_offset, program.p_vaddr, program.p_filesz,
                                 program.p_memsz, (program.p_flags & PF_W) != 0});
    }
    std::sort(image_.segments.begin(), image_.segments.end(),
              [](const ElfSegment& a, const ElfSegment& b) { return a.address < b.address; });
  }

  // A program may have no section headers: nothing is found in it then.
  void read_sections() {
    if (header_.e_shoff == 0) return;
    if (header_.e_shentsize != sizeof(Elf64_Shdr)) fail("its section headers have a wrong size");
    // The first header holds what does not fit into the ELF header: elf(5), SHN_LORESERVE.
    const Elf64_Shdr first = table<Elf64_Shdr>(header_.e_shoff, 1).front();
    const std::uint64_t count = header_.e_shnum != 0 ? header_.e_shnum : first.sh_size;
    if (count > kMostSections) fail("it has too many sections");
    sections_ = table<Elf64_Shdr>(header_.e_shoff, count);
    const std::uint64_t names =
        header_.e_shstrndx != SHN_XINDEX ? header_.e_shstrndx : first.sh_link;
    if (names == SHN_UNDEF) return;
    if (names >= sections_.size()) fail("its section names are missing");
    const std::uint64_t size = std::min(sections_[names].sh_size, kMostNames);
    names_ = table<char>(sections_[names].sh_offset, size);
  }

  std::string_view name_of(const Elf64_Shdr& section) const {
    const std::string_view names(names_.data(), names_.size());
    const std::size_t begin = std::min<std::size_t>(section.sh_name, names.size());
    return names.substr(begin, names.find('\0', begin) - begin);
  }

  static bool is_readable(const Elf64_Shdr& section) {
    return section.sh_type == SHT_PROGBITS && (section.sh_flags & SHF_COMPRESSED) == 0;
  }

  std::string content_of(const Elf64_Shdr& section) const {
    const std::vector<char> bytes = table<char>(section.sh_offset, section.sh_size);
    return {bytes.begin(), bytes.end()};
  }

  // .note.gnu.build-id, which is loaded and so named by a program header.
  void read_build_id() {
    for (const Elf64_Phdr& program : programs_) {
      if (program.p_type != PT_NOTE || program.p_filesz > kLargestNote) continue;
      const std::vector<char> notes = table<char>(program.p_offset, program.p_filesz);
      const std::uint64_t align = program.p_align == 8 ? 8 : 4;
      std::uint64_t at = 0;
      while (at + sizeof(Elf64_Nhdr) <= notes.size() && image_.build_id.empty()) {
        at = read_note(notes, at, align, program.p_vaddr);
      }
    }
  }

  // Gives back where the next note is.
  std::uint64_t read_note(const std::vector<char>& notes, std::uint64_t at, std::uint64_t align,
                          std::uint64_t address) {
    Elf64_Nhdr note;
    std::memcpy(&note, &notes[at], sizeof note);
    const auto aligned = [align](std::uint64_t size) { return (size + align - 1) / align * align; };
    const std::uint64_t name = at + sizeof note;
    const std::uint64_t content = at + aligned(sizeof note + note.n_namesz);
    if (note.n_type != NT_GNU_BUILD_ID || content + note.n_descsz > notes.size() ||
        std::string_view(notes.data() + name, note.n_namesz) != std::string_view("GNU\0", 4)) {
      return content + aligned(note.n_descsz);
    }
    image_.build_id_address = address + content;
    image_.build_id = hexadecimal(std::string_view(notes.data() + content, note.n_descsz));
    return content + aligned(note.n_descsz);
  }

  bool has_section(std::uint32_t type) const {
    return std::any_of(sections_.begin(), sections_.end(),
                       [type](const Elf64_Shdr& section) { return section.sh_type == type; });
  }

  // At most one such table is there: elf(5). What is looked for is hidden and so not in .dynsym.
  void read_symbols() {
    const auto symbols =
        std::find_if(sections_.begin(), sections_.end(),
                     [](const Elf64_Shdr& section) { return section.sh_type == SHT_SYMTAB; });
    image_.stripped = symbols == sections_.end();
    if (image_.stripped) return;
    std::vector<std::string_view> wanted = {kRoot, kClangInit};
    for (const KnownFunction& known : kFunctions) wanted.push_back(known.name);
    if (image_.llvm.counters) {
      for (const LlvmVariable& variable : kLlvmVariables) wanted.push_back(variable.name);
    }
    look_up(*symbols, wanted,
            [this](std::string_view name, const Elf64_Sym& symbol) { take_symbol(name, symbol); });
  }

  // That of the loader, which is stripped as a rule.
  void read_dynamic_symbols() {
    const std::vector<std::string_view> wanted = {kLibrariesLoaded.name};
    for (const Elf64_Shdr& section : sections_) {
      if (section.sh_type != SHT_DYNSYM) continue;
      look_up(section, wanted, [this](std::string_view name, const Elf64_Sym& symbol) {
        take_symbol(name, symbol);
      });
    }
  }

  void read_code() {
    for (ElfFunction& function : image_.functions) {
      const std::uint64_t address = function.symbol.address;
      const ElfSegment* segment = find_segment(image_, address, sizeof function.code);
      if (segment == nullptr ||
          address - segment->address + sizeof function.code > segment->file_size)
        continue;
      read_at(segment->offset + (address - segment->address), &function.code, sizeof function.code);
    }
    std::erase_if(image_.functions, [](const auto& function) { return function.code == 0; });
  }

  template <typename Take>
  void look_up(const Elf64_Shdr& symbols, const std::vector<std::string_view>& wanted,
               const Take& take) {
    if (symbols.sh_entsize != sizeof(Elf64_Sym)) fail("its symbols have a wrong size");
    if (symbols.sh_link >= sections_.size()) fail("the names of its symbols are missing");
    const Elf64_Shdr& strings = sections_[symbols.sh_link];
    Names names(*this, strings);
    const Wanted filter(wanted);
    for_each<Elf64_Sym>(symbols.sh_offset, symbols.sh_size / sizeof(Elf64_Sym),
                        [&](const Elf64_Sym& symbol) {
                          const std::string_view name = filter.find(names.from(symbol.st_name));
                          if (!name.empty()) take(name, symbol);
                        });
  }

  // A table of names; of one that is too large to be held, a part. Linkers write names in the order
  // of their symbols.
  class Names {
   public:
    Names(const Reader& reader, const Elf64_Shdr& table) : reader_(reader), table_(table) {
      if (table.sh_size > kLargestTable) reader.fail("one of its tables is too large");
      if (table.sh_size <= kMostStrings) load(0, table.sh_size);
    }

    // What stands from there on, as far as a name goes that is wanted.
    std::string_view from(std::uint64_t at) {
      if (at >= table_.sh_size) return "";
      const std::uint64_t end = std::min(at + kLongestWanted, table_.sh_size);
      if (at < first_ || end > first_ + text_.size()) {
        load(at, std::min<std::uint64_t>(kPiece, table_.sh_size - at));
      }
      return std::string_view(text_.data(), text_.size()).substr(at - first_);
    }

   private:
    void load(std::uint64_t first, std::uint64_t size) {
      first_ = first;
      text_ = reader_.table<char>(table_.sh_offset + first, size);
    }

    const Reader& reader_;
    const Elf64_Shdr& table_;
    std::uint64_t first_ = 0;
    std::vector<char> text_;
  };

  void find_stripped_runtime() {
    image_.may_have_gcov = has_gcov_version();
    if (image_.may_have_gcov || image_.llvm.counters) return;
    // Texts stand here, or if there are no sections, anywhere in what is not written to.
    bool has_texts = false;
    for (const Elf64_Shdr& section : sections_) {
      if (name_of(section) != ".rodata" || section.sh_type != SHT_PROGBITS) continue;
      has_texts = true;
      find_clang_gcov(section.sh_offset, section.sh_size);
    }
    for (const ElfSegment& segment : image_.segments) {
      if (!has_texts && !segment.writable) find_clang_gcov(segment.offset, segment.file_size);
    }
  }

  void find_clang_gcov(std::uint64_t offset, std::uint64_t size) {
    if (!image_.clang_gcov) image_.clang_gcov = find_runtime_texts(file_, offset, size).clang_gcov;
  }

  // In __gcov_master, see find_gcov_roots().
  bool has_gcov_version() const {
    return std::any_of(image_.segments.begin(), image_.segments.end(), [&](const auto& segment) {
      if (!segment.writable) return false;
      const std::uint64_t start = (segment.address + 7) / 8 * 8 - segment.address;
      if (segment.file_size < start) return false;
      bool found = false;
      for_each<std::uint64_t>(
          segment.offset + start, (segment.file_size - start) / sizeof(std::uint64_t),
          [&](std::uint64_t word) { found = found || looks_like_gcov_version(word); });
      return found;
    });
  }

  void take_symbol(std::string_view name, const Elf64_Sym& symbol) {
    if (symbol.st_shndx == SHN_UNDEF) return;
    const ElfSymbol found{symbol.st_value, symbol.st_size};
    const unsigned type = ELF64_ST_TYPE(symbol.st_info);
    if (const LlvmVariable* variable = find_llvm_variable(name)) {
      if (type == STT_OBJECT && found.size >= variable->least_size &&
          found.size <= variable->largest_size) {
        take_variable(*variable, found);
      }
      return;
    }
    if (name == kClangInit) {
      image_.clang_gcov = true;
      return;
    }
    if (const KnownFunction* known = find_function(name)) {
      if (type == STT_FUNC) add(image_.functions, {known->function, found});
    } else if (type == STT_OBJECT) {
      add(image_.gcov_roots, found);
    }
  }

  template <typename Value>
  static void add(std::vector<Value>& values, const Value& value) {
    if (values.size() >= kMostFound) return;
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }

  // The program may have a variable of that name, too: then it is not known which one it is.
  void take_variable(const LlvmVariable& variable, const ElfSymbol& found) {
    auto& known = image_.llvm.*variable.place;
    const bool first = variables_.insert(variable.name).second;
    if (first) known = found;
    if (known != found) known.reset();
  }

  void find_llvm_profile() {
    for (const Elf64_Shdr& section : sections_) {
      const std::string_view name = name_of(section);
      if (!name.starts_with("__llvm_")) continue;
      if (name == "__llvm_covmap") image_.llvm.has_mapping = true;  // is not loaded
      if ((section.sh_flags & SHF_ALLOC) == 0) continue;
      for (const LlvmSection& wanted : kLlvmSections) {
        if (name != wanted.name) continue;
        image_.llvm.*wanted.place = {section.sh_addr, section.sh_offset, section.sh_size};
      }
    }
    if (image_.llvm.counters) read_compilers();
  }

  void find_go_coverage() {
    for (const Elf64_Shdr& section : sections_) {
      if (!is_readable(section) || !name_of(section).ends_with(kGoFunctions)) continue;
      if (section.sh_size > kLargestTable || !holds(section, kGoInit)) continue;
      image_.go_functions = {section.sh_addr, section.sh_offset, section.sh_size};
    }
  }

  bool holds(const Elf64_Shdr& section, std::string_view text) const {
    const std::uint64_t overlap = text.size() - 1;
    for (std::uint64_t at = 0; at + text.size() <= section.sh_size; at += kPiece) {
      const std::uint64_t size = std::min<std::uint64_t>(kPiece + overlap, section.sh_size - at);
      const std::vector<char> piece = table<char>(section.sh_offset + at, size);
      if (std::string_view(piece.data(), piece.size()).find(text) != std::string_view::npos) {
        return true;
      }
    }
    return false;
  }

  // .comment: one text for each compiler and linker, "Debian clang version 19.1.7 (3~deb12u1)".
  void read_compilers() {
    for (const Elf64_Shdr& section : sections_) {
      if (name_of(section) != ".comment" || section.sh_type != SHT_PROGBITS) continue;
      const std::uint64_t size = std::min(section.sh_size, kLargestComment);
      const std::vector<char> comment = table<char>(section.sh_offset, size);
      const std::string_view text(comment.data(), comment.size());
      for (std::size_t at = text.find(kClang); at != std::string_view::npos;
           at = text.find(kClang, at)) {
        at += kClang.size();
        take_compiler(text.substr(at, 4));
      }
    }
  }

  void take_compiler(std::string_view number) {
    unsigned major = 0;
    std::from_chars(number.data(), number.data() + number.size(), major);
    auto& known = image_.llvm.compilers;
    if (std::find(known.begin(), known.end(), major) == known.end()) known.push_back(major);
  }

  const Memory& file_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> programs_;
  std::vector<Elf64_Shdr> sections_;
  std::vector<char> names_;
  std::set<std::string_view> variables_;  // of clang's runtime, that were seen
  ElfImage image_;
};

}  // namespace

ElfImage read_elf_image(const Memory& file) { return Reader(file).read(); }

bool is_go_program(const Memory& file) {
  try {
    return Reader(file).has_go_functions();
  } catch (const OverBudget&) {
    throw;
  } catch (const Error&) {
    return false;
  }
}

bool has_function(const ElfImage& image, RuntimeFunction function) {
  return std::any_of(image.functions.begin(), image.functions.end(),
                     [function](const auto& each) { return each.function == function; });
}

bool may_count(const ElfImage& image) {
  return !image.gcov_roots.empty() || image.may_have_gcov || image.clang_gcov ||
         image.llvm.counters.has_value() || image.go_functions.has_value() ||
         image.foreign != ForeignKind::kNone;
}

std::set<std::string_view> find_symbols(const Memory& file,
                                        const std::vector<std::string_view>& wanted) {
  return Reader(file).find_symbols(wanted);
}

std::vector<std::string> read_elf_sections(const Memory& file,
                                           const std::vector<std::string_view>& names) {
  return Reader(file).contents(names);
}

std::vector<std::string> read_object_data(const Memory& file) {
  return Reader(file).initialised_data();
}

const ElfSegment* find_segment(const ElfImage& image, std::uint64_t address, std::uint64_t size) {
  for (const ElfSegment& segment : image.segments) {
    if (address >= segment.address && address - segment.address <= segment.memory_size &&
        size <= segment.memory_size - (address - segment.address)) {
      return &segment;
    }
  }
  return nullptr;
}

}  // namespace gentle
