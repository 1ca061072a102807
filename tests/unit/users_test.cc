#include "supervise/users.h"

#include <gtest/gtest.h>

#include "model/state.h"
#include "os/file.h"
#include "scratch_folder.h"
#include "supervise/dependencies.h"

namespace gentle {
namespace {

class Users : public ScratchFolderTest {
 protected:
  // A service that is used by `owners`.
  void add(const std::string& name, const ProcessId& supervisor, std::vector<ProcessId> owners) {
    State state;
    state.service = name;
    state.supervisor = supervisor;
    state.owners = std::move(owners);
    make_folders(root_ + "/" + name, 0700);
    save_state(root_ + "/" + name, state);
  }

  bool all_are_for_ctest(const std::vector<ProcessId>& users) const {
    return all_are_for(ctest_, users, root_);
  }

  ProcessId ctest_{10, 100};
  ProcessId other_{11, 100};
};

TEST_F(Users, Direct) {
  EXPECT_TRUE(all_are_for_ctest({}));
  EXPECT_TRUE(all_are_for_ctest({ctest_}));
  EXPECT_FALSE(all_are_for_ctest({ctest_, other_}));
  EXPECT_FALSE(all_are_for_ctest({{10, 101}}));
}

TEST_F(Users, ThroughServices) {
  const ProcessId app{20, 1};
  const ProcessId web{21, 1};
  const ProcessId shared{22, 1};
  add("app", app, {ctest_, web});
  add("web", web, {ctest_});
  add("shared", shared, {ctest_, other_});
  EXPECT_TRUE(all_are_for_ctest({ctest_, app}));
  EXPECT_FALSE(all_are_for_ctest({ctest_, app, shared}));
  EXPECT_FALSE(all_are_for_ctest({{23, 1}}));
}

}  // namespace
}  // namespace gentle
