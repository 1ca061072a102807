#include "base/colour_choice.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace gentle {
namespace {

struct Case {
  const char* name;
  std::vector<std::pair<const char*, const char*>> set;
  bool on_terminal;
  bool elsewhere;
};

TEST(ColourChoice, FollowsTheTerminalAndWhatPeopleSet) {
  const Case cases[] = {
      {"nothing", {}, true, false},
      {"NO_COLOR", {{"NO_COLOR", "1"}}, false, false},
      {"NO_COLOR is empty", {{"NO_COLOR", ""}}, true, false},
      {"NO_COLOR=0 is set as well", {{"NO_COLOR", "0"}}, false, false},
      {"CLICOLOR_FORCE", {{"CLICOLOR_FORCE", "1"}}, true, true},
      {"CLICOLOR_FORCE=0", {{"CLICOLOR_FORCE", "0"}}, true, false},
      {"CLICOLOR_FORCE beside CLICOLOR=0",
       {{"CLICOLOR_FORCE", "1"}, {"CLICOLOR", "0"}},
       true,
       true},
      {"both", {{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}}, false, false},
      {"CLICOLOR=0", {{"CLICOLOR", "0"}}, false, false},
      {"a dumb terminal", {{"TERM", "dumb"}}, false, false},
      {"another terminal", {{"TERM", "xterm"}}, true, false},
  };
  for (const Case& one : cases) {
    Environment environment;
    for (const auto& [name, value] : one.set) environment.set(name, value);
    EXPECT_EQ(wants_colour(environment, true), one.on_terminal) << one.name;
    EXPECT_EQ(wants_colour(environment, false), one.elsewhere) << one.name;
  }
}

}  // namespace
}  // namespace gentle
