#include "model/http.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"

namespace gentle {
namespace {

std::string target_cause(const std::string& text) {
  return cause_of_error([&] { parse_http_target(text); });
}

std::string status_cause(const std::string& text) {
  return cause_of_error([&] { HttpResponse().take(text); });
}

void expect_target(const std::string& text, const std::string& host, int port,
                   const std::string& path) {
  const HttpTarget target = parse_http_target(text);
  EXPECT_EQ(target.host, host) << text;
  EXPECT_EQ(target.port, port) << text;
  EXPECT_EQ(target.path, path) << text;
}

TEST(HttpTarget, PathOrUrl) {
  expect_target("/health?x=1#y", "", 0, "/health?x=1#y");
  expect_target("http://localhost", "localhost", 0, "/");
  expect_target("http://localhost:8080/a/b", "localhost", 8080, "/a/b");
  expect_target("http://[::1]:65535/", "[::1]", 65535, "/");
  expect_target("http://[::1]/x:1", "[::1]", 0, "/x:1");
}

TEST(HttpTarget, SaysWhatIsWrong) {
  EXPECT_EQ(target_cause("https://x/"), "https is not supported");
  EXPECT_EQ(target_cause("localhost/"), "it starts neither with / nor with http://");
  EXPECT_EQ(target_cause("http:///x"), "it has no host");
  EXPECT_EQ(target_cause("http://[::1/"), "its [ has no ]");
  EXPECT_EQ(target_cause("/a\r\nX: y"), "a blank or control character stands in it");
  for (const char* url : {"http://x:/", "http://x:0/", "http://x:65536/", "http://x:8o/"}) {
    EXPECT_EQ(target_cause(url), "its port is no number from 1 to 65535") << url;
  }
}

TEST(HttpRequest, IsWhole) {
  EXPECT_EQ(http_get_request(parse_http_target("http://[::1]:80/a"), 80),
            "GET /a HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: gentle\r\nAccept: */*\r\n"
            "Connection: close\r\n\r\n");
  EXPECT_NE(http_get_request(parse_http_target("/"), 8080).find("\r\nHost: localhost:8080\r\n"),
            std::string::npos);
}

// What has come so far.
HttpResponse response_of(std::string_view text) {
  HttpResponse response;
  response.take(text);
  return response;
}

TEST(HttpStatus, IsKnownOnceItsLineIsThere) {
  EXPECT_EQ(response_of("HTTP/1.1 200 OK\r\n").status(), 200);
  EXPECT_EQ(response_of("HTTP/1.0 599\n").status(), 599);
  const std::string whole = "HTTP/1.1 204 \r\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(response_of(whole.substr(0, length)).status(), std::nullopt) << length;
  }
  EXPECT_EQ(response_of(whole).status(), 204);
}

TEST(HttpStatus, InterimAnswersAreSkipped) {
  const std::string early =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n";
  EXPECT_EQ(response_of(early).status(), std::nullopt);
  EXPECT_EQ(response_of(early + "HTTP/1.1 200 OK\r\n").status(), 200);
  EXPECT_EQ(response_of("HTTP/1.1 101 Switching Protocols\r\n").status(), 101);
  EXPECT_EQ(cause_of_error([&] { HttpResponse().take(early + "garbage"); }), "it is no HTTP");
}

// Whether exactly the whole text is complete, however it comes.
void expect_end(const std::string& text) {
  HttpResponse pieces;
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(response_of(text.substr(0, length)).is_complete()) << text << length;
    EXPECT_FALSE(pieces.is_complete()) << text << length;
    pieces.take(text.substr(length, 1));
  }
  EXPECT_TRUE(response_of(text).is_complete()) << text;
  EXPECT_TRUE(pieces.is_complete()) << text;
  EXPECT_TRUE(response_of(text + "more").is_complete()) << text;
}

TEST(HttpEnd, OfABody) {
  expect_end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12\n45");
  expect_end("HTTP/1.1 503 Busy\ncontent-length:0\n\n");
  expect_end("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n");
  expect_end("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
  expect_end("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
}

TEST(HttpEnd, OfChunks) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";
  expect_end(head + "5\r\n12\r\n5\r\nA;name=value\r\n0123456789\r\n0\r\n\r\n");
  expect_end(head + "0\r\nTrailer: x\r\n\r\n");
}

TEST(HttpEnd, OnlyTheConnectionKnows) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  EXPECT_FALSE(response_of(head + "\r\nbody\r\n\r\n").is_complete());
  EXPECT_FALSE(response_of(head + "Content-Length: many\r\n\r\nbody").is_complete());
  EXPECT_FALSE(response_of(head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n").is_complete());
  EXPECT_EQ(response_of(head + "X: " + std::string(100000, 'x')).status(), 200);
}

TEST(HttpStatus, SaysWhatIsNoHttp) {
  EXPECT_EQ(status_cause("SSH-2.0"), "it is no HTTP");
  EXPECT_EQ(status_cause("HTTP/2"), "it is no HTTP");
  EXPECT_EQ(status_cause("HTTP/1.1\n"), "it has no status code");
  EXPECT_EQ(status_cause("HTTP/1.1 2x0 \n"), "it has no status code");
  EXPECT_EQ(status_cause("HTTP/1.1 600 \n"), "it has no status code");
  EXPECT_EQ(status_cause("HTTP/1.1 " + std::string(5000, '2')), "it has no end");
}

}  // namespace
}  // namespace gentle
