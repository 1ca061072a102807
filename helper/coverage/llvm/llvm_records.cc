#include "coverage/llvm/llvm_records.h"

#include <algorithm>

#include "coverage/image/bytes.h"
#include "coverage/image/compiler_hash.h"

namespace gentle {
namespace {

// CoverageMapping.h, CovMapFunctionRecordV3: hash of the name, size of the data, hash of the
// structure, hash of the file names; then the data.
constexpr std::size_t kMappedSizeAt = 8;
constexpr std::size_t kMappedHeader = 28;
constexpr std::size_t kMappedAlignment = 8;

}  // namespace

std::uint64_t llvm_name_hash(const std::string& name) {
  return number_at<std::uint64_t>(md5_of(name), 0);
}

std::set<std::uint64_t> mapped_names(std::string_view section) {
  std::set<std::uint64_t> names;
  while (section.size() >= kMappedHeader) {
    const std::uint64_t size = number_at<std::uint32_t>(section, kMappedSizeAt);
    if (size > section.size() - kMappedHeader) break;
    names.insert(number_at<std::uint64_t>(section, 0));
    const std::uint64_t end =
        (kMappedHeader + size + kMappedAlignment - 1) / kMappedAlignment * kMappedAlignment;
    section.remove_prefix(std::min<std::uint64_t>(end, section.size()));
  }
  return names;
}

std::set<std::uint64_t> shared_names(std::string_view section, std::size_t record_size) {
  std::set<std::uint64_t> seen;
  std::set<std::uint64_t> shared;
  for (std::size_t at = 0; at + record_size <= section.size(); at += record_size) {
    const auto name = number_at<std::uint64_t>(section, at);
    if (!seen.insert(name).second) shared.insert(name);
  }
  return shared;
}

}  // namespace gentle
