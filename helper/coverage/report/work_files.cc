#include "coverage/report/work_files.h"

#include <string_view>

namespace gentle {
namespace {

constexpr std::string_view kSpecSuffix = ".spec";

std::string folder_for(const std::string& spec_path) {
  if (!spec_path.ends_with(kSpecSuffix)) return spec_path + ".files";
  return spec_path.substr(0, spec_path.size() - kSpecSuffix.size());
}

}  // namespace

WorkFiles::WorkFiles(const std::string& spec_path)
    : folder(folder_for(spec_path)),
      empty_config(folder + "/gcovr.cfg"),
      tracefile(folder + "/tracefile.json"),
      summary(folder + "/summary.json"),
      log(folder + "/gcovr.log"),
      gcov_log(folder + "/gcov.log"),
      gcov_files(folder + "/gcov"),
      other_objects(folder + "/other-objects"),
      reset(folder + "/reset") {}

}  // namespace gentle
