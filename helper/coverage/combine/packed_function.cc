#include "coverage/combine/packed_function.h"

#include <algorithm>
#include <vector>

#include "coverage/combine/packed.h"

namespace gentle {
namespace {

constexpr std::uint32_t kArcFlags = 7;
// A block has its arcs counted once for each of its places: so much for a byte, and no more. What a
// compiler makes stays below 10.
constexpr std::uint64_t kMostArcsForAByte = 256;
// As a rule, for the room that a function takes.
constexpr std::size_t kBytesOfArc = 3;
constexpr std::size_t kBytesOfPlace = 6;
constexpr std::size_t kBytesOfRest = 128;

template <typename Item>
std::uint32_t size_of(const std::vector<Item>& items) {
  return static_cast<std::uint32_t>(items.size());
}

// The sources of one function, in the order in which it names them.
class LocalSources {
 public:
  std::uint32_t number_of(std::uint32_t source) {
    const auto known = std::find(sources_.begin(), sources_.end(), source);
    if (known != sources_.end()) return static_cast<std::uint32_t>(known - sources_.begin());
    sources_.push_back(source);
    return size_of(sources_) - 1;
  }

  const std::vector<std::uint32_t>& all() const { return sources_; }

 private:
  std::vector<std::uint32_t> sources_;
};

void pack_places(const UnitNotes& notes, const FunctionNotes& function, LocalSources& sources,
                 Packer& packer) {
  packer.number(function.places.size);
  for (const NotesPlace& place : notes.places_of(function)) {
    packer.number(place.block);
    packer.number(sources.number_of(place.source));
    packer.number(place.lines);
    for (const std::uint32_t line : notes.lines_of(place)) packer.number(line);
  }
}

void pack_graph(const UnitNotes& notes, const FunctionNotes& function, Packer& packer) {
  packer.number(function.blocks);
  packer.number(function.arcs.size);
  for (const NotesArc& arc : notes.arcs_of(function)) {
    packer.number(arc.source);
    packer.number(arc.destination);
    packer.number(arc.flags & kArcFlags);
  }
  packer.number(function.decisions.size);
  for (const NotesDecision& decision : notes.decisions_of(function)) {
    packer.number(decision.block);
    packer.number(decision.terms);
  }
}

class FunctionUnpacker {
 public:
  using SourceNumbers = std::unordered_map<std::string_view, std::uint32_t>;

  FunctionUnpacker(std::string_view bytes, UnitNotes& notes, SourceNumbers& numbers)
      : bytes_(bytes), unpacker_(bytes), notes_(notes), numbers_of_sources_(numbers) {}

  CounterNumbers unpack() {
    FunctionNotes& function = notes_.functions.emplace_back();
    function.name = unpacker_.text();
    read_sources();
    function.source = source();
    for (auto* number : {&function.start_line, &function.start_column, &function.end_line,
                         &function.end_column, &function.blocks}) {
      *number = unpacker_.number_of_32_bits();
    }
    read_arcs(function);
    read_decisions(function);
    read_places(function);
    if (!unpacker_.at_end()) throw damaged("a function has bytes behind its end");
    return numbers_;
  }

 private:
  // Those of one name are one: the unit's functions share them.
  void read_sources() {
    const std::size_t count = unpacker_.count();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = unpacker_.text();
      std::uint32_t number = size_of(notes_.sources);
      if (!name.empty()) number = numbers_of_sources_.try_emplace(name, number).first->second;
      if (number == notes_.sources.size()) notes_.sources.emplace_back(name);
      sources_.push_back(number);
    }
  }

  std::uint32_t source() {
    const std::uint32_t local = unpacker_.number_of_32_bits();
    if (local >= sources_.size()) throw damaged("it names a source that is not there");
    return sources_[local];
  }

  std::uint32_t block(const FunctionNotes& function) {
    const std::uint32_t number = unpacker_.number_of_32_bits();
    if (number >= function.blocks) throw damaged("it names a block that is not there");
    return number;
  }

  void read_arcs(FunctionNotes& function) {
    function.arcs = {size_of(notes_.arcs), static_cast<std::uint32_t>(unpacker_.count())};
    if (function.blocks > 2 + 2 * std::uint64_t{function.arcs.size}) {
      throw damaged("a function has more blocks than its arcs connect");
    }
    for (std::uint32_t i = 0; i < function.arcs.size; ++i) {
      NotesArc arc;
      arc.source = block(function);
      arc.destination = block(function);
      arc.flags = unpacker_.number_up_to(kArcFlags);
      if (arc.has_counter()) ++numbers_.sums;
      notes_.arcs.push_back(arc);
    }
  }

  void read_decisions(FunctionNotes& function) {
    function.decisions = {size_of(notes_.decisions), static_cast<std::uint32_t>(unpacker_.count())};
    for (std::uint32_t i = 0; i < function.decisions.size; ++i) {
      const std::uint32_t number = block(function);
      notes_.decisions.push_back({number, unpacker_.number_of_32_bits()});
    }
    numbers_.decisions = 2 * std::size_t{function.decisions.size};
  }

  void read_places(FunctionNotes& function) {
    function.places = {size_of(notes_.places), static_cast<std::uint32_t>(unpacker_.count())};
    std::vector<std::uint32_t> degrees(function.blocks);
    for (const NotesArc& arc : notes_.arcs_of(function)) {
      ++degrees[arc.source];
      ++degrees[arc.destination];
    }
    std::uint64_t work = 0;
    for (std::uint32_t i = 0; i < function.places.size; ++i) {
      NotesPlace place;
      place.block = block(function);
      place.source = source();
      place.first_line = size_of(notes_.lines);
      place.lines = static_cast<std::uint32_t>(unpacker_.count());
      for (std::uint32_t line = 0; line < place.lines; ++line) {
        notes_.lines.push_back(unpacker_.number_of_32_bits());
        if (notes_.lines.back() == 0) throw damaged("it names line 0");
      }
      notes_.places.push_back(place);
      work += degrees[place.block];
    }
    if (work > kMostArcsForAByte * bytes_.size()) {
      throw damaged("its blocks have too many places and arcs");
    }
  }

  std::string_view bytes_;
  Unpacker unpacker_;
  UnitNotes& notes_;
  SourceNumbers& numbers_of_sources_;
  std::vector<std::uint32_t> sources_;  // in UnitNotes::sources
  CounterNumbers numbers_;
};

}  // namespace

bool is_shown(const UnitNotes& notes, const FunctionNotes& function, const SourceNaming& name_of) {
  // Those that the compiler made are in no report.
  if (function.is_artificial) return false;
  if (!name_of(function.source).empty()) return true;
  const auto places = notes.places_of(function);
  return std::any_of(places.begin(), places.end(), [&](const NotesPlace& place) {
    return place.lines > 0 && !name_of(place.source).empty();
  });
}

std::string pack_function(const UnitNotes& notes, const FunctionNotes& function,
                          const SourceNaming& name_of) {
  LocalSources sources;
  sources.number_of(function.source);
  for (const NotesPlace& place : notes.places_of(function)) sources.number_of(place.source);
  Packer packer(function.name.size() + kBytesOfArc * function.arcs.size +
                kBytesOfPlace * function.places.size + kBytesOfRest);
  packer.text(function.name);
  packer.number(sources.all().size());
  for (const std::uint32_t source : sources.all()) packer.text(name_of(source));
  for (const std::uint32_t number :
       {sources.number_of(function.source), function.start_line, function.start_column,
        function.end_line, function.end_column}) {
    packer.number(number);
  }
  pack_graph(notes, function, packer);
  pack_places(notes, function, sources, packer);
  return packer.take();
}

CounterNumbers UnitUnpacker::add(std::string_view bytes) {
  return FunctionUnpacker(bytes, notes_, sources_).unpack();
}

}  // namespace gentle
