#include "coverage/gcov/unit_notes.h"

#include <unordered_map>
#include <utility>

#include "coverage/gcov/gcov_version.h"

namespace gentle {
namespace {

// A block has its arcs counted once for each of its places. With thousands of both, a small file
// would be a large result: so much more than its bytes a file may ask for. Real ones stay below 1.
constexpr std::uint64_t kMostArcsForAByte = 16;

template <typename Item>
std::span<const Item> part_of(const std::vector<Item>& items, std::uint32_t begin,
                              std::uint32_t size) {
  return std::span<const Item>(items).subspan(begin, size);
}

template <typename Item>
std::uint32_t size_of(const std::vector<Item>& items) {
  return static_cast<std::uint32_t>(items.size());
}

class UnitNotesParser {
 public:
  UnitNotesParser(std::string_view bytes, const std::string& name, const FolderExists& exists,
                  UnitNotes used)
      : reader_(bytes, name), source_names_(reader_), exists_(exists), unit_(std::move(used)) {
    unit_.name = name;
    unit_.header = reader_.header();
    most_work_ = kMostArcsForAByte * bytes.size();
    unit_.directory = reader_.directory();
    if (find_gcov_format(unit_.header.version) == nullptr) {
      throw reader_.wrong("it is of " + describe_gcov_version(unit_.header.version) +
                          ", which is unknown here; known are " + supported_gcov_versions());
    }
    make_room(bytes.size());
    while (const auto record = reader_.next()) read_record(*record);
    end_function();
  }

  UnitNotes take() { return std::move(unit_); }

 private:
  // A place and its line need at least 32 bytes, an arc 8, of which most share a record.
  void make_room(std::size_t bytes) {
    unit_.sources.clear();
    unit_.decisions.clear();
    empty(unit_.functions, bytes / 256);
    empty(unit_.arcs, bytes / 24);
    empty(unit_.places, bytes / 48);
    empty(unit_.lines, bytes / 48);
  }

  // New memory costs as much as the reading; but that of a large object is not kept for small ones.
  template <typename Item>
  static void empty(std::vector<Item>& items, std::size_t expected) {
    constexpr std::size_t kMostSpare = 2;
    if (items.capacity() / kMostSpare > expected) std::vector<Item>().swap(items);  // = {} keeps it
    items.clear();
    items.reserve(expected);
  }

  [[gnu::always_inline]] std::uint32_t word(GcnoWords& words) const { return reader_.word(words); }

  void read_record(const GcnoRecord& record) {
    if (record.tag == kGcnoFunctionTag) {
      end_function();
      read_function(record.body);
      return;
    }
    if (unit_.functions.empty()) return;
    if (record.tag == kGcnoBlocksTag) read_blocks(record.body);
    if (record.tag == kGcnoArcsTag) read_arcs(record.body);
    if (record.tag == kGcnoLinesTag) read_lines(record.body);
    if (record.tag == kGcnoConditionsTag) read_decisions(record.body);
  }

  void read_function(GcnoWords record) {
    FunctionNotes function;
    function.ident = word(record);
    function.lines_checksum = word(record);
    function.flow_checksum = word(record);
    function.name = reader_.text(record);
    function.is_artificial = word(record) != 0;
    function.source = source_of(source_names_.read(record));
    function.start_line = word(record);
    function.start_column = word(record);
    function.end_line = word(record);
    function.end_column = word(record);
    function.arcs.begin = size_of(unit_.arcs);
    function.places.begin = size_of(unit_.places);
    function.decisions.begin = size_of(unit_.decisions);
    unit_.functions.push_back(function);
    has_blocks_ = false;
  }

  void read_blocks(GcnoWords record) {
    if (has_blocks_) throw reader_.wrong("a function has its blocks twice");
    has_blocks_ = true;
    unit_.functions.back().blocks = word(record);
  }

  std::uint32_t block(GcnoWords& words) const {
    const std::uint32_t number = word(words);
    const FunctionNotes& function = unit_.functions.back();
    if (number >= function.blocks) fail_for_block(number, function.blocks);
    return number;
  }

  [[noreturn]] void fail_for_block(std::uint32_t number, std::uint32_t blocks) const {
    throw reader_.wrong("it names block " + std::to_string(number) + " of a function of " +
                        std::to_string(blocks));
  }

  void read_arcs(GcnoWords record) {
    const std::uint32_t source = block(record);
    while (!record.at_end()) {
      const std::uint32_t destination = block(record);
      unit_.arcs.push_back({source, destination, word(record)});
    }
  }

  // The block; then lines, and a zero and a name before those of another file, until an empty name.
  void read_lines(GcnoWords record) {
    const std::uint32_t number = block(record);
    if (word(record) != 0) throw reader_.wrong("it names a line of no source");
    for (;;) {
      const std::string_view name = source_names_.read(record);
      if (name.empty()) return;
      NotesPlace place{number, source_of(name), size_of(unit_.lines), 0};
      while (const std::uint32_t line = word(record)) unit_.lines.push_back(line);
      place.lines = size_of(unit_.lines) - place.first_line;
      unit_.places.push_back(place);
    }
  }

  void read_decisions(GcnoWords record) {
    while (!record.at_end()) {
      const std::uint32_t number = block(record);
      unit_.decisions.push_back({number, word(record)});
    }
  }

  // So that the work on a function stays in proportion to its bytes.
  void end_function() {
    if (unit_.functions.empty()) return;
    FunctionNotes& function = unit_.functions.back();
    if (!has_blocks_) throw reader_.wrong(kGcnoTruncated);
    function.arcs.size = size_of(unit_.arcs) - function.arcs.begin;
    function.places.size = size_of(unit_.places) - function.places.begin;
    function.decisions.size = size_of(unit_.decisions) - function.decisions.begin;
    if (function.blocks > 2 + 2 * std::uint64_t{function.arcs.size}) {
      throw reader_.wrong("a function has " + std::to_string(function.blocks) + " blocks, but " +
                          std::to_string(function.arcs.size) + " arcs");
    }
    work_ += work_on(function);
    if (work_ > most_work_) throw reader_.wrong("its blocks have too many places and arcs");
  }

  // How many arcs are looked at for the places of the function; for a small one, an upper limit.
  std::uint64_t work_on(const FunctionNotes& function) {
    constexpr std::uint64_t kSmall = 256;
    const std::uint64_t most = std::uint64_t{function.arcs.size} * function.places.size;
    if (most <= kSmall) return most / 8;
    degrees_.assign(function.blocks, 0);
    for (const NotesArc& arc : unit_.arcs_of(function)) {
      ++degrees_[arc.source];
      ++degrees_[arc.destination];
    }
    std::uint64_t work = 0;
    for (const NotesPlace& place : unit_.places_of(function)) work += degrees_[place.block];
    return work;
  }

  // The view is the same as before for nearly all names.
  std::uint32_t source_of(std::string_view name) {
    if (!unit_.sources.empty() && name.data() == last_name_.data()) return last_source_;
    last_name_ = name;
    const auto [known, is_new_name] = names_.try_emplace(name, 0);
    if (is_new_name) {
      std::string plain = plain_source_name(name, exists_);
      const auto [source, is_new] = numbers_.try_emplace(plain, size_of(unit_.sources));
      if (is_new) unit_.sources.push_back(std::move(plain));
      known->second = source->second;
    }
    return last_source_ = known->second;
  }

  GcnoReader reader_;
  GcnoSourceNames source_names_;
  const FolderExists& exists_;
  UnitNotes unit_;
  // In unit_.sources: by the names of the notes, and by their plain names.
  std::unordered_map<std::string_view, std::uint32_t> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::string_view last_name_;
  std::uint32_t last_source_ = 0;
  bool has_blocks_ = false;  // the function that is read
  std::uint64_t work_ = 0;
  std::uint64_t most_work_ = 0;
  std::vector<std::uint32_t> degrees_;  // of the blocks of a function
};

}  // namespace

std::span<const NotesArc> UnitNotes::arcs_of(const FunctionNotes& function) const {
  return part_of(arcs, function.arcs.begin, function.arcs.size);
}

std::span<const NotesPlace> UnitNotes::places_of(const FunctionNotes& function) const {
  return part_of(places, function.places.begin, function.places.size);
}

std::span<const NotesDecision> UnitNotes::decisions_of(const FunctionNotes& function) const {
  return part_of(decisions, function.decisions.begin, function.decisions.size);
}

std::span<const std::uint32_t> UnitNotes::lines_of(const NotesPlace& place) const {
  return part_of(lines, place.first_line, place.lines);
}

UnitNotes read_unit_notes(std::string_view bytes, const std::string& name,
                          const FolderExists& exists, UnitNotes used) {
  return UnitNotesParser(bytes, name, exists, std::move(used)).take();
}

}  // namespace gentle
