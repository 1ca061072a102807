// What was compiled with counters: each object file with its sources.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "coverage/merge/object_files.h"
#include "coverage/report/source_names.h"

namespace gentle {

struct CompiledSource {
  std::string file;  // as reports name it; it may be gone
  std::uint32_t last_line = 0;
};

struct CompiledObject {
  std::string notes;                              // .gcno
  std::map<std::string, CompiledSource> sources;  // by the names that gcov tells, see plain_name
  std::size_t bytes = 0;                          // of the .gcno
};

// Throws Error for a .gcno that cannot be read.
CompiledObject read_object(const std::string& notes, const SourceNames& names);

// What gcov is given to read of the object, the data file or, where nothing ran, the notes: its own
// files if gcov finds the sources by their names; else a copy in `folder` that names them as
// `name_of` does. gcov writes nothing about the lines of a source that it does not find.
std::string input_for_gcov(const CompiledObject& object, const std::string& folder,
                           const std::function<std::string(const std::string& file)>& name_of);

// Those with a .gcno that can be read. The others are set aside, and their data with them, one
// warning each: the rest is whole.
std::vector<CompiledObject> read_objects(ObjectFiles& files, const SourceNames& names,
                                         std::vector<std::string>& warnings);

}  // namespace gentle
