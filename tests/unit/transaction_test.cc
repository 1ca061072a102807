#include "coverage/fold/transaction.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class TransactionTest : public ScratchFolderTest {
 protected:
  void SetUp() override {
    write_file(sum_, "old");
    write_file(part_, "part");
  }

  // Without a process that is killed: what each moment leaves behind.
  std::string log_of(const std::string& last = "end") const {
    std::string text;
    for (const std::string& word : {std::string("gentle-transaction 1"), std::string("replace"),
                                    sum_, std::string("remove"), part_, last}) {
      text += word;
      text += '\0';
    }
    return text;
  }

  void expect_done() const {
    EXPECT_EQ(read_file(sum_), "new");
    EXPECT_FALSE(file_exists(part_));
    expect_nothing_else();
  }

  void expect_nothing_done() const {
    EXPECT_EQ(read_file(sum_), "old");
    EXPECT_EQ(read_file(part_), "part");
    EXPECT_FALSE(file_exists(log_));
  }

  void expect_nothing_else() const {
    EXPECT_FALSE(file_exists(log_));
    EXPECT_FALSE(file_exists(sum_ + ".new"));
  }

  std::string log_ = root_ + "/log";
  std::string sum_ = root_ + "/sum";
  std::string part_ = root_ + "/part with\nnewline";
};

TEST_F(TransactionTest, AllAtOnce) {
  Transaction transaction(log_);
  transaction.replace(sum_, "new");
  transaction.remove(part_);
  expect_nothing_done();
  EXPECT_TRUE(transaction.commit().empty());
  expect_done();
}

TEST_F(TransactionTest, NothingIfItIsGivenUp) {
  {
    Transaction transaction(log_);
    transaction.replace(sum_, "new");
    transaction.remove(part_);
  }
  expect_nothing_done();
  expect_nothing_else();
}

TEST_F(TransactionTest, KilledBeforeItWasWrittenDown) {
  write_file(sum_ + ".new", "new");
  Transaction::finish(log_);
  expect_nothing_done();
}

TEST_F(TransactionTest, KilledOnceItWasWrittenDown) {
  write_file(sum_ + ".new", "new");
  write_file(log_, log_of());
  Transaction::finish(log_);
  expect_done();
}

TEST_F(TransactionTest, KilledBetweenReplacingAndRemoving) {
  write_file(sum_, "new");
  write_file(log_, log_of());
  Transaction::finish(log_);
  expect_done();
}

TEST_F(TransactionTest, KilledBeforeTheLogWasRemoved) {
  write_file(sum_, "new");
  remove_tree(part_);
  write_file(log_, log_of());
  Transaction::finish(log_);
  expect_done();
}

TEST_F(TransactionTest, ALogThatIsNotWholeIsNone) {
  const std::string whole = log_of();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file(log_, whole.substr(0, size));
    Transaction::finish(log_);
    expect_nothing_done();
  }
  for (const std::string& other : {std::string(whole.size(), '\0'), log_of("of another form")}) {
    write_file(log_, other);
    Transaction::finish(log_);
    expect_nothing_done();
  }
}

TEST_F(TransactionTest, WhatCannotBeReplacedStaysToBeDone) {
  remove_tree(sum_);
  make_folders(sum_ + "/in the way", 0700);
  {
    Transaction transaction(log_);
    transaction.replace(sum_, "new");
    transaction.remove(part_);
    EXPECT_THROW(transaction.commit(), Error);
  }
  EXPECT_EQ(read_file(part_), "part") << "its counts are nowhere else";
  remove_tree(sum_);
  Transaction::finish(log_);
  expect_done();
}

TEST_F(TransactionTest, WhatCannotBeRemovedIsTold) {
  remove_tree(part_);
  make_folders(part_ + "/in the way", 0700);
  Transaction transaction(log_);
  transaction.replace(sum_, "new");
  transaction.remove(part_);
  const auto left = transaction.commit();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].path, part_);
  EXPECT_EQ(read_file(sum_), "new");
  EXPECT_FALSE(file_exists(log_));
}

TEST_F(TransactionTest, WithoutAFolderForTheLogNothingIsDone) {
  Transaction transaction(root_ + "/no/log");
  transaction.replace(sum_, "new");
  transaction.remove(part_);
  EXPECT_THROW(transaction.commit(), Error);
  expect_nothing_done();
}

}  // namespace
}  // namespace gentle
