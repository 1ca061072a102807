#include "probe/elsewhere.h"

#include <algorithm>
#include <vector>

#include "os/listening_sockets.h"
#include "os/tcp_listener.h"

namespace gentle {
namespace {

using Kind = ListeningSocket::Kind;
using Sockets = std::vector<ListeningSocket>;

// A sentence is for people: the rest is a number.
constexpr std::size_t kMostNamed = 4;

std::string address_of(const ListeningSocket& socket) {
  if (socket.kind == Kind::kUnix) return socket.name;
  const bool is_ipv6 = socket.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + socket.host + "]" : socket.host) + ":" + std::to_string(socket.port);
}

std::string listed(const Sockets& sockets) {
  std::string text;
  for (std::size_t i = 0; i < std::min(sockets.size(), kMostNamed); ++i) {
    text += (i == 0 ? "" : i + 1 == sockets.size() ? " and " : ", ") + address_of(sockets[i]);
  }
  if (sockets.size() <= kMostNamed) return text;
  return text + " and " + std::to_string(sockets.size() - kMostNamed) + " more";
}

template <typename Condition>
Sockets only(const Sockets& sockets, Condition holds) {
  Sockets some;
  std::copy_if(sockets.begin(), sockets.end(), std::back_inserter(some), holds);
  return some;
}

Sockets only(const Sockets& sockets, Kind kind) {
  return only(sockets, [&](const ListeningSocket& socket) { return socket.kind == kind; });
}

bool is_reached(const ListeningSocket& socket, std::string_view only_host) {
  const bool by_ipv4 = socket.host == "0.0.0.0" || socket.host == "127.0.0.1";
  const bool by_ipv6 = socket.host == "::" || socket.host == "::1";
  if (only_host.empty()) return by_ipv4 || by_ipv6;
  return only_host == "::1" ? by_ipv6 : by_ipv4;
}

// "@API_PORT@", or that of the port's name; "" for a port that is not the service's.
std::string variable_of(int port, const ProbeContext& context) {
  const std::string prefix = "@" + service_prefix(context.service) + "_";
  const auto first = context.variables.find(service_prefix(context.service) + "_PORT");
  if (first != context.variables.end() && first->second == std::to_string(port)) {
    return prefix + "PORT@";
  }
  for (const auto& [name, number] : context.address->ports) {
    if (number == port) return prefix + variable_prefix(name) + "_PORT@";
  }
  return "";
}

bool is_port_of_service(int port, const ProbeContext& context) {
  const auto& ports = context.address->ports;
  return std::any_of(ports.begin(), ports.end(),
                     [&](const auto& known) { return known.second == port; });
}

// The right port, and nobody comes through to it.
std::string unreached(const Sockets& sockets, std::string_view only_host,
                      const ProbeContext& context) {
  const std::string host = only_host.empty() ? "127.0.0.1" : std::string(only_host);
  std::string text = "; it listens on " + listed(sockets);
  if (sockets.front().in_other_network) {
    return text + " in a network namespace of its own, which " + host + " does not reach";
  }
  text += ", which " + host + " does not reach";
  if (!only_host.empty()) return text + "; write localhost in the URL of READY HTTP";
  return text + "; does COMMAND pass @" + service_prefix(context.service) + "_HOST@?";
}

std::string other_ports(const Sockets& sockets, int port, const ProbeContext& context) {
  std::string text = "; it listens on " + listed(sockets);
  const bool in_other_network = std::any_of(
      sockets.begin(), sockets.end(), [](const auto& socket) { return socket.in_other_network; });
  if (in_other_network) text += " in a network namespace of its own";
  const std::string variable = variable_of(port, context);
  if (variable.empty()) return text + "; is that the port for READY?";
  text += "; does COMMAND pass " + variable;
  const bool reached = std::any_of(sockets.begin(), sockets.end(),
                                   [](const auto& socket) { return is_reached(socket, ""); });
  if (!reached) text += " and @" + service_prefix(context.service) + "_HOST@";
  return text + "?";
}

}  // namespace

std::string tcp_elsewhere(int port, std::string_view only_host, const ProbeContext& context) {
  const Sockets all = listening_sockets(context.service_pids());
  const Sockets tcp = only(all, Kind::kTcp);
  const Sockets right = only(tcp, [&](const auto& socket) {
    if (port != 0) return socket.port == port;
    return socket.in_other_network || !is_reached(socket, "");
  });
  if (!right.empty()) return unreached(right, only_host, context);
  if (port == 0) return "";
  // Those where other conditions wait for it are no news.
  const Sockets others = only(tcp, [&](const auto& socket) {
    return socket.in_other_network || !is_reached(socket, "") ||
           !is_port_of_service(socket.port, context);
  });
  if (!others.empty()) return other_ports(others, port, context);
  const Sockets udp = only(
      all, [&](const auto& socket) { return socket.kind == Kind::kUdp && socket.port == port; });
  if (!udp.empty()) {
    return "; it has bound the UDP port " + address_of(udp.front()) +
           ", of which READY LOG or COMMAND can tell";
  }
  const Sockets local = only(all, Kind::kUnix);
  if (!tcp.empty() || local.empty()) return "";
  return "; it listens on the Unix socket " + listed(local) + ", which READY UNIX waits for";
}

std::string ports_elsewhere(const ProbeContext& context) {
  for (const auto& [name, port] : context.address->ports) {
    if (port == 0 || find_tcp_listener(port)) continue;
    const std::string text = tcp_elsewhere(port, {}, context);
    if (text.empty()) continue;
    return "on port " + std::to_string(port) + " of the service nobody listens" + text;
  }
  return "";
}

std::string unix_elsewhere(const ProbeContext& context) {
  const Sockets all = listening_sockets(context.service_pids());
  Sockets found = only(all, Kind::kUnix);
  if (found.empty()) found = only(all, Kind::kTcp);
  return found.empty() ? "" : "; it listens on " + listed(found);
}

}  // namespace gentle
