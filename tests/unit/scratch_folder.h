// A folder for the files of one test.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cerrno>
#include <string>

#include "base/error.h"
#include "os/file.h"

namespace gentle {

class ScratchFolderTest : public testing::Test {
 protected:
  // It is there before SetUp, so that the members of a test can begin with its path.
  ScratchFolderTest() {
    if (::mkdtemp(root_.data()) == nullptr) throw errno_error("make folder", root_, errno);
  }
  void TearDown() override { remove_tree(root_); }

  // Makes the folders above it, too.
  void write(const std::string& name, const std::string& bytes) const {
    const std::string path = root_ + "/" + name;
    make_folders(path.substr(0, path.rfind('/')), 0777);
    write_file(path, bytes);
  }

  std::string root_ = "/tmp/unit-test-XXXXXX";
};

}  // namespace gentle
