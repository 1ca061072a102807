#include "supervise/clients.h"

#include <algorithm>
#include <utility>

#include "os/control_socket.h"
#include "os/descriptors.h"

namespace gentle {
namespace {

constexpr std::size_t kLongestRequest = 4096;

// What the supervisor itself needs, of those that it may have: clients that take the last ones
// would keep it from its work.
constexpr std::size_t kOwnDescriptors = 18;

// More would serve nobody, and a flood of them shall not take all that the supervisor may have.
constexpr std::size_t kMostClients = 1000;
// In one turn, so that a flood of them keeps it from nothing else.
constexpr std::size_t kMostAtOnce = 64;

}  // namespace

Clients::Clients(UniqueFd listener, UniqueFd first)
    : listener_(std::move(listener)),
      most_(std::min(kMostClients,
                     std::max(most_descriptors(), kOwnDescriptors + 1) - kOwnDescriptors)) {
  clients_.push_back({std::move(first), "", WaitsFor::kRequest});
}

void Clients::add_poll_entries(std::vector<pollfd>& entries) const {
  const bool accepts = has_room() || idle() != clients_.end();
  entries.push_back({accepts ? listener_.get() : -1, POLLIN, 0});
  for (const Client& client : clients_) entries.push_back({client.fd.get(), POLLIN, 0});
}

std::vector<Clients::Request> Clients::receive() {
  read();  // before it is said of one that it asks nothing
  make_room();
  for (std::size_t i = 0; i < kMostAtOnce && has_room(); ++i) {
    UniqueFd fd = accept_control(listener_.get());
    if (!fd) break;
    clients_.push_back({std::move(fd), "", WaitsFor::kRequest});
  }
  read();
  std::vector<Request> requests;
  for (Client& client : clients_) {
    const std::size_t newline = client.input.find('\n');
    if (newline == std::string::npos) continue;
    requests.push_back({&client, client.input.substr(0, newline)});
    client.input.erase(0, newline + 1);
  }
  return requests;
}

void Clients::read() {
  std::erase_if(clients_, [](Client& client) {
    const bool open = client.fd && receive_some(client.fd.get(), client.input);
    return !open || client.input.size() > kLongestRequest;
  });
}

// Whoever connects and asks nothing keeps nobody out: the first of them makes room.
std::vector<Client>::const_iterator Clients::idle() const {
  return std::find_if(clients_.begin(), clients_.end(), [](const Client& client) {
    return client.fd && client.waits_for == WaitsFor::kRequest &&
           client.input.find('\n') == std::string::npos;
  });
}

void Clients::make_room() {
  if (!has_room() && idle() != clients_.end()) clients_.erase(idle());
}

bool Clients::has_room() const {
  const auto is_open = [](const Client& client) { return static_cast<bool>(client.fd); };
  const auto open = std::count_if(clients_.begin(), clients_.end(), is_open);
  return static_cast<std::size_t>(open) < most_;
}

bool Clients::anyone_waits_for(WaitsFor what) const {
  return std::any_of(clients_.begin(), clients_.end(),
                     [&](const Client& client) { return client.waits_for == what; });
}

void Clients::reply(WaitsFor what, const std::string& text) {
  for (Client& client : clients_) {
    if (client.waits_for == what) reply(client, text);
  }
}

void Clients::reply_to_all(const std::string& text) {
  for (Client& client : clients_) reply(client, text);
}

// An empty descriptor marks a client that is done; receive() forgets it.
void Clients::reply(Client& client, const std::string& text) {
  send_reply(client.fd.get(), text);
  client.fd.reset();
  client.waits_for = WaitsFor::kRequest;
}

}  // namespace gentle
