#include "coverage/report/lost_notes.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

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

bool is_told_of(const ObjectFiles& files, const std::string& notes) {
  return has(files.notes, notes) || has(files.data, data_of(notes)) ||
         has(files.set_aside, notes + kSetAside);
}

// A .gcno may have been moved, and be known by OBJECTS.
std::set<std::uint32_t> stamps_of(const std::vector<std::string>& notes) {
  std::set<std::uint32_t> stamps;
  for (const std::string& path : notes) {
    if (const auto header = header_of_notes(path)) stamps.insert(header->stamp);
  }
  return stamps;
}

std::vector<std::string> objects_without_notes(const ObjectFiles& files) {
  std::vector<std::string> objects;
  std::set<std::uint32_t> known;
  for (const std::string& object : files.compiled) {
    if (is_told_of(files, notes_of_object(object))) continue;
    const auto stamp = stamp_of_object(object);
    if (!stamp) continue;
    if (known.empty()) known = stamps_of(files.notes);
    if (!known.contains(*stamp)) objects.push_back(object);
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
