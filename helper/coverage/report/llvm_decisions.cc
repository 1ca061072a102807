#include "coverage/report/llvm_decisions.h"

#include <utility>

#include "base/error.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
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
  const std::vector<MappedDecision>* mapped = mapping_->decisions_of(function);
  if (mapped == nullptr) return false;
  for (std::size_t i = 0; i < mapped->size(); ++i) function.decisions[i].file = (*mapped)[i].file;
  if (!bitmaps_) return false;
  const auto bitmap = bitmaps_->find(function.name);
  if (bitmap != bitmaps_->end() && !bitmap->second) return false;
  for (std::size_t i = 0; i < mapped->size(); ++i) {
    const MappedDecision& known = (*mapped)[i];
    LlvmFunction::Decision& decision = function.decisions[i];
    // Of a function that has not run there is no bitmap.
    auto taken = bitmap == bitmaps_->end() ? std::vector<std::uint64_t>(count_paths(known.graph))
                                           : taken_paths(known, *bitmap->second, merger_.release);
    if (!taken || independent_terms(known.graph, *taken) != bits_of(decision.covered)) return false;
    decision.graph = known.graph;
    decision.taken = *std::move(taken);
  }
  return true;
}

void LlvmDecisions::read() {
  mapping_ = read_mapping();
  if (!profdata_.empty()) bitmaps_ = read_bitmaps();
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

std::optional<LlvmBitmaps> LlvmDecisions::read_bitmaps() const {
  try {
    const ToolEnd end = run_tool(
        {{merger_.path, "merge", "-text", "-o", "-", profdata_}, environment_, "", "", log_});
    if (end.end != EndStatus{}) return std::nullopt;
    return read_llvm_bitmaps(end.output, profdata_);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace gentle
