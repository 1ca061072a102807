#include "kv/api.h"

#include <charconv>
#include <limits>
#include <numeric>
#include <string_view>

#include "kv/url.h"

namespace kv {
namespace {

constexpr std::size_t kLongestKey = 512;
constexpr std::int64_t kLongestTtl = 10LL * 365 * 24 * 3600;
constexpr std::int64_t kLongestListing = 10'000;
constexpr std::int64_t kUsualListing = 1'000;

// A request that asks for something we do not do; becomes a 400 with this text.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The whole number in a query parameter; nothing without that parameter.
std::optional<std::int64_t> number_parameter(const Request& request, std::string_view name,
                                             std::int64_t least, std::int64_t most) {
  const auto parameter = request.query.find(name);
  if (parameter == request.query.end()) return std::nullopt;
  const std::string& text = parameter->second;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most) {
    throw BadRequest("'" + std::string(name) + "' has to be a whole number from " +
                     std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

void check_key(const std::string& key) {
  if (key.empty() || key.size() > kLongestKey) {
    throw BadRequest("a key has 1 to " + std::to_string(kLongestKey) + " bytes");
  }
}

}  // namespace

Api::Api(Store& store, Stats& stats) : store_(store), stats_(stats) {
  const auto on_key = [this](auto handler) {
    return [this, handler](const Request& request, const std::string& key) {
      check_key(key);
      return handler(request, key);
    };
  };
  router_.add("PUT", "/keys/*", on_key([this](const auto& request, const auto& key) {
                return put_key(request, key);
              }));
  router_.add("GET", "/keys/*",
              on_key([this](const auto&, const auto& key) { return get_key(key); }));
  router_.add("DELETE", "/keys/*",
              on_key([this](const auto&, const auto& key) { return delete_key(key); }));
  router_.add("POST", "/counters/*",
              on_key([this](const auto& request, const auto& key) { return count(request, key); }));
  router_.add("GET", "/keys",
              [this](const auto& request, const auto&) { return list_keys(request); });
  router_.add("GET", "/health", [this](const auto&, const auto&) { return health(); });
  router_.add("GET", "/stats", [this](const auto&, const auto&) { return show_stats(); });
}

Response Api::handle(const Request& request) {
  try {
    return router_.route(request);
  } catch (const BadRequest& error) {
    return error_response(400, error.what());
  } catch (const StoreConflict& error) {
    return error_response(409, error.what());
  } catch (const StoreUnavailable& error) {
    Response response = error_response(503, error.what());
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
}

Response Api::put_key(const Request& request, const std::string& key) {
  std::optional<std::chrono::seconds> ttl;
  if (const auto seconds = number_parameter(request, "ttl", 1, kLongestTtl)) ttl.emplace(*seconds);
  return {.status = store_.put(key, request.body, ttl) ? 201 : 204};
}

Response Api::get_key(const std::string& key) {
  std::optional<Store::Entry> entry = store_.get(key);
  if (!entry) return error_response(404, "there is no such key");
  Response response{.body = std::move(entry->value), .content_type = "application/octet-stream"};
  if (entry->ttl) response.headers.emplace_back("Kv-Ttl", std::to_string(entry->ttl->count()));
  return response;
}

Response Api::delete_key(const std::string& key) {
  if (!store_.remove(key)) return error_response(404, "there is no such key");
  return {.status = 204};
}

Response Api::list_keys(const Request& request) {
  const auto limit = number_parameter(request, "limit", 1, kLongestListing).value_or(kUsualListing);
  const auto prefix = request.query.find("prefix");
  const Store::Listing listing = store_.list(prefix == request.query.end() ? "" : prefix->second,
                                             static_cast<std::size_t>(limit));
  Response response;
  for (const std::string& key : listing.keys) response.body += percent_encode(key) + '\n';
  if (listing.truncated) response.headers.emplace_back("Kv-Truncated", "true");
  return response;
}

Response Api::count(const Request& request, const std::string& key) {
  using Number = std::numeric_limits<std::int64_t>;
  const auto amount = number_parameter(request, "by", Number::min(), Number::max()).value_or(1);
  return {.body = std::to_string(store_.add(key, amount)) + '\n'};
}

Response Api::health() {
  store_.ping();
  return {.body = "ok\n"};
}

Response Api::show_stats() const {
  const auto uptime = std::chrono::steady_clock::now() - stats_.started;
  const auto number = [](std::string_view name, std::uint64_t value) {
    return '"' + std::string(name) + "\": " + std::to_string(value);
  };
  const std::string body =
      "{" +
      number("uptime_seconds",
             static_cast<std::uint64_t>(std::chrono::floor<std::chrono::seconds>(uptime).count())) +
      ", " + number("connections_accepted", stats_.connections_accepted) + ", " +
      number("connections_open", stats_.connections_open) + ", " +
      number("responses_2xx", stats_.responses[2]) + ", " +
      number("responses_4xx", stats_.responses[4]) + ", " +
      number("responses_5xx", stats_.responses[5]) + "}\n";
  return {.body = body, .content_type = "application/json"};
}

}  // namespace kv
