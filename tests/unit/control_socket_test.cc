#include "os/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "os/file.h"
#include "scratch_folder.h"

namespace gentle {
namespace {

class ControlSocketTest : public ScratchFolderTest {
 protected:
  ControlSocketTest() {
    make_folders(path_, 0700);
    folder_ = open_own_folder(path_);
  }

  // Far longer than the 107 bytes that the path of a socket may have.
  std::string path_ = root_ + "/" + std::string(200, 'x');
  UniqueFd folder_;
};

TEST_F(ControlSocketTest, CarriesARequestAndAReplyOfAnyLength) {
  const UniqueFd listener = listen_control(folder_.get());
  const std::string long_reply(1 << 22, 'r');
  std::thread supervisor([&] {
    UniqueFd client;
    while (!client) client = accept_control(listener.get());
    std::string request;
    while (request.find('\n') == std::string::npos) {
      ASSERT_TRUE(receive_some(client.get(), request));
    }
    EXPECT_EQ(request, "hello\n");
    send_reply(client.get(), long_reply);
  });
  const UniqueFd connection = connect_control(folder_.get());
  EXPECT_EQ(peer_pid(connection.get()), ::getpid());
  send_request(connection.get(), "hello");
  EXPECT_EQ(receive_reply(connection.get()), long_reply);
  supervisor.join();
}

TEST_F(ControlSocketTest, IsOpenToNobodyElse) {
  const UniqueFd listener = listen_control(folder_.get());
  struct stat info {};
  ASSERT_EQ(::stat((path_ + "/control").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(ControlSocketTest, NobodyListens) {
  EXPECT_FALSE(connect_control(folder_.get()));
  { const UniqueFd listener = listen_control(folder_.get()); }
  EXPECT_TRUE(control_exists(folder_.get()));
  EXPECT_FALSE(connect_control(folder_.get()));
  const UniqueFd again = listen_control(folder_.get());
  EXPECT_TRUE(connect_control(folder_.get()));
  remove_control(folder_.get());
  EXPECT_FALSE(control_exists(folder_.get()));
}

TEST_F(ControlSocketTest, NoReplyIfTheOtherEndCloses) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  theirs.reset();
  send_request(ours.get(), "hello");
  EXPECT_EQ(receive_reply(ours.get()), std::nullopt);
}

TEST_F(ControlSocketTest, NothingToReadIsNotTheEnd) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  std::string text;
  EXPECT_TRUE(receive_some(ours.get(), text));
  send_reply(theirs.get(), "last");
  theirs.reset();
  EXPECT_FALSE(receive_some(ours.get(), text));
  EXPECT_EQ(text, "last");
}

TEST_F(ControlSocketTest, NoClient) {
  const UniqueFd listener = listen_control(folder_.get());
  EXPECT_FALSE(accept_control(listener.get()));
}

}  // namespace
}  // namespace gentle
