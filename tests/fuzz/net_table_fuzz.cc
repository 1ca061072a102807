// Whatever a table of sockets holds, what is read from it has a host and a port, or a name.
#include <cstdint>

#include "fuzz.h"
#include "os/net_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using gentle::fuzz::require;
  const std::string_view text = gentle::fuzz::text(data, size);
  for (const gentle::InetSocket& socket : gentle::parse_inet_table(text)) {
    require(!socket.host.empty(), "a socket has a host");
    require(socket.port >= 0 && socket.port <= 65535, "a port fits");
  }
  for (const gentle::UnixSocket& socket : gentle::parse_unix_table(text)) {
    require(!socket.name.empty(), "a socket has a name");
    require(socket.name.find('\n') == std::string::npos, "a name ends with its line");
  }
  return 0;
}
