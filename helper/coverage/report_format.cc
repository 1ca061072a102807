#include "coverage/report_format.h"

namespace gentle {
namespace {

constexpr GcovrVersion kOldest = {5, 2};

constexpr ReportFormat kFormats[] = {
    {"html", "--html-details", "index.html", kOldest},
    {"cobertura", "--cobertura", "cobertura.xml", kOldest},
    {"lcov", "--lcov", "lcov.info", {7, 0}},
    {"json", "", "coverage.json", kOldest},
    {"json-summary", "--json-summary", "summary.json", kOldest},
    {"sonarqube", "--sonarqube", "sonarqube.xml", kOldest},
    {"coveralls", "--coveralls", "coveralls.json", kOldest},
    {"csv", "--csv", "coverage.csv", kOldest},
    {"txt", "--txt", "coverage.txt", kOldest},
    {"jacoco", "--jacoco", "jacoco.xml", {7, 0}},
    {"clover", "--clover", "clover.xml", {7, 1}},
    {"markdown", "--markdown", "coverage.md", {8, 4}},
};

}  // namespace

const ReportFormat* find_report_format(std::string_view name) {
  for (const ReportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace gentle
