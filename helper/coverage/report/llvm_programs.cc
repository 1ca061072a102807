#include "coverage/report/llvm_programs.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/exit_code.h"
#include "coverage/fold/data_folders.h"
#include "coverage/image/bytes.h"
#include "coverage/image/elf_image.h"
#include "coverage/image/process_memory.h"
#include "coverage/llvm/llvm_images.h"
#include "coverage/llvm/llvm_profile.h"
#include "coverage/llvm/llvm_version.h"
#include "os/data_file.h"
#include "os/file.h"

namespace gentle {
namespace {

constexpr std::size_t kHashes = 16;  // NameRef and FuncHash, with which each record begins
constexpr unsigned kMostForks = 8;   // what has forked more often is counted together

// What a profile has of the program that wrote it.
struct Origin {
  std::uint64_t version = 0;
  std::size_t record_size = 0;
  std::vector<std::string> build_ids;  // in hexadecimal
  std::string names;
  std::string data;

  bool operator<(const Origin& other) const {
    return std::tie(version, build_ids, names, data) <
           std::tie(other.version, other.build_ids, other.names, other.data);
  }
};

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

// Each with its length before it, padded to 8 bytes.
std::vector<std::string> build_ids_of(std::string_view bytes) {
  std::vector<std::string> ids;
  while (bytes.size() >= sizeof(std::uint64_t)) {
    const auto size = number_at<std::uint64_t>(bytes, 0);
    bytes.remove_prefix(sizeof size);
    if (size > bytes.size()) break;
    ids.push_back(hexadecimal(bytes.substr(0, size)));
    bytes.remove_prefix(std::min<std::uint64_t>(bytes.size(), (size + 7) / 8 * 8));
  }
  return ids;
}

// The parts of the records that are the same in the file and in every process.
std::string hashes_of(std::string_view data, std::size_t record_size) {
  std::string hashes;
  for (std::size_t at = 0; at + record_size <= data.size(); at += record_size) {
    hashes += data.substr(at, kHashes);
  }
  return hashes;
}

// Nothing of one that only llvm-profdata reads.
std::optional<Origin> origin_of(const std::string& profile) {
  try {
    const LlvmRawProfile raw = parse_llvm_profile(read_data_file(profile), profile);
    const LlvmFormat& format = *find_llvm_format(raw.version);
    return Origin{raw.version & ~kLlvmVariants, format.record_size, build_ids_of(raw.binary_ids),
                  raw.names, hashes_of(raw.data, format.record_size)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string head_of(const std::string& profile) {
  constexpr std::size_t kMostOfHead = 4096;
  return read_data_file(profile).substr(0, kMostOfHead);
}

std::uint64_t version_of(const std::string& profile) {
  const auto header = read_llvm_header(read_data_file(profile));
  return header ? header->version : 0;
}

using Paths = std::vector<std::string>;
using Images = std::set<std::string>;  // by their paths

// A file that may have written some of them.
struct Candidate {
  std::string build_id;
  bool has_mapping = false;
  std::string names;
  std::string data;  // without what is not in the file's own layout
};

std::optional<Candidate> read_candidate(const std::string& path) {
  try {
    const FileMemory file(path);
    const ElfImage image = read_elf_image(file);
    if (!image.llvm.data) return std::nullopt;
    std::vector<std::string> sections =
        read_elf_sections(file, {"__llvm_prf_names", "__llvm_prf_data"});
    return Candidate{image.build_id, image.llvm.has_mapping, std::move(sections[0]),
                     std::move(sections[1])};
  } catch (const Error&) {
    return std::nullopt;
  }
}

// What llvm-cov reads of it. Of two programs that link one library this may be all that they have.
std::vector<std::string> mapping_of(const std::string& path) {
  return read_elf_sections(FileMemory(path), {"__llvm_covfun", "__llvm_covmap"});
}

std::string bytes_of(std::string_view hexadecimal_text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hexadecimal_text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hexadecimal_text.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// Of a version that came later: behind a header of any size stands the build id, after its length.
bool has_build_id(std::string_view head, const Candidate& candidate) {
  if (candidate.build_id.empty()) return false;
  const std::string id = bytes_of(candidate.build_id);
  const std::uint64_t size = id.size();
  std::string wanted(sizeof size, '\0');
  std::memcpy(wanted.data(), &size, sizeof size);
  return head.find(wanted + id) != std::string_view::npos;
}

bool has_written(const Candidate& candidate, const Origin& origin) {
  if (!candidate.build_id.empty() && !origin.build_ids.empty()) {
    return std::find(origin.build_ids.begin(), origin.build_ids.end(), candidate.build_id) !=
           origin.build_ids.end();
  }
  return candidate.names == origin.names &&
         hashes_of(candidate.data, origin.record_size) == origin.data;
}

class ProgramSearch {
 public:
  explicit ProgramSearch(const CoverageSpec& spec) : built_(spec.instrumented_files) {
    built_.insert(built_.end(), spec.linked_files.begin(), spec.linked_files.end());
  }

  void add_loaded(const std::set<std::string>& paths) {
    loaded_.insert(paths.begin(), paths.end());
  }

  // One that its process has loaded, or else those of all others. None if none is known, and
  // several if they differ in what a profile does not tell.
  Paths find(const Origin& origin, const Images& images) {
    const auto is_it = [&](const Candidate& candidate) { return has_written(candidate, origin); };
    const std::string loaded = first_that(is_it, {images.begin(), images.end()});
    if (!loaded.empty()) return {loaded};
    const auto [entry, is_new] = found_.try_emplace(origin);
    if (is_new) entry->second = all_that(is_it);
    return entry->second;
  }

  // For a profile of which only llvm-profdata knows the rest.
  Paths find_by_head(std::string_view head) {
    return all_that([&](const Candidate& candidate) { return has_build_id(head, candidate); });
  }

  bool has_mapping(const std::string& path) {
    const Candidate* candidate = candidate_at(path);
    return candidate != nullptr && candidate->has_mapping;
  }

  const Candidate* candidate_at(const std::string& path) {
    const auto [entry, is_new] = candidates_.try_emplace(path);
    if (is_new) entry->second = read_candidate(path);
    return entry->second ? &*entry->second : nullptr;
  }

 private:
  // One with a mapping is better than its copy without.
  template <typename Is>
  std::string first_that(const Is& is_it, const Paths& paths) {
    std::string without_mapping;
    for (const std::string& path : paths) {
      const Candidate* candidate = candidate_at(path);
      if (candidate == nullptr || !is_it(*candidate)) continue;
      if (candidate->has_mapping) return path;
      if (without_mapping.empty()) without_mapping = path;
    }
    return without_mapping;
  }

  template <typename Is>
  Paths all_that(const Is& is_it) {
    Paths paths(loaded_.begin(), loaded_.end());
    paths.insert(paths.end(), built_.begin(), built_.end());
    const std::string first = first_that(is_it, paths);
    if (first.empty()) return {};
    Paths all = {first};
    for (const std::string& path : paths) {
      const Candidate* candidate = candidate_at(path);
      const bool is_rival = path != first && candidate != nullptr && candidate->has_mapping &&
                            candidate->build_id.empty() && is_it(*candidate);
      if (is_rival && mapping_of(path) != mapping_of(first)) all.push_back(path);
    }
    return all;
  }

  Paths built_;
  Images loaded_;
  std::map<std::string, std::optional<Candidate>> candidates_;
  std::map<Origin, Paths> found_;
};

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string joined(const Paths& paths) {
  std::string text;
  for (const std::string& path : paths) text += (text.empty() ? "" : " and ") + path;
  return text;
}

std::string profiles_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " profile" : " profiles");
}

Error failure_of(const std::string& path, std::size_t count, ProgramSearch& search) {
  const std::string what = path.empty() ? profiles_text(count) : path;
  const std::string counted = "; " + profiles_text(count) + " of it cannot be counted";
  if (path.empty()) {
    return Error("count clang's coverage", what,
                 "no program or library is known that has written them")
        .hint(
            "name its target by INSTRUMENT, or start it by add_fixture_service or "
            "add_fixture_test")
        .exit_code(kExitFailed);
  }
  const std::string cause = !file_exists(path) ? "it is gone"
                            : search.candidate_at(path) == nullptr
                                ? "it cannot be read"
                                : "it was built again since it ran";
  return Error("count clang's coverage", what, cause + counted)
      .hint("run the tests again, and do not build or remove it before the report")
      .exit_code(kExitFailed);
}

Error ambiguity_of(const Paths& paths, std::size_t count) {
  return Error("count clang's coverage", profiles_text(count),
               "each of " + joined(paths) + " may have written them, which look the same")
      .hint("link them with -Wl,--build-id, or attach_fixtures(FIXTURES NONE TESTS <test>)")
      .exit_code(kExitFailed);
}

std::string unknown_text(std::size_t count) {
  return "gentle: warning: count clang's coverage '" + profiles_text(count) +
         "': left by plain tests, and by no program with -fcoverage-mapping that is known; not "
         "counted, continuing (attach_fixtures(FIXTURES NONE TESTS <test>) makes a program known)";
}

// The profiles of one run, by whoever has written them.
class Sorting {
 public:
  explicit Sorting(const CoverageSpec& spec) : search_(spec) {}

  void look_at_folder(const std::string& folder) {
    const auto [entry, is_new] = folders_.try_emplace(folder);
    if (!is_new) return;
    entry->second = {noted_llvm_images(folder), std::min(noted_forks(folder), kMostForks), {}};
    search_.add_loaded(entry->second.loaded);
  }

  void add(const std::string& profile) {
    const auto origin = origin_of(profile);
    if (origin && origin->data.empty()) return;  // it has no functions
    Folder& folder = folders_[folder_of(profile)];
    Paths paths =
        origin ? search_.find(*origin, folder.loaded) : search_.find_by_head(head_of(profile));
    const bool is_known = !paths.empty() && search_.has_mapping(paths.front());
    if (!is_known && folder_of(profile).ends_with(kPlain)) {
      ++unknown_;
      return;
    }
    if (paths.size() > 1) {
      ++ambiguous_[std::move(paths)];
      return;
    }
    const std::string path = paths.empty() ? "" : paths.front();
    folder.found.insert(path);
    groups_[{origin ? origin->version : version_of(profile), path, folder.forks}].push_back(
        profile);
  }

  LlvmPrograms take() {
    LlvmPrograms result;
    std::map<std::string, std::size_t> lost;  // by the program that must have written it
    for (auto& [key, files] : groups_) {
      const auto& [version, program, forked] = key;
      if (program.empty()) {
        for (const std::string& profile : files) ++lost[suspect_of(profile)];
      }
      result.programs.push_back({program, version, std::move(files), forked});
    }
    for (const auto& [path, count] : lost) {
      result.failures.push_back(failure_of(path, count, search_));
    }
    for (const auto& [paths, count] : ambiguous_) {
      result.ambiguities.push_back(ambiguity_of(paths, count));
    }
    if (unknown_ > 0) result.warnings.push_back(unknown_text(unknown_));
    return result;
  }

 private:
  struct Folder {
    Images loaded;
    unsigned forks = 0;
    Images found;
  };

  std::string suspect_of(const std::string& profile) {
    const Folder& folder = folders_[folder_of(profile)];
    std::string suspect;
    for (const std::string& path : folder.loaded) {
      if (!folder.found.contains(path)) suspect = path;
    }
    return suspect;
  }

  ProgramSearch search_;
  std::map<std::string, Folder> folders_;
  std::map<std::tuple<std::uint64_t, std::string, unsigned>, Paths> groups_;
  std::map<Paths, std::size_t> ambiguous_;
  std::size_t unknown_ = 0;
};

}  // namespace

LlvmPrograms find_llvm_programs(const std::vector<std::string>& profiles,
                                const CoverageSpec& spec) {
  Sorting sorting(spec);
  for (const std::string& profile : profiles) sorting.look_at_folder(folder_of(profile));
  for (const std::string& profile : profiles) sorting.add(profile);
  return sorting.take();
}

}  // namespace gentle
