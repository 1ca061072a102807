#include "coverage/keep/coverage_paths.h"

#include <string_view>

#include "os/file.h"

namespace gentle {
namespace {

constexpr std::string_view kBelowBuild = "/Testing/Fixtures/coverage";

}  // namespace

std::string coverage_folder(const std::string& build_dir) {
  return build_dir + std::string(kBelowBuild);
}

std::string build_dir_of(std::string coverage_folder) {
  if (!coverage_folder.ends_with(kBelowBuild)) return "";
  coverage_folder.resize(coverage_folder.size() - kBelowBuild.size());
  return coverage_folder;
}

std::optional<CoverageSpec> coverage_spec_beside(const std::string& spec_path) {
  const std::string path = spec_path.substr(0, spec_path.rfind('/') + 1) + "coverage.spec";
  const auto text = read_file_if_there(path);
  if (!text) return std::nullopt;
  CoverageSpec spec = parse_coverage_spec(*text, path);
  if (!spec.off.empty()) return std::nullopt;
  return spec;
}

std::optional<std::string> coverage_folder_beside(const std::string& spec_path) {
  const auto spec = coverage_spec_beside(spec_path);
  if (!spec) return std::nullopt;
  return coverage_folder(spec->build_dir);
}

std::string service_coverage_folder(const std::string& data, const std::string& service,
                                    const ProcessId& run) {
  return data + "/services/" + service + "/" + to_text(run);
}

std::string test_coverage_folder(const std::string& data, const ProcessId& run) {
  return data + "/tests/" + to_text(run);
}

}  // namespace gentle
