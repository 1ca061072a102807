// Asks a server as fast as it answers, on one connection a thread, and prints how many requests a
// second it has answered: load <port> <threads> <seconds> <at once> <request>. An answer is one
// line, or one of HTTP. With many at once the server is never idle, and it is its own speed that is
// measured.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

int connect_to(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);
  return fd;
}

// The length of the answer at the front; 0: it is not whole yet.
std::size_t answer_length(const std::string& text) {
  if (text.rfind("HTTP", 0) != 0) return text.find('\n') + 1;
  const std::size_t head = text.find("\r\n\r\n");
  const std::size_t length = text.find("Content-Length: ");
  if (head == std::string::npos || length > head) return 0;
  const std::size_t whole = head + 4 + std::strtoul(text.c_str() + length + 16, nullptr, 10);
  return text.size() < whole ? 0 : whole;
}

long ask(int port, const std::string& request, int at_once, Clock::time_point until) {
  const int fd = connect_to(port);
  long answered = 0;
  std::string requests;
  for (int i = 0; i < at_once; ++i) requests += request;
  std::string text;
  while (Clock::now() < until) {
    if (::send(fd, requests.data(), requests.size(), 0) < 0) std::exit(1);
    for (int left = at_once; left > 0;) {
      char buffer[4096];
      const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) std::exit(1);
      text.append(buffer, static_cast<std::size_t>(got));
      while (const std::size_t length = answer_length(text)) {
        text.erase(0, length);
        --left;
      }
    }
    answered += at_once;
  }
  ::close(fd);
  return answered;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const int port = std::atoi(argv[1]);
  const double seconds = std::atof(argv[3]);
  const int at_once = std::atoi(argv[4]);
  const std::string request = argv[5];
  const auto began = Clock::now();
  const auto until =
      began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::atomic<long> answered = 0;
  std::vector<std::thread> threads;
  for (int i = std::atoi(argv[2]); i > 0; --i) {
    threads.emplace_back([&] { answered += ask(port, request, at_once, until); });
  }
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> took = Clock::now() - began;
  std::printf("%.1f\n", static_cast<double>(answered) / took.count());
}
