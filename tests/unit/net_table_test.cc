#include "os/net_table.h"

#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace gentle {
namespace {

TEST(NetTable, ReadsTcp) {
  const auto sockets = parse_inet_table(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode\n"
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 "
      "12345 1 0000000000000000 100 0 0 10 0\n");
  ASSERT_EQ(sockets.size(), 1U);
  EXPECT_EQ(sockets[0].host, "127.0.0.1");
  EXPECT_EQ(sockets[0].port, 8080);
  EXPECT_EQ(sockets[0].state, static_cast<unsigned>(TCP_LISTEN));
  EXPECT_EQ(sockets[0].user, 1000U);
  EXPECT_EQ(sockets[0].inode, 12345U);
}

TEST(NetTable, ReadsTcp6) {
  const auto sockets = parse_inet_table(
      "   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000     0        0 7 1 x 100 0 0 10 0\n"
      "   1: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000     0        0 8 1 x 100 0 0 10 0");
  ASSERT_EQ(sockets.size(), 2U);
  EXPECT_EQ(sockets[0].host, "::1");
  EXPECT_EQ(sockets[0].port, 22);
  EXPECT_EQ(sockets[1].host, "::");
  EXPECT_EQ(sockets[1].inode, 8U);
}

TEST(NetTable, ReadsUnix) {
  const auto sockets = parse_unix_table(
      "Num       RefCount Protocol Flags    Type St Inode Path\n"
      "0000000000000000: 00000002 00000000 00010000 0001 01 10 /run/a b\n"
      "0000000000000000: 00000002 00000000 00000000 0002 01 11 @name\n"
      "0000000000000000: 00000002 00000000 00000000 0001 01 12 /bound\n"
      "0000000000000000: 00000003 00000000 00000000 0001 03 13\n");
  ASSERT_EQ(sockets.size(), 3U);
  EXPECT_EQ(sockets[0].name, "/run/a b");
  EXPECT_TRUE(sockets[0].serves());
  EXPECT_EQ(sockets[1].name, "@name");
  EXPECT_EQ(sockets[1].type, SOCK_DGRAM);
  EXPECT_TRUE(sockets[1].serves());
  EXPECT_EQ(sockets[2].inode, 12U);
  EXPECT_FALSE(sockets[2].serves());
}

TEST(NetTable, LeavesOutWhatIsNoLine) {
  EXPECT_TRUE(parse_inet_table("").empty());
  EXPECT_TRUE(parse_inet_table("0: 0100007F\n0: 0100007F:1F90 x 0A\n\n").empty());
  EXPECT_TRUE(parse_inet_table("0: 010000:1 0:0 0A 0 0 0 0 0 1\n").empty());
  EXPECT_TRUE(parse_inet_table("0: 0100007F:1FFFF 0:0 0A 0 0 0 0 0 1\n").empty());
  EXPECT_TRUE(parse_unix_table("0: 2 0 10000 0001 01 x /run/s\n").empty());
}

}  // namespace
}  // namespace gentle
