#include "coverage/report/asked_gcov.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "scratch_folder.h"

namespace gentle {
namespace {

constexpr std::uint32_t kGcc12 = 0x4232322a;
constexpr std::uint32_t kGcc30 = 0x4430312a;
constexpr std::uint32_t kClang = 0x3430382a;

class AskedGcovTest : public ScratchFolderTest {
 protected:
  std::string program(const std::string& name) const {
    write(name, "#!/bin/sh\n");
    ::chmod((root_ + "/" + name).c_str(), 0755);
    return root_ + "/" + name;
  }

  std::vector<std::string> chosen(std::uint32_t version, std::vector<std::string> of_project) {
    CoverageSpec spec;
    spec.gcov = std::move(of_project);
    Environment environment;
    environment.set("PATH", root_);
    return gcov_for(version, spec, environment);
  }

  using Words = std::vector<std::string>;
};

TEST_F(AskedGcovTest, OfGccIsTheProjectsIfItIsOfThatRelease) {
  program("gcov-12");
  const std::string newer = program("gcov-30");
  EXPECT_EQ(chosen(kGcc12, {"/opt/gcov-12"}), Words{"/opt/gcov-12"});
  EXPECT_EQ(chosen(kGcc12, {"/opt/gcov"}), Words{"/opt/gcov"});
  EXPECT_EQ(chosen(kGcc30, {"/opt/x86_64-linux-gnu-gcov-30"}),
            Words{"/opt/x86_64-linux-gnu-gcov-30"});
  EXPECT_EQ(chosen(kGcc30, {"/opt/gcov-12"}), Words{newer});
  EXPECT_EQ(chosen(kGcc30, {"/opt/gcov"}), Words{newer});
}

TEST_F(AskedGcovTest, OfGccIsAnyIfThereIsNoneOfThatRelease) {
  EXPECT_EQ(chosen(kGcc30, {"/opt/gcov-12"}), Words{"/opt/gcov-12"}) << "it says what is wrong";
  EXPECT_EQ(chosen(kGcc12, {"/opt/llvm-cov-14", "gcov"}), Words{});
  const std::string plain = program("gcov");
  EXPECT_EQ(chosen(kGcc12, {"/opt/llvm-cov-14", "gcov"}), Words{plain});
}

TEST_F(AskedGcovTest, OfClangIsAnLlvmCov) {
  EXPECT_EQ(chosen(kClang, {"/opt/llvm-cov-14", "gcov"}), (Words{"/opt/llvm-cov-14", "gcov"}));
  const std::string llvm = program("llvm-cov");
  EXPECT_EQ(chosen(kClang, {"/usr/bin/gcov-12"}), (Words{llvm, "gcov"}));
}

}  // namespace
}  // namespace gentle
