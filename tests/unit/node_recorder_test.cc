#include "coverage/languages/node_recorder.h"

#include <gtest/gtest.h>

#include <string>

namespace gentle {
namespace {

TEST(IsNode, GoesByTheNameOfTheProgram) {
  for (const char* name : {"/usr/bin/node", "node", "/x/nodejs", "node20", "/a/node-22.1"}) {
    EXPECT_TRUE(is_node(name)) << name;
  }
  for (const char* name : {"/usr/bin/nodemon", "node-gyp", "/node/x", "", "mynode", "/bin/sh"}) {
    EXPECT_FALSE(is_node(name)) << name;
  }
}

TEST(TellsOfNode, IsWhatLoadsNoModule) {
  EXPECT_TRUE(tells_of_node({"node", "--version"}));
  EXPECT_TRUE(tells_of_node({"node", "--no-warnings", "-h"}));
  EXPECT_TRUE(tells_of_node({"node", "--run", "start"}));
  EXPECT_TRUE(tells_of_node({"node", "--run=start"}));
  EXPECT_TRUE(tells_of_node({"node", "--watch", "server.js"}));
  EXPECT_TRUE(tells_of_node({"node", "--watch-path=src", "server.js"}));
  EXPECT_FALSE(tells_of_node({"node", "--runs"}));
  EXPECT_TRUE(tells_of_node({"node", "-r", "dotenv/config", "--watch", "server.js"}));
  EXPECT_TRUE(tells_of_node({"node", "--import", "tsx", "--watch", "server.ts"}));
  EXPECT_FALSE(tells_of_node({"node", "-r", "dotenv/config", "server.js", "--watch"}));
  EXPECT_FALSE(tells_of_node({"node", "--watcher"}));
  EXPECT_FALSE(tells_of_node({"node", "server.js", "--version"}));
  EXPECT_FALSE(tells_of_node({"node"}));
  EXPECT_FALSE(tells_of_node({}));
}

TEST(NodeRecorder, StartsBeforeWhatTheUserAsksFor) {
  Environment environment;
  environment.set("NODE_OPTIONS", "--max-old-space-size=64");
  add_node_recorder(environment, "/rec", "/hits");
  EXPECT_EQ(environment.get("NODE_OPTIONS"),
            "--require /rec/gentle_node_start.cjs --max-old-space-size=64");
  EXPECT_EQ(environment.get("GENTLE_NODE_HITS"), "/hits");
  EXPECT_EQ(why_no_node_recorder(environment.get("NODE_OPTIONS"), "/rec"), "");
}

TEST(NodeRecorder, IsNamedOnce) {
  Environment environment;
  add_node_recorder(environment, "/rec", "/outer");
  add_node_recorder(environment, "/rec", "/inner");
  EXPECT_EQ(environment.get("NODE_OPTIONS"), "--require /rec/gentle_node_start.cjs");
  EXPECT_EQ(environment.get("GENTLE_NODE_HITS"), "/inner");
}

TEST(NodeRecorder, StartsFromAPathOfAnyName) {
  Environment environment;
  add_node_recorder(environment, "/a b\"c\\d", "/hits");
  EXPECT_EQ(environment.get("NODE_OPTIONS"), R"(--require "/a b\"c\\d/gentle_node_start.cjs")");
  EXPECT_EQ(why_no_node_recorder(environment.get("NODE_OPTIONS"), "/a b\"c\\d"), "");
}

TEST(NodeRecorder, DoesNotStartWithoutItsOption) {
  for (const char* options : {"", "--require /x.cjs", "/rec", "--require /rec"}) {
    EXPECT_EQ(why_no_node_recorder(options, "/rec"),
              "the NODE_OPTIONS of its environment does not name the recorder")
        << options;
  }
}

}  // namespace
}  // namespace gentle
