#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <mutex>

#include "kv/store.h"

namespace kv {

// A store in redis, spoken to with hiredis. Keeps the connections it opened and gives each calling
// thread one for the length of a call. Connects when first needed, and again after redis went away,
// so the server starts without redis and finds it when it comes.
class RedisStore : public Store {
 public:
  // `timeout` limits connecting and every answer.
  RedisStore(std::string host, std::uint16_t port, std::chrono::milliseconds timeout);

  void ping() override;
  std::optional<Entry> get(const std::string& key) override;
  bool put(const std::string& key, const std::string& value,
           std::optional<std::chrono::seconds> ttl) override;
  bool remove(const std::string& key) override;
  Listing list(const std::string& prefix, std::size_t limit) override;
  std::int64_t add(const std::string& key, std::int64_t amount) override;

 private:
  struct FreeContext {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
  };
  using Context = std::unique_ptr<redisContext, FreeContext>;
  using Reply = std::unique_ptr<redisReply, FreeReply>;
  using Command = std::vector<std::string>;

  Context acquire();
  Context take_idle();
  void release(Context context);
  [[noreturn]] void give_up(Context context);
  std::vector<Reply> pipeline(const std::vector<Command>& commands);
  Reply command(const Command& command);

  const std::string host_;
  const std::uint16_t port_;
  const std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::vector<Context> idle_;
};

}  // namespace kv
