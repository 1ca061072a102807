#include "model/report_format.h"

namespace gentle {
namespace {

constexpr ReportFormat kFormats[] = {
    {"html", "--html-details", "index.html", kOldestGcovr, true, "--html-title"},
    {"cobertura", "--cobertura", "cobertura.xml", kOldestGcovr, true},
    {"lcov", "--lcov", "lcov.info", {7, 0}, true},
    {"json", "", "coverage.json", kOldestGcovr, true},
    {"json-summary", "--json-summary", "summary.json", kOldestGcovr, true},
    {"sonarqube", "--sonarqube", "sonarqube.xml", kOldestGcovr, false},
    {"coveralls", "--coveralls", "coveralls.json", kOldestGcovr, false},
    {"csv", "--csv", "coverage.csv", kOldestGcovr, false},
    {"txt", "--txt", "coverage.txt", kOldestGcovr, true},
    {"jacoco", "--jacoco", "jacoco.xml", {7, 0}, false, "--jacoco-report-name"},
    {"clover", "--clover", "clover.xml", {7, 1}, false, "--clover-project"},
    {"markdown", "--markdown", "coverage.md", {8, 4}, true},
};

}  // namespace

std::span<const ReportFormat> report_formats() { return kFormats; }

const ReportFormat* find_report_format(std::string_view name) {
  for (const ReportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace gentle
