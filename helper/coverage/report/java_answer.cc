#include "coverage/report/java_answer.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/exit_code.h"
#include "base/number.h"

namespace gentle {
namespace {

constexpr std::uint32_t kMostBranches = 1U << 20U;  // of one line; a method has 64 KiB of code

Error wrong_java_answer() {
  return Error("ask JaCoCo", "", "its answer is cut off").exit_code(kExitFailed);
}

// Takes fields off the answer.
class JavaFields {
 public:
  explicit JavaFields(std::string_view text) : text_(text) {}

  bool none_left() const { return text_.empty(); }

  std::string take() {
    const std::size_t end = text_.find('\0');
    if (end == std::string_view::npos) throw wrong_java_answer();
    std::string field(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return field;
  }

  std::uint32_t take_number(std::uint32_t most = std::numeric_limits<std::uint32_t>::max()) {
    const auto number = parse_integer<std::uint32_t>(take(), 0, most);
    if (!number) throw wrong_java_answer();
    return *number;
  }

 private:
  std::string_view text_;
};

// JaCoCo tells how many branches of a line were taken, and not which.
BranchGroup branches_of_line(std::uint32_t covered, std::uint32_t missed) {
  BranchGroup group;
  group.branches.resize(covered + missed);
  for (std::uint32_t i = 0; i < covered; ++i) group.branches[i].count = 1;
  return group;
}

void add_line(JavaFields& fields, TableSource& source) {
  TableLine& line = source.lines[fields.take_number()];
  line.count = fields.take_number(1);
  const std::uint32_t covered = fields.take_number(kMostBranches);
  const std::uint32_t missed = fields.take_number(kMostBranches);
  line.groups.clear();
  if (covered + missed > 0) line.groups.push_back(branches_of_line(covered, missed));
}

void add_method(JavaFields& fields, TableSource& source) {
  const std::uint32_t line = fields.take_number();
  const std::int64_t calls = fields.take_number(1);
  const auto executed = static_cast<std::uint32_t>(calls);
  const std::string name = fields.take();
  TableFunction& method = source.functions[{name, line}];
  method = {calls, calls, 1, executed, name};
}

}  // namespace

JavaAnswer parse_java_answer(std::string_view text) {
  JavaAnswer answer;
  TableSource* source = nullptr;
  JavaFields fields(text);
  while (!fields.none_left()) {
    const std::string kind = fields.take();
    if (kind == "F") {
      source = &answer.sources[fields.take()];
    } else if (kind == "A") {
      answer.absent.insert(fields.take());
    } else if (kind == "U" || kind == "W") {
      const std::uint32_t reason = fields.take_number();
      auto& all = kind == "U" ? answer.uncounted_classes : answer.warned_sources;
      all[reason].insert(fields.take());
    } else if (kind == "N" && source != nullptr) {
      add_line(fields, *source);
    } else if (kind == "M" && source != nullptr) {
      add_method(fields, *source);
    } else {
      throw wrong_java_answer();
    }
  }
  return answer;
}

}  // namespace gentle
