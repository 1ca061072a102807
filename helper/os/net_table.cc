#include "os/net_table.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/number.h"

namespace gentle {
namespace {

constexpr unsigned kAcceptsConnections = 1U << 16;  // __SO_ACCEPTCON of the kernel

// The fields of a line, separated by blanks; `line` keeps what is left.
std::string_view next_field(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::string_view field = line.substr(0, line.find(' '));
  line.remove_prefix(field.size());
  return field;
}

template <typename Integer>
std::optional<Integer> parse_hex(std::string_view text) {
  Integer value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

// Each group of eight digits is a word of the address in the order of bytes of this machine.
std::optional<std::string> parse_host(std::string_view digits) {
  std::array<std::uint32_t, 4> words{};
  const std::size_t count = digits.size() / 8;
  if (digits.size() % 8 != 0 || (count != 1 && count != 4)) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = parse_hex<std::uint32_t>(digits.substr(i * 8, 8));
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(count == 1 ? AF_INET : AF_INET6, words.data(), text.data(), text.size());
  return text.data();
}

// "sl: local remote state queues timer retransmits user timeout inode ..."
std::optional<InetSocket> parse_inet_line(std::string_view line) {
  next_field(line);
  const std::string_view local = next_field(line);
  const std::size_t colon = local.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  next_field(line);
  const auto state = parse_hex<unsigned>(next_field(line));
  for (int skipped = 0; skipped < 3; ++skipped) next_field(line);
  const auto user = parse_integer<unsigned>(next_field(line), 0, UINT32_MAX);
  next_field(line);
  const auto inode = parse_integer<std::uint64_t>(next_field(line), 0, UINT64_MAX);
  const auto host = parse_host(local.substr(0, colon));
  const auto port = parse_hex<std::uint16_t>(local.substr(colon + 1));
  if (!state || !user || !inode || !host || !port) return std::nullopt;
  return InetSocket{*host, *port, *state, *user, *inode};
}

// "address: references protocol flags type state inode name"; many sockets have no name.
std::optional<UnixSocket> parse_unix_line(std::string_view line) {
  for (int skipped = 0; skipped < 3; ++skipped) next_field(line);
  const auto flags = parse_hex<unsigned>(next_field(line));
  const auto type = parse_hex<std::uint16_t>(next_field(line));
  next_field(line);
  const auto inode = parse_integer<std::uint64_t>(next_field(line), 0, UINT64_MAX);
  if (!flags || !type || !inode || line.size() < 2) return std::nullopt;
  // One blank, and after it the name, which may hold more of them.
  return UnixSocket{std::string(line.substr(1)), *type, (*flags & kAcceptsConnections) != 0,
                    *inode};
}

template <typename Socket>
std::vector<Socket> parse_lines(std::string_view table,
                                std::optional<Socket> (*parse)(std::string_view line)) {
  std::vector<Socket> sockets;
  while (!table.empty()) {
    const std::size_t newline = table.find('\n');
    if (auto socket = parse(table.substr(0, newline))) sockets.push_back(std::move(*socket));
    table.remove_prefix(newline == std::string_view::npos ? table.size() : newline + 1);
  }
  return sockets;
}

}  // namespace

bool UnixSocket::serves() const { return listens || type == SOCK_DGRAM; }

std::vector<InetSocket> parse_inet_table(std::string_view table) {
  return parse_lines(table, parse_inet_line);
}

std::vector<UnixSocket> parse_unix_table(std::string_view table) {
  return parse_lines(table, parse_unix_line);
}

}  // namespace gentle
