#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace kv {

// The store cannot be reached or cannot serve now; trying again later may help.
struct StoreUnavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The operation does not fit the value that the key holds, such as counting up a text.
struct StoreConflict : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Where keys and values live. Keys and values are any bytes. Called from many threads at once;
// every function may throw StoreUnavailable.
class Store {
 public:
  struct Entry {
    std::string value;
    std::optional<std::chrono::seconds> ttl;  // what is left of it, rounded up
  };
  struct Listing {
    std::vector<std::string> keys;  // sorted
    bool truncated = false;
  };

  virtual ~Store() = default;

  virtual void ping() = 0;
  virtual std::optional<Entry> get(const std::string& key) = 0;
  // True if the key is new. Without `ttl` the value stays until it is removed.
  virtual bool put(const std::string& key, const std::string& value,
                   std::optional<std::chrono::seconds> ttl) = 0;
  // False if there was nothing to remove.
  virtual bool remove(const std::string& key) = 0;
  virtual Listing list(const std::string& prefix, std::size_t limit) = 0;
  // Adds to a whole number (0 if the key is new) and returns the sum. Throws StoreConflict.
  virtual std::int64_t add(const std::string& key, std::int64_t amount) = 0;
};

}  // namespace kv
