// Tests of the server from outside, over HTTP, with a real redis behind it. All of them may run at
// once against one server: each uses keys of its own.

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/http_client.h"

namespace {

constexpr int kClients = 8;
constexpr int kRounds = 50;

class Api : public testing::Test {
 protected:
  // A key that no other test uses, and no earlier run of this one.
  static std::string key(const std::string& name) {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    return std::string(test->name()) + "-" + std::to_string(getpid()) + "-" + name;
  }
  static std::string path(const std::string& name) { return "/keys/" + key(name); }

  HttpClient http{"API"};
};

TEST_F(Api, IsHealthyWhileRedisAnswers) {
  const auto answer = http.get("/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "ok\n");
}

TEST_F(Api, GivesBackWhatWasPut) {
  EXPECT_EQ(http.put(path("a"), "first").status, 201);
  const auto answer = http.get(path("a"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "first");
  EXPECT_EQ(answer.headers.at("Content-Type"), "application/octet-stream");
  EXPECT_EQ(answer.headers.count("Kv-Ttl"), 0U);
}

TEST_F(Api, ReplacesAValue) {
  EXPECT_EQ(http.put(path("a"), "first").status, 201);
  EXPECT_EQ(http.put(path("a"), "second").status, 204);
  EXPECT_EQ(http.get(path("a")).body, "second");
}

TEST_F(Api, KeepsAnyBytes) {
  std::string bytes("\0\r\n\r\n\xff", 6);
  bytes += std::string(300'000, 'x');
  EXPECT_EQ(http.put(path("a"), bytes).status, 201);
  EXPECT_EQ(http.get(path("a")).body, bytes);
  EXPECT_EQ(http.put(path("empty"), "").status, 201);
  const auto empty = http.get(path("empty"));
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.body, "");
}

TEST_F(Api, RemovesAKeyOnce) {
  http.put(path("a"), "x");
  EXPECT_EQ(http.remove(path("a")).status, 204);
  EXPECT_EQ(http.remove(path("a")).status, 404);
  EXPECT_EQ(http.get(path("a")).status, 404);
}

TEST_F(Api, AnswersHeadWithoutABody) {
  http.put(path("a"), "12345");
  const auto answer = http.request("HEAD", path("a"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("Content-Length"), "5");
  // Had a body come, it would stand in front of this answer.
  EXPECT_EQ(http.get(path("a")).body, "12345");
}

TEST_F(Api, DecodesKeys) {
  EXPECT_EQ(http.put(path("a%2Fb%20c%c3%a9"), "x").status, 201);
  EXPECT_EQ(http.get(path("%61%2fb%20c%C3%A9")).body, "x");
  EXPECT_EQ(http.get(path("bad%2")).status, 400);
  EXPECT_EQ(http.get(path("bad%zz")).status, 400);
}

TEST_F(Api, RefusesKeysThatAreTooShortOrTooLong) {
  EXPECT_EQ(http.put("/keys/", "x").status, 400);
  EXPECT_EQ(http.put("/keys/" + std::string(513, 'k'), "x").body, "a key has 1 to 512 bytes\n");
}

TEST_F(Api, ForgetsAKeyAfterItsTimeToLive) {
  EXPECT_EQ(http.put(path("long") + "?ttl=100", "x").status, 201);
  const int left = std::stoi(http.get(path("long")).headers.at("Kv-Ttl"));
  EXPECT_GT(left, 0);
  EXPECT_LE(left, 100);

  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(http.put(path("short") + "?ttl=1", "x").status, 201);
  // Redis says when: asked until then. It does not answer 404 before a second has passed.
  while (http.get(path("short")).status == 200) {
  }
  const auto lived = std::chrono::steady_clock::now() - start;
  EXPECT_GT(lived, std::chrono::milliseconds(500));
  EXPECT_LT(lived, std::chrono::seconds(10));
}

TEST_F(Api, DropsTheTimeToLiveWithTheNextPut) {
  http.put(path("a") + "?ttl=100", "x");
  http.put(path("a"), "y");
  EXPECT_EQ(http.get(path("a")).headers.count("Kv-Ttl"), 0U);
}

TEST_F(Api, RefusesABadTimeToLive) {
  for (const std::string ttl : {"0", "-1", "soon", "1s", "", "99999999999999999999"}) {
    const auto answer = http.put(path("a") + "?ttl=" + ttl, "x");
    EXPECT_EQ(answer.status, 400) << ttl;
    EXPECT_NE(answer.body.find("'ttl' has to be a whole number from 1"), std::string::npos)
        << answer.body;
  }
  EXPECT_EQ(http.get(path("a")).status, 404);
}

TEST_F(Api, ListsKeysByPrefix) {
  http.put(path("b"), "");
  http.put(path("a"), "");
  http.put(path("a%2F2"), "");
  http.put("/keys/other-" + key("a"), "");
  EXPECT_EQ(http.get("/keys?prefix=" + key("")).body, key("a\n") + key("a%2F2\n") + key("b\n"));
  EXPECT_EQ(http.get("/keys?prefix=" + key("c")).body, "");
}

TEST_F(Api, TakesAPrefixLiterally) {
  http.put(path("%5B*%5D%3F"), "");
  http.put(path("xyz"), "");
  EXPECT_EQ(http.get("/keys?prefix=" + key("%5B*")).body, key("%5B%2A%5D%3F\n"));
  EXPECT_EQ(http.get("/keys?prefix=" + key("*")).body, "");
}

TEST_F(Api, SaysWhenAListingIsCutOff) {
  for (const std::string name : {"a", "b", "c"}) http.put(path(name), "");
  const auto cut = http.get("/keys?limit=2&prefix=" + key(""));
  EXPECT_EQ(cut.body, key("a\n") + key("b\n"));
  EXPECT_EQ(cut.headers.at("Kv-Truncated"), "true");
  EXPECT_EQ(http.get("/keys?limit=3&prefix=" + key("")).headers.count("Kv-Truncated"), 0U);
  EXPECT_EQ(http.get("/keys?limit=0").status, 400);
  EXPECT_EQ(http.get("/keys?prefix=%f").status, 400);
}

TEST_F(Api, Counts) {
  const std::string counter = "/counters/" + key("a");
  EXPECT_EQ(http.post(counter).body, "1\n");
  EXPECT_EQ(http.post(counter + "?by=41").body, "42\n");
  EXPECT_EQ(http.post(counter + "?by=-50").body, "-8\n");
  EXPECT_EQ(http.post(counter + "?by=x").status, 400);
  EXPECT_EQ(http.get(path("a")).body, "-8");
}

TEST_F(Api, CountsNothingTwiceAndLosesNothing) {
  const std::string counter = "/counters/" + key("a");
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      HttpClient client("API");
      for (int round = 0; round < kRounds; ++round) good += client.post(counter).status == 200;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(good, kClients * kRounds);
  EXPECT_EQ(http.post(counter + "?by=0").body, std::to_string(kClients * kRounds) + "\n");
}

TEST_F(Api, RefusesToCountATextOrBeyondTheLastNumber) {
  http.put(path("text"), "abc");
  const auto answer = http.post("/counters/" + key("text"));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, "ERR value is not an integer or out of range\n");

  http.put(path("last"), "9223372036854775807");
  EXPECT_EQ(http.post("/counters/" + key("last")).status, 409);
}

TEST_F(Api, SaysWhatAPathIsFor) {
  EXPECT_EQ(http.get("/nothing").status, 404);
  EXPECT_EQ(http.get("/keys/a/b").status, 404);
  const auto wrong_method = http.post(path("a"));
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.headers.at("Allow"), "DELETE, GET, HEAD, PUT");
  EXPECT_EQ(http.get("/counters/" + key("a")).headers.at("Allow"), "POST");
}

TEST_F(Api, ShowsStatistics) {
  const auto answer = http.get("/stats");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("Content-Type"), "application/json");
  for (const std::string name :
       {"uptime_seconds", "connections_open", "responses_2xx", "responses_5xx"}) {
    EXPECT_NE(answer.body.find('"' + name + "\": "), std::string::npos) << answer.body;
  }
  // This connection at least is open.
  EXPECT_EQ(answer.body.find("\"connections_open\": 0"), std::string::npos) << answer.body;
}

// The protocol itself.

class Http : public Api {};

TEST_F(Http, KeepsAConnectionForMoreRequests) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(http.get("/health").headers.at("Connection"), "keep-alive");
}

TEST_F(Http, ClosesWhenAsked) {
  http.send("GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(http.read_answer().headers.at("Connection"), "close");
  EXPECT_TRUE(http.at_end());
}

TEST_F(Http, ClosesAfterARequestOfVersion10UnlessAskedToKeep) {
  http.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(http.read_answer().headers.at("Connection"), "keep-alive");
  http.send("GET /health HTTP/1.0\r\n\r\n");
  EXPECT_EQ(http.read_answer().status, 200);
  EXPECT_TRUE(http.at_end());
}

TEST_F(Http, AnswersPipelinedRequestsInOrder) {
  std::string requests = "\r\n";  // an empty line before a request is ignored
  for (const std::string name : {"a", "b"}) {
    requests += "PUT " + path(name) + " HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\n" + name;
    requests += "GET " + path(name) + " HTTP/1.1\r\nHost: test\r\n\r\n";
  }
  http.send(requests);
  EXPECT_EQ(http.read_answer().status, 201);
  EXPECT_EQ(http.read_answer().body, "a");
  EXPECT_EQ(http.read_answer().status, 201);
  EXPECT_EQ(http.read_answer().body, "b");
}

TEST_F(Http, InvitesABodyThatWaitsForIt) {
  http.send("PUT " + path("a") +
            " HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(http.read_answer().status, 100);
  http.send("body");
  EXPECT_EQ(http.read_answer().status, 201);
  EXPECT_EQ(http.get(path("a")).body, "body");
}

TEST_F(Http, RefusesALargeBodyBeforeItComes) {
  http.send("PUT " + path("a") + " HTTP/1.1\r\nHost: test\r\nContent-Length: 1048577\r\n\r\n");
  const auto answer = http.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "the body is larger than 1048576 bytes\n");
}

TEST_F(Http, ItsAnswerReachesAClientThatSendsOn) {
  http.send("PUT " + path("a") + " HTTP/1.1\r\nHost: test\r\nContent-Length: 4000000\r\n\r\n" +
            std::string(4'000'000, 'x'));
  EXPECT_EQ(http.read_answer().status, 413);
}

TEST_F(Http, RefusesALongTargetAndALongHead) {
  EXPECT_EQ(http.get("/keys/" + std::string(5'000, 'k')).status, 414);
  HttpClient other("API");
  other.send("GET /health HTTP/1.1\r\nHost: test\r\nCookie: " + std::string(20'000, 'c'));
  EXPECT_EQ(other.read_answer().status, 431);
}

TEST_F(Http, GivesUpOnARequestThatDoesNotEnd) {
  http.send("GET /health HTTP/1.1\r\nHo");
  EXPECT_EQ(http.read_answer().status, 408);
  EXPECT_TRUE(http.at_end());
}

struct Malformed {
  std::string name;
  std::string request;
  int status;
};

class HttpRefuses : public testing::TestWithParam<Malformed> {};

TEST_P(HttpRefuses, AMalformedRequest) {
  HttpClient http("API");
  http.send(GetParam().request + "\r\n\r\n");
  EXPECT_EQ(http.read_answer().status, GetParam().status);
  EXPECT_TRUE(http.at_end());
}

INSTANTIATE_TEST_SUITE_P(
    , HttpRefuses,
    testing::Values(
        Malformed{"NoVersion", "GET /health", 400},                                           //
        Malformed{"OldVersion", "GET /health HTTP/2.0\r\nHost: test", 505},                   //
        Malformed{"OtherProtocol", "GET /health FTP/1.1\r\nHost: test", 400},                 //
        Malformed{"SpaceInTarget", "GET /he alth HTTP/1.1\r\nHost: test", 400},               //
        Malformed{"RelativeTarget", "GET health HTTP/1.1\r\nHost: test", 400},                //
        Malformed{"StrangeMethod", "G(T /health HTTP/1.1\r\nHost: test", 400},                //
        Malformed{"NoHost", "GET /health HTTP/1.1", 400},                                     //
        Malformed{"TwoHosts", "GET /health HTTP/1.1\r\nHost: a\r\nHost: b", 400},             //
        Malformed{"NoColon", "GET /health HTTP/1.1\r\nHost: test\r\nnothing", 400},           //
        Malformed{"SpaceBeforeColon", "GET /health HTTP/1.1\r\nHost : test", 400},            //
        Malformed{"FoldedLine", "GET /health HTTP/1.1\r\nHost: test\r\nA: b\r\n c: d", 400},  //
        Malformed{"BareNewline", "GET /health HTTP/1.1\r\nHost: test\nA: b", 400},            //
        Malformed{"LengthIsNoNumber", "PUT /keys/a HTTP/1.1\r\nHost: t\r\nContent-Length: x",
                  400},  //
        Malformed{"LengthIsNegative", "PUT /keys/a HTTP/1.1\r\nHost: t\r\nContent-Length: -1",
                  400},  //
        Malformed{"HugeLength",
                  "PUT /keys/a HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999", 413},
        Malformed{"TwoLengths",
                  "PUT /keys/a HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2", 400},
        Malformed{"ChunkedBody", "PUT /keys/a HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked",
                  411}),
    [](const auto& test) { return test.param.name; });

}  // namespace
