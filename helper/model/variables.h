// The one namespace of variables that services, tests and @NAME@ share.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/spec.h"

namespace gentle {

using Variables = std::map<std::string, std::string>;

// "my-api" -> "MY_API".
std::string variable_prefix(std::string_view name);

// Of a service; one of a project inside another one, "vendored.redis", has those of "redis".
std::string service_prefix(std::string_view service);

// What becomes known of a service before its program runs.
struct ServiceAddress {
  std::string host;                  // 127.0.0.1, or ::1 when the service listens only there
  std::map<std::string, int> ports;  // by port name; 0: the service has not chosen it yet
};

// API_HOST, API_PORT, API_<NAME>_PORT, API_DIR and API_LOG of one service. API_PID joins when the
// process is there, EXPORT (which may refer to it) after that.
Variables service_variables(const Spec& spec, const ServiceAddress& address);

std::string scratch_dir(const Spec& spec);  // <state>/dir
std::string log_path(const Spec& spec);     // <state>/log
std::string tests_dir(const Spec& spec);    // <state>/tests, see cli/test_report.h

// Adds `more` to `all`. Throws Error if two services give one name different values.
void merge_variables(Variables& all, const Variables& more, const std::string& service);

// Replaces every @NAME@ and @@. `where` names the text in the Error for a name that is unknown, or
// known in another spelling (@my-api_port@). Any other '@' stands for itself, as in an e-mail
// address.
std::string expand(std::string_view text, const Variables& variables, const std::string& where);

}  // namespace gentle
