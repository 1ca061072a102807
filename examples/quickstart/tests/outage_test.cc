// What the server does without redis, and when redis misbehaves. The service `orphan` is a server
// whose redis port belongs to nobody: each test plays redis there itself. One test at a time (see
// CMakeLists.txt).

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include "kv/socket.h"
#include "tests/http_client.h"

namespace {

// Accepts connections and sends `reply` for whatever comes; nothing if it is empty.
class FakeRedis {
 public:
  explicit FakeRedis(std::string reply)
      : reply_(std::move(reply)),
        listener_(kv::listen_tcp(std::getenv("ORPHAN_HOST"), static_cast<std::uint16_t>(std::atoi(
                                                                 std::getenv("ORPHAN_DB_PORT"))))) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    stop_receiver_ = kv::UniqueFd(ends[0]);
    stop_sender_ = kv::UniqueFd(ends[1]);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeRedis() {
    stop_sender_.reset();
    thread_.join();
  }
  FakeRedis(const FakeRedis&) = delete;
  FakeRedis& operator=(const FakeRedis&) = delete;

 private:
  void serve() {
    std::vector<kv::UniqueFd> clients;
    while (true) {
      std::vector<pollfd> polled = {{stop_receiver_.get(), POLLIN, 0},
                                    {listener_.get(), POLLIN, 0}};
      for (const kv::UniqueFd& client : clients) polled.push_back({client.get(), POLLIN, 0});
      poll(polled.data(), polled.size(), -1);
      if (polled[0].revents != 0) return;
      for (std::size_t i = 0; i < clients.size(); ++i) {
        if (polled[i + 2].revents == 0) continue;
        std::array<char, 4096> command;
        if (recv(clients[i].get(), command.data(), command.size(), 0) <= 0) {
          clients[i].reset();  // poll() skips it from now on
        } else {
          send(clients[i].get(), reply_.data(), reply_.size(), MSG_NOSIGNAL);
        }
      }
      if (polled[1].revents != 0) {
        clients.emplace_back(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      }
    }
  }

  const std::string reply_;
  kv::UniqueFd listener_;
  kv::UniqueFd stop_receiver_;
  kv::UniqueFd stop_sender_;
  std::thread thread_;
};

class Outage : public testing::Test {
 protected:
  HttpClient http{"ORPHAN"};
};

TEST_F(Outage, SaysThatRedisIsGone) {
  for (const std::string target : {"/keys/a", "/keys", "/health"}) {
    const auto answer = http.get(target);
    EXPECT_EQ(answer.status, 503) << target;
    EXPECT_EQ(answer.headers.at("Retry-After"), "1");
    EXPECT_NE(answer.body.find("redis at 127.0.0.1:"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("Connection refused"), std::string::npos) << answer.body;
  }
  EXPECT_EQ(http.put("/keys/a", "x").status, 503);
  EXPECT_EQ(http.post("/counters/a").status, 503);
  EXPECT_EQ(http.remove("/keys/a").status, 503);
}

TEST_F(Outage, DoesWithoutRedisWhatItCan) {
  EXPECT_EQ(http.get("/stats").status, 200);
  EXPECT_EQ(http.get("/nothing").status, 404);
}

TEST_F(Outage, FindsRedisWhenItComesBack) {
  EXPECT_EQ(http.get("/health").status, 503);
  // Twice: after the first time the server has a connection to a redis that is gone.
  for (int round = 0; round < 2; ++round) {
    const FakeRedis redis("+PONG\r\n");
    EXPECT_EQ(http.get("/health").status, 200);
    EXPECT_EQ(http.get("/health").status, 200);
  }
  EXPECT_EQ(http.get("/health").status, 503);
}

TEST_F(Outage, DoesNotWaitForeverForARedisThatHangs) {
  const FakeRedis redis("");
  const auto answer = http.get("/health");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("Resource temporarily unavailable"), std::string::npos) << answer.body;
}

TEST_F(Outage, PassesOnWhyRedisDoesNotServe) {
  const FakeRedis redis("-LOADING Redis is loading the dataset in memory\r\n");
  const auto answer = http.put("/keys/a", "x");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "redis: LOADING Redis is loading the dataset in memory\n");
}

TEST_F(Outage, IsNotFooledByNonsense) {
  {
    const FakeRedis redis("nonsense\r\n");
    EXPECT_EQ(http.get("/health").status, 503);
  }
  const FakeRedis redis(":7\r\n");
  EXPECT_EQ(http.get("/health").body, "redis sent an answer of an unexpected kind\n");
  EXPECT_EQ(http.get("/keys").status, 503);
}

}  // namespace
