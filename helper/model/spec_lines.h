// The files that the CMake functions write for `gentle`: text, one record `<key> <value>` a line.
// The first line says what the file is, the last one is `end`, which tells a whole file from a
// truncated one. If the first line ends with a '|', each does, and it is no part of the value:
// CMake drops a CR at the end of a line.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gentle {

// What such a file is wrong about. Whoever reads a value throws the cause; read_spec_lines() adds
// key and line, its caller the file.
struct WrongSpec {
  std::string cause;
};

std::string in_quotes(std::string_view text);

// Throws WrongSpec if the path is not absolute.
std::string parse_absolute(std::string_view value);

// Reads one key into a Target.
template <typename Target>
struct SpecField {
  std::string_view key;
  void (*read)(Target&, std::string_view value);
};

// Calls `read` with the index of the key, and the value, of each record. Throws WrongSpec for
// whatever is not a whole file of this kind.
void read_spec_lines(std::string_view text, std::string_view first_line,
                     const std::vector<std::string>& keys,
                     const std::function<void(std::size_t, std::string_view)>& read);

template <typename Target, std::size_t kCount>
void read_spec_lines(std::string_view text, std::string_view first_line,
                     const SpecField<Target> (&fields)[kCount], Target& target) {
  std::vector<std::string> keys;
  for (const SpecField<Target>& field : fields) keys.emplace_back(field.key);
  read_spec_lines(text, first_line, keys, [&](std::size_t key, std::string_view value) {
    fields[key].read(target, value);
  });
}

}  // namespace gentle
