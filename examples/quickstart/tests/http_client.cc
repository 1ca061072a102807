#include "tests/http_client.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace {

std::string from_environment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr) throw std::runtime_error(name + " is not set; run this test by ctest");
  return value;
}

kv::UniqueFd connect_to(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found)) {
    throw std::runtime_error(host + ": " + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  kv::UniqueFd fd(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(fd.get(), found->ai_addr, found->ai_addrlen) != 0) {
    throw std::runtime_error("cannot connect to " + host + ":" + port + ": " +
                             std::strerror(errno));
  }
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return fd;
}

}  // namespace

HttpClient::HttpClient(const std::string& service)
    : fd_(connect_to(from_environment(service + "_HOST"), from_environment(service + "_PORT"))) {}

HttpClient::Answer HttpClient::request(const std::string& method, const std::string& target,
                                       const std::string& body) {
  send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " +
       std::to_string(body.size()) + "\r\n\r\n" + body);
  return read_answer(method != "HEAD");
}

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The server may well have closed on us in the middle of what it refuses; its answer tells.
    if (sent < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

HttpClient::Answer HttpClient::read_answer(bool with_body) {
  std::size_t head_end = 0;
  while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) throw std::runtime_error("the server closed the connection without an answer");
  }
  Answer answer;
  answer.status = std::stoi(received_.substr(std::strlen("HTTP/1.1 "), 3));
  std::size_t line = received_.find("\r\n") + 2;
  while (line < head_end) {
    const std::size_t colon = received_.find(": ", line);
    const std::size_t line_end = received_.find("\r\n", line);
    answer.headers[received_.substr(line, colon - line)] =
        received_.substr(colon + 2, line_end - colon - 2);
    line = line_end + 2;
  }
  received_.erase(0, head_end + 4);

  const auto length = answer.headers.find("Content-Length");
  if (with_body && length != answer.headers.end()) {
    const std::size_t size = std::stoul(length->second);
    while (received_.size() < size) {
      if (!receive()) throw std::runtime_error("the server closed the connection within a body");
    }
    answer.body = received_.substr(0, size);
    received_.erase(0, size);
  }
  return answer;
}

bool HttpClient::at_end() { return received_.empty() && !receive(); }

bool HttpClient::receive() {
  std::array<char, 16 * 1024> buffer;
  ssize_t size = 0;
  do {  // signal(7): one that was stopped for a moment gets EINTR where there is a limit of time
    size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size < 0)
    throw std::runtime_error(std::string("no answer from the server: ") + std::strerror(errno));
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0;
}
