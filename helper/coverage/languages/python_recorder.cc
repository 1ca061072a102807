#include "coverage/languages/python_recorder.h"

#include "coverage/languages/recorder_files.h"
#include "coverage/languages/recorder_install.h"

namespace gentle {
namespace {

constexpr std::string_view kReportScript = "python/gentle_python_report.py";

}  // namespace

std::string install_python_recorder(const std::string& coverage_folder) {
  return install_recorder(coverage_folder, "python", kReportScript);
}

void add_python_recorder(Environment& environment, const std::string& recorder,
                         const std::string& hits, bool branches) {
  const std::string path = environment.get("PYTHONPATH");
  environment.set("PYTHONPATH", path.empty() ? recorder : recorder + ":" + path);
  environment.set("GENTLE_PYTHON_HITS", hits);
  environment.unset("GENTLE_PYTHON_BRANCHES");  // perhaps of a test around us
  if (branches) environment.set("GENTLE_PYTHON_BRANCHES", "1");
}

std::string_view python_report_script() {
  for (const EmbeddedFile& file : recorder_files()) {
    if (file.name == kReportScript) return file.text;
  }
  return "";
}

}  // namespace gentle
