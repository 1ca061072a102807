#include "coverage/report/report_folder.h"

#include "base/error.h"
#include "os/file.h"

namespace gentle {
namespace {

// Says that a folder holds nothing but reports, and may be removed: NAME can be that of any folder.
constexpr const char* kOwnFolder = "/.gentle-coverage";

}  // namespace

bool is_report_folder(const std::string& folder) { return file_exists(folder + kOwnFolder); }

void remove_reports(const CoverageSpec& spec) {
  const bool holds_something = !is_folder(spec.output_dir) || !entries_of(spec.output_dir).empty();
  if (!file_exists(spec.output_dir) || !holds_something) return;
  if (!is_report_folder(spec.output_dir)) {
    throw Error("write reports to", spec.output_dir, "the folder holds files that are no reports")
        .hint("move them away, or choose another NAME in add_fixture_coverage");
  }
  remove_tree(spec.output_dir);
}

void make_report_folder(const CoverageSpec& spec) {
  make_folders(spec.output_dir, 0777);
  write_public_file(spec.output_dir + kOwnFolder, "");
}

void make_work_folder(const WorkFiles& work) {
  make_folders(work.folder, 0777);
  write_file_atomically(work.empty_config, "");
}

}  // namespace gentle
