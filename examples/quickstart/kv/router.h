#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kv/http.h"

namespace kv {

// Finds the handler of a request: by path first (404), then by method (405, with Allow). HEAD is
// answered by the handler of GET; whoever sends the response leaves the body out.
class Router {
 public:
  // `argument` is the decoded last part of a path that was added with a trailing "/*".
  using Handler = std::function<Response(const Request& request, const std::string& argument)>;

  void add(std::string_view method, std::string_view path, Handler handler);
  Response route(const Request& request) const;

 private:
  struct Route {
    std::string path;  // without the "*"
    bool takes_argument;
    std::map<std::string, Handler, std::less<>> handlers;  // by method
  };

  const Route* find(std::string_view path) const;

  std::vector<Route> routes_;
};

}  // namespace kv
