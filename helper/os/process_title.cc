#include "os/process_title.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace gentle {
namespace {

char* kept = nullptr;
std::size_t room = 0;

}  // namespace

void keep_for_title(int argc, char** argv) {
  if (argc == 0) return;
  kept = argv[0];
  room = static_cast<std::size_t>(argv[argc - 1] - kept) + std::strlen(argv[argc - 1]) + 1;
}

void set_process_title(std::initializer_list<std::string> words) {
  std::string title;
  for (const std::string& word : words) title.append(word).push_back('\0');
  if (title.size() > room) return;
  std::memset(kept, 0, room);
  std::copy(title.begin(), title.end(), kept);
}

}  // namespace gentle
