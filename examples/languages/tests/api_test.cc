// Asks a server at SERVER_PORT, whatever its language is.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace {

// What follows the empty line of the answer; empty if there is no answer.
std::string get(const std::string& path) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<unsigned short>(std::atoi(std::getenv("SERVER_PORT"))));
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  std::string text = "GET " + path + " HTTP/1.0\r\n\r\n";
  if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      write(server, text.data(), text.size()) < 0) {
    text.clear();
  }
  std::string answer;
  char buffer[1024];
  for (ssize_t size; !text.empty() && (size = read(server, buffer, sizeof buffer)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(size));
  }
  close(server);
  const std::size_t head = answer.find("\r\n\r\n");
  return head == std::string::npos ? "" : answer.substr(head + 4);
}

TEST(Steps, OfOne) { EXPECT_EQ(get("/steps/1"), "0\n"); }

TEST(Steps, OfSix) { EXPECT_EQ(get("/steps/6"), "8\n"); }

}  // namespace
