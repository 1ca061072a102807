#include "coverage/report/llvm_lacking.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <string_view>

#include "base/error.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/llvm/llvm_records.h"

namespace gentle {
namespace {

std::string file_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

// "util.cc" of "util.cc:_ZL4samei"; "" of a function that all files may call.
std::string_view home_of(const std::string& name) {
  const std::string_view end = linker_name(name);
  return end.size() == name.size() ? std::string_view()
                                   : std::string_view(name).substr(0, name.size() - end.size() - 1);
}

// A static function of a header is the same one wherever it is compiled.
bool is_of_header(const LlvmFunction& function) {
  constexpr std::string_view kSources[] = {".c", ".cc", ".cpp", ".cxx", ".c++", ".C"};
  if (function.files.empty()) return true;
  const std::string& file = function.files.front();
  return std::none_of(std::begin(kSources), std::end(kSources),
                      [&](std::string_view end) { return file.ends_with(end); });
}

}  // namespace

void LlvmLacking::add(const LlvmFunction& function) {
  ++told_;
  named_.try_emplace(llvm_name_hash(function.name),
                     LlvmFunction{function.name, 0, function.files, {}, {}});
}

LlvmLack LlvmLacking::find(const std::vector<std::string>& files, std::size_t record_size) const {
  std::set<std::uint64_t> mapped;
  std::set<std::uint64_t> shared;
  for (const std::string& path : files) {
    try {
      const std::vector<std::string> sections =
          read_elf_sections(FileMemory(path), {"__llvm_covfun", "__llvm_prf_data"});
      mapped.merge(mapped_names(sections[0]));
      shared.merge(shared_names(sections[1], record_size));
    } catch (const Error&) {
      continue;  // llvm-cov has said so
    }
  }
  LlvmLack lack;
  lack.functions = mapped.size() > told_ ? mapped.size() - told_ : 0;
  for (const std::uint64_t name : shared) {
    const auto known = named_.find(name);
    if (known == named_.end() || is_of_header(known->second)) continue;
    const LlvmFunction& function = known->second;
    lack.namesakes.push_back(
        {function.files.front(),
         "it has several functions " + std::string(linker_name(function.name)) +
             " in files named " + file_name(home_of(function.name)) +
             ", which Clang gives one name; llvm-cov counts them as one, so that the lines of one "
             "may stand for the other's"});
  }
  return lack;
}

}  // namespace gentle
