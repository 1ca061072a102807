#include "base/colour_choice.h"

namespace gentle {

bool wants_colour(const Environment& environment, bool is_terminal) {
  if (!environment.get("NO_COLOR").empty()) return false;
  const std::string forced = environment.get("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return is_terminal && environment.get("CLICOLOR") != "0" && environment.get("TERM") != "dumb";
}

}  // namespace gentle
