#include "model/http.h"

#include <gtest/gtest.h>

#include "cause_of_error.h"

namespace gentle {
namespace {

std::string target_cause(const std::string& text) {
  return cause_of_error([&] { parse_http_target(text); });
}

std::string status_cause(const std::string& text) {
  return cause_of_error([&] { parse_http_status(text); });
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

TEST(HttpStatus, IsKnownOnceItsLineIsThere) {
  EXPECT_EQ(parse_http_status("HTTP/1.1 200 OK\r\n"), 200);
  EXPECT_EQ(parse_http_status("HTTP/1.0 599\n"), 599);
  const std::string whole = "HTTP/1.1 204 \r\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(parse_http_status(whole.substr(0, length)), std::nullopt) << length;
  }
  EXPECT_EQ(parse_http_status(whole), 204);
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
