// server <port>: one client after the other.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

long steps(long number) {
  long count = 0;           // ran
  while (number != 1) {     // ran
    if (number % 2 == 0) {  // ran
      number /= 2;          // ran
    } else {
      number = 3 * number + 1;  // ran
    }
    ++count;  // ran
  }
  return count;  // ran
}

void answer(std::FILE* client) {
  char line[1024] = "";
  long number = 0;                                 // ran
  std::fgets(line, sizeof line, client);           // ran
  std::sscanf(line, "GET /steps/%ld ", &number);   // ran
  while (std::fgets(line, sizeof line, client)) {  // ran
    if (std::strcmp(line, "\r\n") == 0) break;     // ran
  }
  if (number < 1) {                                                                 // ran
    std::fputs("HTTP/1.0 400 Bad Request\r\n\r\nnot a positive number\n", client);  // not
    return;                                                                         // not
  }
  std::fprintf(client, "HTTP/1.0 200 OK\r\n\r\n%ld\n", steps(number));  // ran
}

}  // namespace

int main(int, char** arguments) {
  sockaddr_in address{};
  address.sin_family = AF_INET;                                                      // ran
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);                                  // ran
  address.sin_port = htons(static_cast<unsigned short>(std::atoi(arguments[1])));    // ran
  const int listener = socket(AF_INET, SOCK_STREAM, 0);                              // ran
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {  // ran
    std::perror("bind");                                                             // not
    return 1;                                                                        // not
  }
  listen(listener, 16);  // ran
  for (;;) {
    std::FILE* client = fdopen(accept(listener, nullptr, nullptr), "r+");  // ran
    if (client == nullptr) continue;                                       // ran
    answer(client);                                                        // ran
    std::fclose(client);                                                   // ran
  }
}
