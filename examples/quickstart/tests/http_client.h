#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kv/socket.h"

// One connection to a server, for tests: sends what it is told, well-formed or not, and reads
// answers. Throws std::runtime_error when the server does not play along (no connection, no answer
// in 20 s, an early end).
class HttpClient {
 public:
  struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  // names as sent
    std::string body;
  };

  // The server whose address is in the environment: <service>_HOST and <service>_PORT.
  explicit HttpClient(const std::string& service);

  Answer get(const std::string& target) { return request("GET", target); }
  Answer put(const std::string& target, const std::string& body) {
    return request("PUT", target, body);
  }
  Answer post(const std::string& target) { return request("POST", target); }
  Answer remove(const std::string& target) { return request("DELETE", target); }
  Answer request(const std::string& method, const std::string& target,
                 const std::string& body = "");

  // For what request() is too well-mannered for.
  void send(std::string_view bytes);
  Answer read_answer(bool with_body = true);

  // The server has closed the connection and nothing more came from it. Waits for that.
  bool at_end();

 private:
  bool receive();

  kv::UniqueFd fd_;
  std::string received_;
};
