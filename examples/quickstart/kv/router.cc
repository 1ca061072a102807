#include "kv/router.h"

#include <algorithm>

#include "kv/url.h"

namespace kv {

void Router::add(std::string_view method, std::string_view path, Handler handler) {
  const bool takes_argument = path.ends_with("/*");
  if (takes_argument) path.remove_suffix(1);
  auto route =
      std::find_if(routes_.begin(), routes_.end(), [&](const Route& r) { return r.path == path; });
  if (route == routes_.end()) {
    route = routes_.insert(route, {std::string(path), takes_argument, {}});
  }
  route->handlers.emplace(method, std::move(handler));
}

Response Router::route(const Request& request) const {
  const Route* const route = find(request.path);
  if (route == nullptr) return error_response(404, "there is nothing at this path");

  const auto handler = route->handlers.find(request.method == "HEAD" ? "GET" : request.method);
  if (handler == route->handlers.end()) {
    std::string allowed;
    for (const auto& [method, _] : route->handlers) {
      allowed += (allowed.empty() ? "" : ", ") + method + (method == "GET" ? ", HEAD" : "");
    }
    Response response = error_response(405, "this path takes " + allowed);
    response.headers.emplace_back("Allow", allowed);
    return response;
  }

  const auto argument = percent_decode(std::string_view(request.path).substr(route->path.size()));
  if (!argument) return error_response(400, "the path is not percent-encoded correctly");
  return handler->second(request, *argument);
}

const Router::Route* Router::find(std::string_view path) const {
  const auto found = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) {
    if (!route.takes_argument) return path == route.path;
    // One part only: a '/' inside an argument comes as %2F.
    return path.starts_with(route.path) &&
           path.find('/', route.path.size()) == std::string_view::npos;
  });
  return found == routes_.end() ? nullptr : &*found;
}

}  // namespace kv
