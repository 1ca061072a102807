// A store in one thread, as redis is one: line_server <port>. "SET <key> <value>" and "GET <key>",
// a line each; ends at SIGINT.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

volatile std::sig_atomic_t ends = 0;

std::string answer(std::unordered_map<std::string, std::string>& store, const std::string& line) {
  const std::size_t verb_end = line.find(' ');
  if (verb_end == std::string::npos) return "ERR\n";
  const std::string verb = line.substr(0, verb_end);
  const std::size_t key_end = line.find(' ', verb_end + 1);
  const std::string key = line.substr(verb_end + 1, key_end - verb_end - 1);
  if (verb == "GET") {
    const auto found = store.find(key);
    return found == store.end() ? "NIL\n" : found->second + "\n";
  }
  if (verb != "SET" || key_end == std::string::npos) return "ERR\n";
  store[key] = line.substr(key_end + 1);
  return "OK\n";
}

int listen_on(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);
  if (::listen(fd, 64) != 0) std::exit(1);
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::signal(SIGINT, [](int) { ends = 1; });
  std::vector<pollfd> entries = {{listen_on(std::atoi(argv[1])), POLLIN, 0}};
  std::map<int, std::string> pending;
  std::unordered_map<std::string, std::string> store;
  while (ends == 0) {
    if (::poll(entries.data(), entries.size(), -1) < 0) continue;
    if (entries[0].revents != 0) {
      entries.push_back({::accept(entries[0].fd, nullptr, nullptr), POLLIN, 0});
    }
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if ((entries[i].revents & (POLLIN | POLLHUP)) == 0) continue;
      char buffer[4096];
      const ssize_t got = ::recv(entries[i].fd, buffer, sizeof buffer, 0);
      std::string& text = pending[entries[i].fd];
      if (got <= 0) {
        ::close(entries[i].fd);
        pending.erase(entries[i].fd);
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(i));
        break;
      }
      text.append(buffer, static_cast<std::size_t>(got));
      std::string replies;
      for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
        replies += answer(store, text.substr(0, end));
        text.erase(0, end + 1);
      }
      if (::send(entries[i].fd, replies.data(), replies.size(), MSG_NOSIGNAL) < 0) continue;
    }
  }
}
