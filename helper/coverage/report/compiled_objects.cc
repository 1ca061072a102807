#include "coverage/report/compiled_objects.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/error.h"
#include "coverage/gcov/clang_gcda.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcno.h"
#include "coverage/gcov/gcov_version.h"
#include "os/file.h"
#include "os/worker_threads.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

// Until it is compiled again.
std::string set_notes_aside(const std::string& path, const std::string& cause) {
  std::error_code error;
  fs::rename(path, path + kSetAside, error);
  return "gentle: warning: read object file '" + path + "': " + cause +
         (error ? "; it cannot be set aside: " + error.message()
                : "; set aside as " + path + kSetAside) +
         "; its sources are not in the report, compile it again, continuing";
}

// The functions that the .gcno has.
class KnownFunctions {
 public:
  explicit KnownFunctions(const std::vector<std::uint32_t>& idents) : idents_(idents) {}

  // Both files have the functions in one order, as a rule.
  bool has(std::uint32_t ident) {
    if (next_ < idents_.size() && idents_[next_] == ident) {
      ++next_;
      return true;
    }
    if (sorted_.empty()) {
      sorted_ = idents_;
      std::sort(sorted_.begin(), sorted_.end());
    }
    return std::binary_search(sorted_.begin(), sorted_.end(), ident);
  }

 private:
  const std::vector<std::uint32_t>& idents_;
  std::size_t next_ = 0;
  std::vector<std::uint32_t> sorted_;  // when it is needed
};

// A .gcno of GCC that was cut between two functions looks whole, and gcov would leave the counts of
// the others out without a word.
void check_functions(const Notes& notes, const std::string& notes_path) {
  const std::string data = data_of(notes_path);
  if (!is_regular_file(data)) return;
  // Of a compiler that is not known here, its own gcov tells.
  if (find_gcov_format(notes.header.version) == nullptr) return;
  const std::string bytes = read_data(data);
  if (is_clang_gcda(bytes) || check_data(bytes, notes.header) != DataFault::kNone) return;
  KnownFunctions known(notes.functions);
  GcdaReader reader(bytes);
  while (const auto record = reader.next()) {
    // Of a function that another object file counts, only its place in the list is written.
    if (record->tag != kGcdaFunctionTag || record->bytes.size() < kGcdaWordSize) continue;
    if (known.has(record->word(0))) continue;
    throw Error("read notes", notes_path,
                "it lacks functions that were executed, as if it was cut");
  }
}

struct ReadNotes {
  Notes notes;
  std::size_t bytes = 0;
  std::optional<Error> failure = std::nullopt;
};

ReadNotes read_checked_notes(const std::string& path, FileBuffer& buffer) {
  const std::string_view bytes = read_notes(path, buffer);
  ReadNotes read{parse_notes(bytes, path), bytes.size()};
  check_functions(read.notes, path);
  return read;
}

// By as many threads as there are processors: most of the time of a report without them.
std::vector<ReadNotes> read_all_notes(const std::vector<std::string>& paths) {
  std::vector<ReadNotes> all(paths.size());
  std::atomic<std::size_t> next = 0;
  run_workers(paths.size(), [&] {
    FileBuffer buffer;
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      try {
        all[i] = read_checked_notes(paths[i], buffer);
        // Checked, and many: they would take more memory than all sources.
        all[i].notes.functions = decltype(all[i].notes.functions)();  // = {} keeps the memory
      } catch (const Error& error) {
        all[i].failure = error;
      }
    }
  });
  return all;
}

CompiledObject object_of(const std::string& notes_path, const ReadNotes& read,
                         const SourceNames& names) {
  CompiledObject object{notes_path, {}, read.bytes};
  for (auto& [name, file] : names.files_of(notes_path, read.notes)) {
    object.sources[name].file = std::move(file);
  }
  for (const NotesSource& source : read.notes.sources) {
    CompiledSource& known = object.sources[plain_name(source.name)];
    known.last_line = std::max(known.last_line, source.last_line);
  }
  return object;
}

}  // namespace

CompiledObject read_object(const std::string& notes, const SourceNames& names) {
  FileBuffer buffer;
  return object_of(notes, read_checked_notes(notes, buffer), names);
}

std::string input_for_gcov(const CompiledObject& object, const std::string& folder,
                           const std::function<std::string(const std::string& file)>& name_of) {
  const std::string data = data_of(object.notes);
  const bool ran = file_exists(data);
  const bool as_it_is =
      std::all_of(object.sources.begin(), object.sources.end(),
                  [&](const auto& source) { return source.first == name_of(source.second.file); });
  if (as_it_is) return ran ? data : object.notes;
  const std::string copy = folder + object.notes.substr(object.notes.rfind('/'));
  write_file(copy, rename_sources(read_data(object.notes), [&](const std::string& name) {
               const auto source = object.sources.find(plain_name(name));
               return source == object.sources.end() ? name : name_of(source->second.file);
             }));
  if (!ran) return copy;
  remove_tree(data_of(copy));
  std::error_code error;
  fs::create_symlink(data, data_of(copy), error);
  if (error) throw errno_error("make link to", data, error.value());
  return data_of(copy);
}

std::vector<CompiledObject> read_objects(ObjectFiles& files, const SourceNames& names,
                                         std::vector<std::string>& warnings) {
  std::vector<CompiledObject> objects;
  const std::vector<ReadNotes> all = read_all_notes(files.notes);
  std::size_t next = 0;
  std::erase_if(files.notes, [&](const std::string& path) {
    const ReadNotes& read = all[next++];
    if (!read.failure) {
      objects.push_back(object_of(path, read, names));
      return false;
    }
    warnings.push_back(set_notes_aside(path, read.failure->cause()));
    const std::string data = data_of(path);
    const auto at = std::find(files.data.begin(), files.data.end(), data);
    if (at == files.data.end()) return true;
    files.data.erase(at);
    warnings.push_back(set_data_aside(data, data, "there is no .gcno for it that can be read"));
    return true;
  });
  return objects;
}

}  // namespace gentle
