#include "coverage/formats/cobertura_format.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "coverage/formats/counted_source.h"
#include "coverage/formats/share.h"
#include "coverage/formats/table_summary.h"
#include "coverage/formats/xml_text.h"

namespace gentle {
namespace {

constexpr const char* kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n";

struct Class {
  FileSummary summary;
  const TableSource* source;
};

struct Package {
  std::vector<Class> classes;
  Share lines;
  Share branches;
};

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + xml_text(value) + "\"";
}

// From 0 to 1; 1 only if all is covered, 0 only if nothing is.
std::string rate(const Share& share) {
  if (share.covered >= share.total) return "1.0";
  if (share.covered == 0) return "0.0";
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", std::clamp(percent_of(share) / 100, 0.0001, 0.9999));
  return text;
}

std::string rates(const Share& lines, const Share& branches) {
  return attribute("line-rate", rate(lines)) + attribute("branch-rate", rate(branches));
}

std::string numbers(const char* covered, const char* valid, const Share& share) {
  return attribute(covered, std::to_string(share.covered)) +
         attribute(valid, std::to_string(share.total));
}

constexpr const char* kComplexity = " complexity=\"0\"";  // nobody knows it

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash);
}

// "src/net": "src.net", as packages of Java are called.
std::string package_name(std::string folder) {
  std::replace(folder.begin(), folder.end(), '/', '.');
  return folder;
}

// "a.cc": "a_cc", since a point would be one between packages.
std::string class_name(const std::string& file) {
  std::string name = file.substr(file.rfind('/') + 1);
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

void write_xml_line(std::string& text, std::uint32_t number, const TableLine& line,
                    const FormatOptions& options) {
  Share branches;
  visit_branches(line, options, [&](std::size_t, std::size_t, const TableBranch& branch) {
    branches.add({branch.count > 0 ? std::uint64_t{1} : std::uint64_t{0}, 1});
  });
  text += "<line number=\"" + std::to_string(number) + "\" hits=\"" + std::to_string(line.count) +
          "\" branch=\"";
  if (branches.total == 0) {
    text += "false\"/>\n";
    return;
  }
  text += "true\" condition-coverage=\"" + std::to_string(branches.covered * 100 / branches.total) +
          "% (" + std::to_string(branches.covered) + "/" + std::to_string(branches.total) +
          ")\"/>\n";
}

void write_class(PartedText& text, const Class& known, const FormatOptions& options) {
  text.part() += "<class" + attribute("name", class_name(known.summary.file)) +
                 attribute("filename", known.summary.file) +
                 rates(known.summary.lines, known.summary.branches) + kComplexity +
                 ">\n<methods/>\n<lines>\n";
  for (const auto& [number, line] : known.source->lines) {
    if (!line.is_excluded) write_xml_line(text.part(), number, line, options);
  }
  text.part() += "</lines>\n</class>\n";
}

}  // namespace

void write_cobertura(const CoverageTable& table, const FormatOptions& options, PartedText& text) {
  std::map<std::string, Package> packages;
  Package all;
  for (const auto& [path, source] : table.sources()) {
    FileSummary summary = summarize_lines(path, source, options);
    Package& package = packages[folder_of(summary.file)];
    for (Package* sum : {&package, &all}) {
      sum->lines.add(summary.lines);
      sum->branches.add(summary.branches);
    }
    package.classes.push_back({std::move(summary), &source});
  }
  text.part() += kHead;
  text.part() +=
      "<coverage" + rates(all.lines, all.branches) +
      numbers("lines-covered", "lines-valid", all.lines) +
      numbers("branches-covered", "branches-valid", all.branches) + kComplexity +
      attribute("version", "gentle") + attribute("timestamp", std::to_string(options.timestamp)) +
      ">\n<sources>\n<source>" + xml_text(options.root) + "</source>\n</sources>\n<packages>\n";
  for (const auto& [folder, package] : packages) {
    text.part() += "<package" + attribute("name", package_name(folder)) +
                   rates(package.lines, package.branches) + kComplexity + ">\n<classes>\n";
    for (const Class& known : package.classes) write_class(text, known, options);
    text.part() += "</classes>\n</package>\n";
  }
  text.part() += "</packages>\n</coverage>\n";
}

}  // namespace gentle
