// The connections to a supervisor: each brings one request and gets one reply, now or later.
#pragma once

#include <poll.h>

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace gentle {

enum class WaitsFor {
  kRequest,         // the line is not complete yet
  kReady,           // asked `start`
  kRestart,         // asked `start` of what is about to end: gets no reply, and asks again
  kStopped,         // asked `stop`
  kStoppedAndTold,  // likewise, and is to be told of an earlier end as well
};

struct Client {
  UniqueFd fd;
  std::string input;
  WaitsFor waits_for = WaitsFor::kRequest;
};

class Clients {
 public:
  // `first` is already connected.
  Clients(UniqueFd listener, UniqueFd first);

  void add_poll_entries(std::vector<pollfd>& entries) const;
  // Takes new connections, reads what is there, drops who hung up. Returns the complete request
  // lines with the clients that sent them; these pointers are good until the next call.
  struct Request {
    Client* client;
    std::string line;
  };
  std::vector<Request> receive();

  bool anyone_waits_for(WaitsFor what) const;
  // Replies to all that wait for it, and closes.
  void reply(WaitsFor what, const std::string& text);
  static void reply(Client& client, const std::string& text);
  void reply_to_all(const std::string& text);

 private:
  std::vector<Client>::const_iterator idle() const;
  void read();
  void make_room();
  bool has_room() const;

  UniqueFd listener_;
  std::size_t most_;  // so many at once; more wait until one is done
  std::vector<Client> clients_;
};

}  // namespace gentle
