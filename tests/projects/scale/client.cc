// client (<name> <host> <port>)...: at each place the service of that name answers.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

std::string name_at(const char* host, int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(port));
  ::inet_pton(AF_INET, host, &address.sin_addr);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return "nobody";
  std::string name;
  char buffer[64];
  for (ssize_t got = 1; (got = ::read(fd, buffer, sizeof buffer)) > 0;) {
    name.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  return name;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i + 2 < argc; i += 3) {
    const std::string found = name_at(argv[i + 1], std::atoi(argv[i + 2]));
    if (found == argv[i]) continue;
    std::fprintf(stderr, "%s:%s is of %s, not of %s\n", argv[i + 1], argv[i + 2], found.c_str(),
                 argv[i]);
    return 1;
  }
  return argc > 1 ? 0 : 2;
}
