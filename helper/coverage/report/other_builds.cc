#include "coverage/report/other_builds.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "coverage/keep/coverage_paths.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> noted_objects(const WorkFiles& work) {
  std::vector<std::string> paths;
  const std::string text = read_file_if_there(work.other_objects).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    paths.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return paths;
}

void note_objects(const std::vector<std::string>& paths, const WorkFiles& work) {
  std::string text;
  for (const std::string& path : paths) text += path + "\n";
  write_file_atomically(work.other_objects, text);
}

}  // namespace

ObjectFiles find_objects(const CoverageSpec& spec, const WorkFiles& work,
                         const std::string& config) {
  return find_object_files({spec.build_dir, config, spec.objects, noted_objects(work)});
}

MergedData merge_data(const CoverageSpec& spec, const WorkFiles& work) {
  const bool has_targets = file_exists(spec.build_dir + kTargetDirectories);
  KnownObjects known{
      find_object_files({has_targets ? spec.build_dir : "", "", spec.objects, noted_objects(work)}),
      {}};
  std::error_code error;
  const auto reset = fs::last_write_time(work.reset, error);
  if (!error && !spec.append) known.reset = reset;
  MergedData merged = merge_process_folders(coverage_folder(spec.build_dir), known);
  std::vector<std::string> noted = noted_objects(work);
  const std::size_t before = noted.size();
  for (const std::string& notes : merged.objects) {
    const std::vector<std::string>& all = known.files.notes;
    if (!std::binary_search(all.begin(), all.end(), notes)) noted.push_back(notes);
  }
  if (noted.size() > before) note_objects(noted, work);
  return merged;
}

void note_reset(const WorkFiles& work) {
  write_file_atomically(work.reset, "");
  std::error_code error;
  fs::remove(work.other_objects, error);
}

}  // namespace gentle
