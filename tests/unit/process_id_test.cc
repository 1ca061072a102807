#include "base/process_id.h"

#include <gtest/gtest.h>

namespace gentle {
namespace {

TEST(ProcessId, IsATextAndBack) {
  for (const ProcessId& id : {ProcessId{1, 0}, {4711, 123456}, {1 << 22, UINT64_MAX}}) {
    EXPECT_EQ(parse_process_id(to_text(id)), id);
  }
  EXPECT_EQ(to_text({4711, 123456}), "4711-123456");
}

TEST(ProcessId, OtherTextsAreNone) {
  EXPECT_FALSE(parse_process_id(to_text({})));
  for (const char* text :
       {"", "-", "12", "12-", "-12", "0-5", "12 34", "12-34 ", " 12-34", "12-34-56", "12--34",
        "1x-2", "1-2x", "1-18446744073709551616", "1073741825-1"}) {
    EXPECT_FALSE(parse_process_id(text)) << text;
  }
}

}  // namespace
}  // namespace gentle
