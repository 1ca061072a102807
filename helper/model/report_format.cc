#include "model/report_format.h"

namespace gentle {
namespace {

constexpr ReportFormat native(std::string_view name, std::string_view file) {
  return {name, file, {}, "", ""};
}

constexpr ReportFormat kFormats[] = {
    native("html", "index.html"),
    native("cobertura", "cobertura.xml"),
    native("lcov", "lcov.info"),
    native("json", "coverage.json"),
    native("json-summary", "summary.json"),
    {"sonarqube", "sonarqube.xml", kOldestGcovr, "--sonarqube", ""},
    {"coveralls", "coveralls.json", kOldestGcovr, "--coveralls", ""},
    {"csv", "coverage.csv", kOldestGcovr, "--csv", ""},
    native("txt", "coverage.txt"),
    {"jacoco", "jacoco.xml", {7, 0}, "--jacoco", "--jacoco-report-name"},
    {"clover", "clover.xml", {7, 1}, "--clover", "--clover-project"},
    native("markdown", "coverage.md"),
    {"gcovr-html", "gcovr-html/index.html", kOldestGcovr, "--html-details", "--html-title"},
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
