// Abstract names of sockets, unix(7): the kernel knows each in one network namespace, for as long
// as somebody has the socket. Any user may take any name, and connect.
#pragma once

#include <string>

namespace gentle {

// False: errno says why. `name` has at most 100 bytes.
bool bind_abstract(int socket, const std::string& name);
bool connect_abstract(int socket, const std::string& name);

}  // namespace gentle
