#include "coverage/formats/json_summary_format.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace gentle {
namespace {

using Object = nlohmann::ordered_json;

constexpr const char* kSummaryVersion = "0.6";  // of gcovr 7.0 to 8.8

// The percentage of nothing is null in a file, and 0 of all of them, as in gcovr's.
void add_share(Object& object, const std::string& what, const Share& share,
               const Object& of_nothing) {
  object[what + "_total"] = share.total;
  object[what + "_covered"] = share.covered;
  object[what + "_percent"] = share.total == 0 ? of_nothing : Object(rounded_percent(share));
}

// Of a file or of all of them.
template <typename Summary>
void add_shares(Object& object, const Summary& summary, const Object& of_nothing) {
  add_share(object, "line", summary.lines, of_nothing);
  add_share(object, "function", summary.functions, of_nothing);
  add_share(object, "branch", summary.branches, of_nothing);
  if (summary.conditions.total > 0) {
    add_share(object, "condition", summary.conditions, of_nothing);
  }
}

}  // namespace

std::string json_summary_text(const CoverageSummary& summary, const FormatOptions& options,
                              const std::string& folder) {
  Object text = {{"root", std::filesystem::path(options.root).lexically_relative(folder).string()},
                 {"gcovr/summary_format_version", kSummaryVersion},
                 {"files", Object::array()}};
  for (const FileSummary& file : summary.files) {
    Object row = {{"filename", file.file}};
    add_shares(row, file, nullptr);
    text["files"].push_back(std::move(row));
  }
  add_shares(text, summary, 0.0);
  return text.dump(2, ' ', false, Object::error_handler_t::replace) + "\n";
}

}  // namespace gentle
