#include "coverage/keep/container_client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "coverage/keep/coverage_paths.h"

namespace gentle {
namespace {

TEST(ContainerClient, IsKnownByItsName) {
  for (const char* program :
       {"/usr/bin/docker", "docker", "/opt/bin/nerdctl", "/usr/bin/kubectl"}) {
    EXPECT_TRUE(is_container_client(program)) << program;
  }
  for (const char* program : {"", "/usr/bin/dockerize", "/docker/app", "/usr/bin/podman"}) {
    EXPECT_FALSE(is_container_client(program)) << program;
  }
}

TEST(ContainerClient, IsOfNoInterestElsewhere) {
  EXPECT_EQ(why_container_unseen(::getpid(), "/usr/bin/app", "/"), "");
  EXPECT_EQ(why_container_unseen(::getpid(), "/usr/bin/docker", ""), "");
  EXPECT_EQ(why_container_unseen(::getpid(), "/usr/bin/docker", "/no/such/build"), "");
}

TEST(ContainerClient, TheBuildFolderIsAboveTheData) {
  EXPECT_EQ(build_dir_of(coverage_folder("/some/build")), "/some/build");
  EXPECT_EQ(build_dir_of("/elsewhere"), "");
}

}  // namespace
}  // namespace gentle
