#include "coverage/image/compiler_hash.h"

#include <gtest/gtest.h>

#include <string>

#include "coverage/image/bytes.h"

namespace gentle {
namespace {

// RFC 1321, A.5, and lengths around the end of a block (by md5sum).
TEST(Md5, IsThatOfTheStandard) {
  EXPECT_EQ(hexadecimal(md5_of("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hexadecimal(md5_of("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hexadecimal(md5_of(std::string(55, 'a'))), "ef1772b6dff9a122358552954ad0df65");
  EXPECT_EQ(hexadecimal(md5_of(std::string(56, 'a'))), "3b0c8ac703f828b04c6c197006d17218");
  EXPECT_EQ(hexadecimal(md5_of(std::string(64, 'a'))), "014842d480b571495a4a0363793f7367");
  EXPECT_EQ(hexadecimal(md5_of(std::string(1000, 'a'))), "cabe45dcc9ae5b66ba86600cca6b8ba8");
}

TEST(Fnv128, IsThatOfGo) {
  EXPECT_EQ(hexadecimal(fnv128_of("")), "6c62272e07bb014262b821756295c58d");
  EXPECT_EQ(hexadecimal(fnv128_of("a")), "d228cb696f1a8caf78912b704e4a8964");
}

}  // namespace
}  // namespace gentle
