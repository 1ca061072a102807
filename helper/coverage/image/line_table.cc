#include "coverage/image/line_table.h"

#include <cstdint>

#include "coverage/image/bytes.h"
#include "coverage/image/elf_image.h"

// The numbers are those of the standard: dwarfstd.org, DWARF 5, sections 6.2 and 7.22.
namespace gentle {
namespace {

struct Damaged {};

// What is read one after the other. Throws Damaged at the end of the bytes.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }

  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) throw Damaged();
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(taken.size());
    return taken;
  }

  template <typename Number>
  Number take_number() {
    return number_at<Number>(take(sizeof(Number)), 0);
  }

  std::uint64_t take_offset(bool wide) {
    return wide ? take_number<std::uint64_t>() : take_number<std::uint32_t>();
  }

  // Bits beyond 64 are dropped: no number that is used here has any.
  std::uint64_t take_leb128() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = take_number<std::uint8_t>();
      if (shift < 64) value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) return value;
    }
  }

  std::string_view take_string() {
    const std::string_view text = bytes_.substr(0, bytes_.find('\0'));
    take(text.size() + 1);
    return text;
  }

 private:
  std::string_view bytes_;
};

std::string_view string_at(std::string_view strings, std::uint64_t at) {
  if (at >= strings.size()) throw Damaged();
  return Cursor(strings.substr(static_cast<std::size_t>(at))).take_string();
}

enum Form : std::uint64_t {
  kData2 = 0x05,
  kData4 = 0x06,
  kData8 = 0x07,
  kString = 0x08,
  kBlock = 0x09,
  kData1 = 0x0b,
  kStrp = 0x0e,
  kUdata = 0x0f,
  kData16 = 0x1e,
  kLineStrp = 0x1f,
};

constexpr std::uint64_t kPath = 1;            // DW_LNCT_path
constexpr std::uint64_t kDirectoryIndex = 2;  // DW_LNCT_directory_index

enum Operation : std::uint8_t {
  kCopy = 1,
  kSetFile = 4,
  kFixedAdvancePc = 9,
  // Extended ones: behind a 0 and their length.
  kEndSequence = 1,
  kSetAddress = 2,
};

struct Entry {
  std::string_view path;
  std::uint64_t folder = 0;
};

// One unit: its header with the names of folders and files, then a program for a small machine,
// whose rows say which line of which file an address is of.
class Unit {
 public:
  Unit(Cursor bytes, bool wide, const LineSections& sections)
      : bytes_(bytes), sections_(sections), wide_(wide) {}

  LineUnit read() {
    read_header();
    LineUnit files;
    run(files);
    files.erase("");
    return files;
  }

 private:
  void read_header() {
    version_ = bytes_.take_number<std::uint16_t>();
    if (version_ < 2 || version_ > 5) throw Damaged();
    if (version_ == 5) bytes_.take(2);  // sizes of an address and of a segment selector
    const std::uint64_t size = bytes_.take_offset(wide_);
    Cursor header(bytes_.take(size));
    // The length of an instruction, is_stmt, line_base, line_range; version 4: operations in one.
    header.take(version_ >= 4 ? 5 : 4);
    const auto first_special = header.take_number<std::uint8_t>();
    if (first_special == 0) throw Damaged();
    operands_ = header.take(first_special - 1U);
    if (version_ == 5) {
      folders_ = take_entries(header);
      files_ = take_entries(header);
    } else {
      read_old_names(header);
    }
  }

  void read_old_names(Cursor& header) {
    folders_ = {{}};  // where the compiler ran, which is not told here
    for (auto name = header.take_string(); !name.empty(); name = header.take_string()) {
      folders_.push_back({name});
    }
    files_ = {{}};  // they are counted from one
    for (auto name = header.take_string(); !name.empty(); name = header.take_string()) {
      const std::uint64_t folder = header.take_leb128();
      header.take_leb128();  // when it was written
      header.take_leb128();  // its size
      files_.push_back({name, folder});
    }
  }

  std::vector<Entry> take_entries(Cursor& header) const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> formats(
        header.take_number<std::uint8_t>());
    for (auto& [content, form] : formats) {
      content = header.take_leb128();
      form = header.take_leb128();
    }
    std::vector<Entry> entries;
    // Without formats an entry has no bytes: there could be any number of them.
    for (std::uint64_t left = header.take_leb128(); left > 0 && !formats.empty(); --left) {
      Entry& entry = entries.emplace_back();
      for (const auto& [content, form] : formats) take_field(header, content, form, entry);
    }
    return entries;
  }

  void take_field(Cursor& header, std::uint64_t content, std::uint64_t form, Entry& entry) const {
    std::string_view text;
    std::uint64_t number = 0;
    switch (form) {
      case kString:
        text = header.take_string();
        break;
      case kLineStrp:
        text = string_at(sections_.line_strings, header.take_offset(wide_));
        break;
      case kStrp:
        text = string_at(sections_.strings, header.take_offset(wide_));
        break;
      case kData1:
        number = header.take_number<std::uint8_t>();
        break;
      case kData2:
        number = header.take_number<std::uint16_t>();
        break;
      case kData4:
        number = header.take_number<std::uint32_t>();
        break;
      case kData8:
        number = header.take_number<std::uint64_t>();
        break;
      case kUdata:
        number = header.take_leb128();
        break;
      case kData16:
        header.take(16);
        break;
      case kBlock:
        header.take(header.take_leb128());
        break;
      default:
        throw Damaged();
    }
    if (content == kPath) entry.path = text;
    if (content == kDirectoryIndex) entry.folder = number;
  }

  // "" if it is not absolute, or not there.
  std::string path_of(std::uint64_t number) const {
    if (number >= files_.size()) return "";
    const Entry& file = files_[static_cast<std::size_t>(number)];
    if (file.path.starts_with('/')) return std::string(file.path);
    if (file.folder >= folders_.size()) return "";
    const std::string_view folder = folders_[static_cast<std::size_t>(file.folder)].path;
    std::string path = std::string(folder) + "/" + std::string(file.path);
    if (folder.starts_with('/')) return path;
    const std::string_view base = folders_[0].path;
    return base.starts_with('/') ? std::string(base) + "/" + path : "";
  }

  // Every row but that behind the last instruction is code of the current file.
  void run(LineUnit& files) {
    while (!bytes_.at_end()) {
      const auto code = bytes_.take_number<std::uint8_t>();
      if (code == 0) {
        run_extended(bytes_.take(bytes_.take_leb128()));
      } else if (code == kFixedAdvancePc) {
        bytes_.take(2);  // the only operand of a fixed size
      } else if (code <= operands_.size()) {
        run_standard(code);
      } else {
        add_row();  // all of these add one
      }
    }
    for (const std::uint64_t number : with_code_) files.insert(path_of(number));
  }

  void run_extended(std::string_view operation) {
    Cursor operands(operation);
    const auto code = operands.take_number<std::uint8_t>();
    if (code == kSetAddress) {
      is_linked_ = is_address(operation.substr(1));
    } else if (code == kEndSequence) {
      file_ = 1;
      is_linked_ = false;
    }
  }

  void run_standard(std::uint8_t code) {
    std::uint64_t first = 0;
    const auto count = static_cast<unsigned char>(operands_[code - 1U]);
    for (unsigned i = 0; i < count; ++i) {
      const std::uint64_t operand = bytes_.take_leb128();
      if (i == 0) first = operand;
    }
    if (code == kSetFile) file_ = first;
    if (code == kCopy) add_row();
  }

  void add_row() {
    if (is_linked_) with_code_.insert(file_);
  }

  // Linkers write a number near 0 or -1 for what they have left out.
  static bool is_address(std::string_view bytes) {
    constexpr std::uint64_t kPage = 4096;
    if (bytes.size() != sizeof(std::uint64_t)) throw Damaged();
    const auto address = number_at<std::uint64_t>(bytes, 0);
    return address >= kPage && address < -kPage;
  }

  Cursor bytes_;
  const LineSections& sections_;
  bool wide_;
  unsigned version_ = 0;
  std::string_view operands_;  // how many each standard operation has, from the first one on
  std::vector<Entry> folders_;
  std::vector<Entry> files_;

  // The state of the machine.
  std::uint64_t file_ = 1;
  bool is_linked_ = false;
  std::set<std::uint64_t> with_code_;  // by number
};

}  // namespace

std::vector<LineUnit> parse_line_tables(const LineSections& sections) {
  std::vector<LineUnit> units;
  Cursor rest(sections.lines);
  while (!rest.at_end()) {
    Cursor unit("");
    bool wide = false;
    try {
      std::uint64_t size = rest.take_number<std::uint32_t>();
      wide = size == 0xffffffff;
      if (wide) size = rest.take_number<std::uint64_t>();
      unit = Cursor(rest.take(size));
    } catch (const Damaged&) {
      break;
    }
    try {
      units.push_back(Unit(unit, wide, sections).read());
    } catch (const Damaged&) {
      continue;
    }
  }
  return units;
}

std::vector<LineUnit> read_line_tables(const Memory& program) {
  const std::vector<std::string> sections =
      read_elf_sections(program, {".debug_line", ".debug_line_str", ".debug_str"});
  return parse_line_tables({sections[0], sections[1], sections[2]});
}

}  // namespace gentle
