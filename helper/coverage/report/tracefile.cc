#include "coverage/report/tracefile.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "model/json_integer.h"

namespace gentle {
namespace {

using Json = nlohmann::json;

// Reads {"files": [{"file": ..., "lines": [{"line_number": ..., ...}]}]} as a stream of events: a
// tracefile has some hundred bytes a line, so a whole one in memory would be many times the
// sources.
class TracefileReader : public nlohmann::json_sax<Json> {
 public:
  explicit TracefileReader(std::filesystem::path root) : root_(std::move(root)) {}

  CountedLines take() { return std::move(lines_); }
  bool has_files() const { return has_files_; }

  bool null() override { return true; }
  bool boolean(bool value) override {
    const bool excludes = key_ == "gcovr/excluded" || key_ == "gcovr/noncode";
    if (depth_ == kInLine && in_lines_ && excludes && value) excluded_ = true;
    return true;
  }
  bool number_integer(number_integer_t value) override { return number(value > 0 ? value : 0); }
  bool number_unsigned(number_unsigned_t value) override { return number(value); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& value) override {
    if (depth_ == kInFile && key_ == "file") file_ = value;
    return true;
  }
  bool binary(binary_t& /*value*/) override { return true; }
  bool key(string_t& value) override {
    key_ = value;
    return true;
  }
  bool start_object(std::size_t /*size*/) override {
    ++depth_;
    if (depth_ == kInFile) {
      file_.clear();
      numbers_.clear();
    }
    if (depth_ == kInLine) {
      number_ = 0;
      excluded_ = false;
    }
    return true;
  }
  bool end_object() override {
    if (depth_ == kInLine && in_lines_ && number_ > 0 && !excluded_) numbers_.push_back(number_);
    if (depth_ == kInFile && !file_.empty()) finish_file();
    --depth_;
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    ++depth_;
    if (depth_ == kFiles && key_ == "files") has_files_ = true;
    if (depth_ == kLines) in_lines_ = key_ == "lines";
    return true;
  }
  bool end_array() override {
    if (depth_ == kLines) in_lines_ = false;
    --depth_;
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  // How deep objects and arrays are nested there.
  static constexpr int kFiles = 2;
  static constexpr int kInFile = 3;
  static constexpr int kLines = 4;
  static constexpr int kInLine = 5;

  bool number(std::uint64_t value) {
    if (depth_ == kInLine && key_ == "line_number" && value <= UINT32_MAX) {
      number_ = static_cast<std::uint32_t>(value);
    }
    return true;
  }

  // gcovr 8.4 and newer tell a line once for each function it belongs to.
  void finish_file() {
    std::sort(numbers_.begin(), numbers_.end());
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()), numbers_.end());
    lines_[(root_ / file_).lexically_normal().string()] = numbers_;
  }

  std::filesystem::path root_;
  CountedLines lines_;
  bool has_files_ = false;
  int depth_ = 0;
  bool in_lines_ = false;
  std::string key_;
  std::string file_;
  std::vector<std::uint32_t> numbers_;
  std::uint32_t number_ = 0;
  bool excluded_ = false;
};

Share share_of(const Json& object, const std::string& what) {
  return {integer_from<std::uint64_t>(object.at(what + "_covered")),
          integer_from<std::uint64_t>(object.at(what + "_total"))};
}

}  // namespace

CountedLines counted_lines_of_tracefile(std::string_view json, const std::string& root,
                                        const std::string& path) {
  TracefileReader reader{root};
  if (!Json::sax_parse(json, &reader) || !reader.has_files()) {
    throw Error("read tracefile", path, "it is not what gcovr writes");
  }
  return reader.take();
}

CoverageSummary parse_coverage_summary(std::string_view json, const std::string& path) {
  try {
    const Json root = Json::parse(json);
    CoverageSummary summary{
        {}, share_of(root, "line"), share_of(root, "branch"), share_of(root, "function")};
    for (const Json& file : root.at("files")) {
      summary.files.push_back({file.at("filename").get<std::string>(), share_of(file, "line"),
                               share_of(file, "branch"), share_of(file, "function")});
    }
    return summary;
  } catch (const nlohmann::json::exception& error) {
    throw Error("read summary", path, error.what());
  } catch (const Error& error) {
    throw Error("read summary", path, error.cause());
  }
}

}  // namespace gentle
