#include "coverage/image/runtime_text.h"

#include <algorithm>
#include <cstring>

namespace gentle {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

// libgcov-driver.c and compiler-rt's GCDAProfiling.c: begin and end, so that this program does not
// hold the whole of one.
constexpr const char* kGccText[] = {"libgcov profiling error", ":%s:"};
constexpr const char* kClangText[] = {"profiling: %s", ": cannot merge previous GCDA file"};

// A name in a table of strings, and not a part of a longer text.
std::string as_name(const std::string& name) { return '\0' + name + '\0'; }

// Libraries are large, and std::string looks at each byte. Not by a searcher of <functional>:
// libc++ has them since 16 only.
bool holds(const std::string& piece, const std::string& text) {
  return ::memmem(piece.data(), piece.size(), text.data(), text.size()) != nullptr;
}

}  // namespace

std::vector<bool> find_texts(const Memory& file, std::uint64_t offset, std::uint64_t size,
                             const std::vector<std::string>& texts) {
  std::vector<bool> found(texts.size());
  std::size_t longest = 0;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  std::string piece;
  for (std::uint64_t done = 0; done < size;) {
    // The end of a piece is kept, so that nothing is missed between two.
    if (piece.size() > longest) piece.erase(0, piece.size() - longest);
    const std::size_t kept = piece.size();
    piece.resize(kept + std::min<std::uint64_t>(kPiece, size - done));
    const std::size_t got = file.read_some(offset + done, piece.data() + kept, piece.size() - kept);
    piece.resize(kept + got);
    if (got == 0) break;
    done += got;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!found[i]) found[i] = holds(piece, texts[i]);
    }
  }
  return found;
}

RuntimeTexts find_runtime_texts(const Memory& file, std::uint64_t offset, std::uint64_t size) {
  // Functions of the C library that fork, which gcc does not wrap.
  constexpr const char* kForks[] = {"forkpty", "daemon", "_Fork"};
  const auto found = find_texts(
      file, offset, size,
      {std::string(kGccText[0]) + kGccText[1], std::string(kClangText[0]) + kClangText[1],
       as_name("__llvm_prf_cnts"), as_name("__gcov_fork"), as_name(kForks[0]), as_name(kForks[1]),
       as_name(kForks[2])});
  const bool forks_otherwise = found[4] || found[5] || found[6];
  return {found[0], found[1], found[2], found[3] && !forks_otherwise};
}

}  // namespace gentle
