#include "coverage/report/lost_notes.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "coverage/gcov/object_stamp.h"

namespace gentle {
namespace {

constexpr std::string_view kObject = ".o";

bool has(const std::vector<std::string>& sorted, const std::string& path) {
  return std::binary_search(sorted.begin(), sorted.end(), path);
}

std::string notes_of_object(const std::string& object) {
  return object.substr(0, object.size() - kObject.size()) + ".gcno";
}

std::string object_of_notes(const std::string& notes) {
  return notes.substr(0, notes.rfind('.')) + std::string(kObject);
}

bool is_told_of(const ObjectFiles& files, const std::string& notes) {
  return has(files.notes, notes) || has(files.data, data_of(notes)) ||
         has(files.set_aside, notes + kSetAside);
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// To which objects a .gcno belongs that is not beside them: it may have been moved, and be known by
// OBJECTS, or the object was renamed. A stamp alone does not tell: it is the time of the
// compilation in milliseconds, and others began at the same time.
class StrayNotes {
 public:
  explicit StrayNotes(const ObjectFiles& files) {
    for (const std::string& path : files.notes) {
      const auto header = header_of_notes(path);
      if (!header) continue;
      named_.emplace(last_part(path), header->stamp);
      if (!has(files.compiled, object_of_notes(path))) alone_.insert(header->stamp);
    }
  }

  bool are_known(const std::string& notes, std::uint32_t stamp) const {
    return alone_.contains(stamp) || named_.contains({last_part(notes), stamp});
  }

 private:
  std::set<std::pair<std::string, std::uint32_t>> named_;
  std::set<std::uint32_t> alone_;  // of those without an object beside them
};

std::vector<std::string> objects_without_notes(const ObjectFiles& files) {
  std::vector<std::string> objects;
  std::optional<StrayNotes> known;
  for (const std::string& object : files.compiled) {
    const std::string notes = notes_of_object(object);
    if (is_told_of(files, notes)) continue;
    const auto stamp = stamp_of_object(object);
    if (!stamp) continue;
    if (!known) known.emplace(files);
    if (!known->are_known(notes, *stamp)) objects.push_back(object);
  }
  return objects;
}

}  // namespace

std::vector<std::string> lost_notes_warnings(const ObjectFiles& files) {
  const std::vector<std::string> objects = objects_without_notes(files);
  if (objects.empty()) return {};
  const std::size_t more = objects.size() - 1;
  return {"gentle: warning: read object file '" + objects.front() + "'" +
          (more == 0 ? "" : " and " + std::to_string(more) + " more") +
          ": it was compiled with counters, but there is no .gcno beside it; its sources are not "
          "in the report, remove the object file and build again, continuing"};
}

}  // namespace gentle
