#include "model/report_format.h"

namespace gentle {
namespace {

constexpr ReportFormat kFormats[] = {
    {"html", "--html-details", "index.html", kOldestGcovr},
    {"cobertura", "--cobertura", "cobertura.xml", kOldestGcovr},
    {"lcov", "--lcov", "lcov.info", {7, 0}},
    {"json", "", "coverage.json", kOldestGcovr},
    {"json-summary", "--json-summary", "summary.json", kOldestGcovr},
    {"sonarqube", "--sonarqube", "sonarqube.xml", kOldestGcovr},
    {"coveralls", "--coveralls", "coveralls.json", kOldestGcovr},
    {"csv", "--csv", "coverage.csv", kOldestGcovr},
    {"txt", "--txt", "coverage.txt", kOldestGcovr},
    {"jacoco", "--jacoco", "jacoco.xml", {7, 0}},
    {"clover", "--clover", "clover.xml", {7, 1}},
    {"markdown", "--markdown", "coverage.md", {8, 4}},
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
