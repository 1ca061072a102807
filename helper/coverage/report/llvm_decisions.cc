#include "coverage/report/llvm_decisions.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/llvm/llvm_records.h"
#include "os/tool.h"

namespace gentle {
namespace {

constexpr std::string_view kMapping = "__llvm_covfun";

std::uint64_t bits_of(const std::vector<bool>& covered) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < covered.size(); ++i) {
    if (covered[i]) bits |= std::uint64_t{1} << i;
  }
  return bits;
}

bool has_run(const LlvmFunction& function) {
  return function.count > 0 ||
         std::any_of(function.regions.begin(), function.regions.end(),
                     [](const auto& region) { return region[LlvmFunction::kCount] > 0; });
}

}  // namespace

LlvmDecisions::LlvmDecisions(std::vector<std::string> files, std::string profdata, LlvmTool merger,
                             std::string log, const Environment& environment)
    : files_(std::move(files)),
      profdata_(std::move(profdata)),
      merger_(std::move(merger)),
      log_(std::move(log)),
      environment_(environment) {}

bool LlvmDecisions::complete(LlvmFunction& function) {
  if (function.decisions.empty()) return true;
  if (!mapping_) read();
  const MappedFunction* mapped = mapping_->find(llvm_name_hash(function.name), function);
  if (mapped == nullptr) return !has_run(function);
  for (std::size_t i = 0; i < mapped->decisions.size(); ++i) {
    LlvmFunction::Decision& decision = function.decisions[i];
    decision.file = mapped->decisions[i].file;
    decision.graph = mapped->decisions[i].graph;
    decision.taken.resize(count_paths(decision.graph));
  }
  const auto bitmap = bitmaps_.find({function.name, mapped->hash});
  return bitmap == bitmaps_.end() ? !has_run(function)
                                  : take_paths(*mapped, bitmap->second, function);
}

// Which is the same in each run is there already, so that runs add up, whatever is found here.
bool LlvmDecisions::take_paths(const MappedFunction& mapped, std::string_view bitmap,
                               LlvmFunction& function) const {
  bool are_known = true;
  for (std::size_t i = 0; i < mapped.decisions.size(); ++i) {
    LlvmFunction::Decision& decision = function.decisions[i];
    auto taken = taken_paths(mapped.decisions[i], bitmap, merger_.release);
    if (taken && independent_terms(decision.graph, *taken) == bits_of(decision.covered)) {
      decision.taken = *std::move(taken);
    } else {
      are_known = false;
    }
  }
  return are_known;
}

void LlvmDecisions::read() {
  mapping_ = read_mapping();
  if (!profdata_.empty()) read_bitmaps();
}

// What cannot be read is not known: the record of the run names the sources that it lacks, and who
// combines it is told.
LlvmMapping LlvmDecisions::read_mapping() const {
  std::vector<MappedFunction> functions;
  for (const std::string& path : files_) {
    try {
      const std::vector<std::string> sections = read_elf_sections(FileMemory(path), {kMapping});
      for (auto& function : read_mapped_functions(sections[0])) {
        functions.push_back(std::move(function));
      }
    } catch (const Error&) {
      continue;
    }
  }
  return LlvmMapping(functions);
}

void LlvmDecisions::read_bitmaps() {
  try {
    const ToolEnd end = run_tool(
        {{merger_.path, "merge", "-text", "-o", "-", profdata_}, environment_, "", "", log_});
    if (end.end == EndStatus{}) bitmaps_ = read_llvm_bitmaps(end.output, profdata_);
  } catch (const Error&) {
    bitmaps_.clear();
  }
}

}  // namespace gentle
