// The supervisor's control socket, `<state>/control`: one line of request, then the reply, until
// the supervisor closes. Only the same user (or root) is answered.
#pragma once

#include <optional>
#include <string>

#include "base/deadline.h"
#include "base/unique_fd.h"

namespace gentle {

// Both go through /proc/self/fd/<folder>, since a socket path has 107 bytes at most (unix(7)) and
// a build folder may be deeper. Where the file system has no sockets (FAT, exFAT, folders shared
// with a virtual machine), the socket has an abstract name, and `control` is a file that holds it.
UniqueFd listen_control(int state_folder);
// Empty: nobody listens, or so many wait already that nobody was accepted for 2 s.
UniqueFd connect_control(int state_folder);

// The supervisor at the other end of connect_control.
int peer_pid(int fd);

void remove_control(int state_folder);
bool control_exists(int state_folder);
bool control_is_abstract(int state_folder);

// The next client, without waiting; empty if there is none or it is another user's.
UniqueFd accept_control(int listener);

// What could be read without waiting, 64 KiB at most, is appended to `text`. False: the peer has
// closed.
bool receive_some(int fd, std::string& text);

// Best effort: a client that went away has no need of the reply.
void send_reply(int fd, const std::string& text);

void send_request(int fd, const std::string& request);

// Whether a reply has begun to come by then, or never will.
bool wait_for_reply(int fd, TimePoint until);

// Waits for the whole reply. Nothing if the supervisor ended without one, or it is time.
std::optional<std::string> receive_reply(int fd, TimePoint until = kNever);

}  // namespace gentle
