#include "coverage/report/llvm_lacking.h"

#include <algorithm>
#include <cstdint>
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

// Not one of a header, which is the same function in both files.
bool is_in_its_home(const LlvmFunction& function) {
  return !function.files.empty() &&
         file_name(home_of(function.name)) == file_name(function.files.front());
}

std::string functions_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " function" : " functions");
}

}  // namespace

void LlvmLacking::add(const LlvmFunction& function) {
  ++told_;
  named_.try_emplace(llvm_name_hash(function.name),
                     LlvmFunction{function.name, 0, function.files, {}, {}});
}

std::vector<std::string> LlvmLacking::find(const std::vector<std::string>& files,
                                           std::size_t record_size) const {
  std::set<std::uint64_t> mapped;
  std::set<std::string> shared;
  for (const std::string& path : files) {
    try {
      const std::vector<std::string> sections =
          read_elf_sections(FileMemory(path), {"__llvm_covfun", "__llvm_prf_data"});
      mapped.merge(mapped_names(sections[0]));
      for (const std::uint64_t name : shared_names(sections[1], record_size)) {
        const auto known = named_.find(name);
        if (known == named_.end() || !is_in_its_home(known->second)) continue;
        shared.insert(std::string(linker_name(known->second.name)) + " in files named " +
                      file_name(home_of(known->second.name)));
      }
    } catch (const Error&) {
      continue;  // llvm-cov has said so
    }
  }
  std::vector<std::string> causes;
  if (mapped.size() > told_) {
    causes.push_back("llvm-cov leaves out " + functions_text(mapped.size() - told_) +
                     " that it cannot read, with their lines");
  }
  for (const std::string& name : shared) {
    causes.push_back("it has several functions " + name +
                     ", which Clang gives one name: llvm-cov counts them as one, and the lines of "
                     "the others are missing or wrong");
  }
  return causes;
}

}  // namespace gentle
