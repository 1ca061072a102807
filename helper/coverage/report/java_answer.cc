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

void add_line(JavaFields& fields, TableSource& source) {
  TableLine& line = source.lines[fields.take_number()];
  line.count = fields.take_number(1);
  const std::uint32_t covered = fields.take_number(kMostBranches);
  const std::uint32_t missed = fields.take_number(kMostBranches);
  line.groups.clear();
  if (covered + missed > 0) line.groups.push_back(java_branches(covered, missed));
}

void add_method(JavaFields& fields, TableSource& source) {
  const std::uint32_t line = fields.take_number();
  const bool is_executed = fields.take_number(1) == 1;
  const std::string name = fields.take();
  source.functions[{name, line}] = java_method(name, is_executed);
}

// Numbers with spaces between them, of a class with so many probes.
ProbeSet probes_of(std::string_view text, std::size_t all) {
  ProbeSet probes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto probe = parse_integer<std::uint32_t>(text.substr(0, end), 0, UINT32_MAX);
    if (!probe || *probe >= all || (!probes.empty() && *probe <= probes.back())) {
      throw wrong_java_answer();
    }
    probes.push_back(*probe);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return probes;
}

ProbedClass* add_class(JavaFields& fields, ProbedSource& source) {
  ProbedClass& one = source[fields.take()];
  one = {};
  for (const char probe : fields.take()) one.executed.push_back(probe == '1');
  return &one;
}

void add_probed_line(JavaFields& fields, ProbedClass& one) {
  ProbedLine& line = one.lines[fields.take_number()];
  line.probes = probes_of(fields.take(), one.executed.size());
  const std::string branches = fields.take();
  for (std::string_view rest = branches; !rest.empty();) {
    const std::size_t end = rest.find(',');
    if (end == std::string_view::npos) throw wrong_java_answer();
    line.branches.push_back(probes_of(rest.substr(0, end), one.executed.size()));
    rest.remove_prefix(end + 1);
  }
}

void add_probed_method(JavaFields& fields, ProbedClass& one) {
  ProbedMethod& method = one.methods.emplace_back();
  method.line = fields.take_number();
  method.name = fields.take();
  method.probes = probes_of(fields.take(), one.executed.size());
}

}  // namespace

JavaAnswer parse_java_answer(std::string_view text) {
  JavaAnswer answer;
  TableSource* source = nullptr;
  ProbedSource* probed = nullptr;
  ProbedClass* one = nullptr;
  JavaFields fields(text);
  while (!fields.none_left()) {
    const std::string kind = fields.take();
    if (kind == "F") {
      const std::string path = fields.take();
      source = &answer.sources[path];
      probed = &answer.probed[path];
      one = nullptr;
    } else if (kind == "X") {
      answer.uncounted.insert(fields.take());
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
    } else if (kind == "C" && probed != nullptr) {
      one = add_class(fields, *probed);
    } else if (kind == "L" && one != nullptr) {
      add_probed_line(fields, *one);
    } else if (kind == "P" && one != nullptr) {
      add_probed_method(fields, *one);
    } else {
      throw wrong_java_answer();
    }
  }
  return answer;
}

}  // namespace gentle
