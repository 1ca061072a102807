#include "supervise/journal.h"

#include <cstdio>
#include <ctime>

#include "base/printable.h"

namespace gentle {

void journal(const std::string& text) {
  const std::time_t now = std::time(nullptr);
  char stamp[32] = "";
  std::strftime(stamp, sizeof stamp, "%F %T ", std::localtime(&now));
  std::fprintf(stderr, "%s%s%s", stamp, printable(text).c_str(), text.ends_with('\n') ? "" : "\n");
}

void warn(const std::string& text) {
  std::fprintf(stderr, "gentle: warning: %s\n", printable(text).c_str());
}

}  // namespace gentle
