// What stands for the data of objects that were never executed, for `ctest -T Coverage`, which
// counts only objects with a .gcda. They are known by their bytes (placeholder_data in
// gcov/gcno.h), and an empty one, which a process that was killed may leave as well, by its time:
// so the placeholders of another build folder or another coverage spec are never taken for data
// either.
#pragma once

#include <string>

#include "coverage/merge/object_files.h"

namespace gentle {

bool is_placeholder(const std::string& data);

// They must be gone before a process, or gcov, meets them. One that a process has written over is
// data.
void remove_placeholders(ObjectFiles& files);

// Beside each .gcno without data; a bad .gcno gets none.
void write_placeholders(const ObjectFiles& files);

}  // namespace gentle
