#include "probe/http_exchange.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cause_of_error.h"

namespace gentle {
namespace {

using std::chrono::seconds;

// A server that does what the test says, and a clock that is the test's.
class HttpExchangeTest : public testing::Test {
 protected:
  HttpExchangeTest() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_.get(), any, size), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    EXPECT_EQ(::getsockname(listener_.get(), any, &size), 0);
    exchange_.emplace("127.0.0.1", ntohs(address.sin_port), "GET / HTTP/1.1\r\n\r\n", now_);
    exchange_->go_on(now_);
    server_.reset(::accept(listener_.get(), nullptr, nullptr));
  }

  void answer(std::string_view text) const {
    EXPECT_EQ(::send(server_.get(), text.data(), text.size(), MSG_NOSIGNAL), ssize_t(text.size()));
  }
  void pass(Duration time) {
    now_ += time;
    exchange_->go_on(now_);
  }
  // All that it has sent; whether that was the end.
  bool server_sees_end() const {
    char buffer[256];
    ssize_t got = 0;
    do {
      got = ::recv(server_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    } while (got > 0);
    return got == 0;
  }

  UniqueFd listener_;
  UniqueFd server_;
  TimePoint now_{};
  std::optional<HttpExchange> exchange_;
};

TEST_F(HttpExchangeTest, IsOverWhenAllHasCome) {
  answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  pass(seconds(0));
  EXPECT_EQ(exchange_->status(), 200);
  EXPECT_FALSE(exchange_->is_over());
  answer("b");
  pass(seconds(0));
  EXPECT_TRUE(exchange_->is_over());  // though a keep-alive server leaves the connection open
}

TEST_F(HttpExchangeTest, IsOverWhenTheServerCloses) {
  answer("HTTP/1.1 200 OK\r\n\r\na page");
  pass(seconds(0));
  EXPECT_FALSE(exchange_->is_over());
  server_.reset();
  pass(seconds(0));
  EXPECT_TRUE(exchange_->is_over());
}

TEST_F(HttpExchangeTest, AnEndWithoutAnAnswerIsAnError) {
  server_.reset();
  EXPECT_NE(cause_of_error([&] { exchange_->go_on(now_); }), "");
}

TEST_F(HttpExchangeTest, AnAnswerWithoutEndEnds) {
  answer("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
  pass(seconds(4));
  EXPECT_FALSE(server_sees_end());
  pass(seconds(1));
  EXPECT_TRUE(server_sees_end());  // half of the connection is closed
  answer("data: 2\n\n");           // which hurts nobody who goes on
  pass(seconds(4));
  EXPECT_FALSE(exchange_->is_over());
  pass(seconds(1));
  EXPECT_TRUE(exchange_->is_over());
}

TEST_F(HttpExchangeTest, ALateAnswerIsReadAsWell) {
  pass(seconds(5));
  EXPECT_TRUE(exchange_->is_late());
  EXPECT_FALSE(exchange_->is_over());
  answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  pass(seconds(1));
  EXPECT_TRUE(exchange_->is_over());
}

TEST_F(HttpExchangeTest, AServerThatWaitsForItsClientsIsToldAtOnce) {
  answer("HTTP/1.1 200 OK\r\n\r\n");
  pass(seconds(0));
  exchange_->leave(now_);
  EXPECT_TRUE(server_sees_end());
  server_.reset();
  pass(seconds(0));
  EXPECT_TRUE(exchange_->is_over());
}

}  // namespace
}  // namespace gentle
