#include "coverage/keep/written_data.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "coverage/gcov/gcda_reader.h"
#include "coverage/gcov/gcov_counters.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/llvm/llvm_profile.h"
#include "os/data_file.h"
#include "os/file.h"

namespace gentle {
namespace {

namespace fs = std::filesystem;

bool has_size(const std::string& content, const std::optional<ElfSection>& section) {
  return section && content.size() == section->size;
}

bool has_profile_of(const ElfImage& image, const std::string& folder) {
  for (const std::string& name : entries_of(folder)) {
    const std::string path = folder + "/" + name;
    const std::string bytes = name.ends_with(".profraw") ? read_data_file(path) : "";
    if (!is_whole_llvm_profile(bytes)) continue;
    const LlvmRawProfile profile = parse_llvm_profile(bytes, name);
    if (has_size(profile.data, image.llvm.data) && has_size(profile.names, image.llvm.names)) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::set<std::uint32_t> gcda_stamps_below(const std::string& folder) {
  std::set<std::uint32_t> stamps;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() != ".gcda") continue;
    char header[kGcdaHeaderBytes];
    try {
      const std::size_t size = FileMemory(at->path().string()).read_some(0, header, sizeof header);
      const GcdaReader reader(std::string_view(header, size));
      if (reader.is_gcda() && !reader.is_truncated()) stamps.insert(reader.header().stamp);
    } catch (const Error&) {
      // The file of another user, or an empty one.
    }
  }
  return stamps;
}

bool has_data_of(const std::string& program, const std::string& folder) {
  const FileMemory file(program);
  const ElfImage image = read_elf_image(file);
  if (image.llvm.counters) return has_profile_of(image, folder);
  const std::set<std::uint32_t> own = find_gcov_stamps(file, image);
  const std::set<std::uint32_t> written = gcda_stamps_below(folder);
  return own.empty() || std::any_of(own.begin(), own.end(),
                                    [&](std::uint32_t stamp) { return written.contains(stamp); });
}

}  // namespace gentle
