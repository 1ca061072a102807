#include "kv/redis_store.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace kv {
namespace {

timeval to_timeval(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(),
          .tv_usec = std::chrono::microseconds(duration - seconds).count()};
}

std::string text_of(const redisReply& reply) { return {reply.str, reply.len}; }

[[noreturn]] void throw_error_reply(const redisReply& reply) {
  const std::string text = text_of(reply);
  for (const std::string_view conflict :
       {"WRONGTYPE", "ERR value is not an integer", "ERR increment or decrement would"}) {
    if (text.starts_with(conflict)) throw StoreConflict(text);
  }
  // LOADING, READONLY, OOM, MISCONF, NOAUTH, ...: redis is there but does not serve us.
  throw StoreUnavailable("redis: " + text);
}

// Redis never speaks first: a connection at rest that has something to read was closed by redis.
bool is_closed(const redisContext& context) {
  char byte = 0;
  return recv(context.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

void expect_type(const redisReply& reply, int type) {
  if (reply.type != type) throw StoreUnavailable("redis sent an answer of an unexpected kind");
}

// A prefix for MATCH, taken literally: redis' patterns know * ? [ ] and a backslash.
std::string match_pattern(std::string_view prefix) {
  std::string pattern;
  for (const char c : prefix) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern + '*';
}

}  // namespace

RedisStore::RedisStore(std::string host, std::uint16_t port, std::chrono::milliseconds timeout)
    : host_(std::move(host)), port_(port), timeout_(timeout) {}

RedisStore::Context RedisStore::acquire() {
  while (Context context = take_idle()) {
    if (!is_closed(*context)) return context;
  }
  Context context(redisConnectWithTimeout(host_.c_str(), port_, to_timeval(timeout_)));
  if (context == nullptr) throw std::bad_alloc();
  if (context->err != 0 || redisSetTimeout(context.get(), to_timeval(timeout_)) != REDIS_OK) {
    give_up(std::move(context));
  }
  return context;
}

RedisStore::Context RedisStore::take_idle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  Context context = std::move(idle_.back());
  idle_.pop_back();
  return context;
}

void RedisStore::release(Context context) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(context));
}

void RedisStore::give_up(Context context) {
  // When one connection broke, redis most likely restarted: the others broke as well.
  std::vector<Context> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(idle_);
  }
  throw StoreUnavailable("redis at " + host_ + ":" + std::to_string(port_) + ": " +
                         context->errstr);
}

std::vector<RedisStore::Reply> RedisStore::pipeline(const std::vector<Command>& commands) {
  Context context = acquire();
  for (const Command& command : commands) {
    std::vector<const char*> arguments;
    std::vector<std::size_t> sizes;
    for (const std::string& argument : command) {
      arguments.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    redisAppendCommandArgv(context.get(), static_cast<int>(command.size()), arguments.data(),
                           sizes.data());
  }
  std::vector<Reply> replies;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    void* reply = nullptr;
    if (redisGetReply(context.get(), &reply) != REDIS_OK) give_up(std::move(context));
    replies.emplace_back(static_cast<redisReply*>(reply));
  }
  release(std::move(context));
  for (const Reply& reply : replies) {
    if (reply->type == REDIS_REPLY_ERROR) throw_error_reply(*reply);
  }
  return replies;
}

RedisStore::Reply RedisStore::command(const Command& command) {
  return std::move(pipeline({command}).front());
}

void RedisStore::ping() { expect_type(*command({"PING"}), REDIS_REPLY_STATUS); }

std::optional<Store::Entry> RedisStore::get(const std::string& key) {
  const auto replies = pipeline({{"GET", key}, {"PTTL", key}});
  const redisReply& value = *replies[0];
  const redisReply& ttl = *replies[1];
  if (value.type == REDIS_REPLY_NIL) return std::nullopt;
  expect_type(value, REDIS_REPLY_STRING);
  expect_type(ttl, REDIS_REPLY_INTEGER);
  Entry entry{.value = text_of(value), .ttl = std::nullopt};
  // Negative: no time to live, or the key expired between the two commands.
  if (ttl.integer >= 0)
    entry.ttl = std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds(ttl.integer));
  return entry;
}

bool RedisStore::put(const std::string& key, const std::string& value,
                     std::optional<std::chrono::seconds> ttl) {
  Command replace = {"SET", key, value};
  if (ttl) replace.insert(replace.end(), {"EX", std::to_string(ttl->count())});
  Command create = replace;
  create.push_back("NX");
  if (command(create)->type == REDIS_REPLY_STATUS) return true;
  // The key was there. Should someone remove it before this second command, we say "replaced" for
  // what was replaced a moment ago: the same as if the other had come first.
  expect_type(*command(replace), REDIS_REPLY_STATUS);
  return false;
}

bool RedisStore::remove(const std::string& key) {
  const Reply reply = command({"DEL", key});
  expect_type(*reply, REDIS_REPLY_INTEGER);
  return reply->integer > 0;
}

Store::Listing RedisStore::list(const std::string& prefix, std::size_t limit) {
  // SCAN names keys in no order, some twice. One key above the limit tells that there are more.
  std::set<std::string> keys;
  std::string cursor = "0";
  do {
    const Reply reply = command({"SCAN", cursor, "MATCH", match_pattern(prefix), "COUNT", "1000"});
    expect_type(*reply, REDIS_REPLY_ARRAY);
    if (reply->elements != 2) throw StoreUnavailable("redis sent a malformed answer to SCAN");
    expect_type(*reply->element[0], REDIS_REPLY_STRING);
    expect_type(*reply->element[1], REDIS_REPLY_ARRAY);
    cursor = text_of(*reply->element[0]);
    const redisReply& batch = *reply->element[1];
    for (std::size_t i = 0; i < batch.elements; ++i) {
      keys.insert(text_of(*batch.element[i]));
      if (keys.size() > limit + 1) keys.erase(std::prev(keys.end()));
    }
  } while (cursor != "0");

  Listing listing{.keys = {keys.begin(), keys.end()}, .truncated = keys.size() > limit};
  if (listing.truncated) listing.keys.pop_back();
  return listing;
}

std::int64_t RedisStore::add(const std::string& key, std::int64_t amount) {
  const Reply reply = command({"INCRBY", key, std::to_string(amount)});
  expect_type(*reply, REDIS_REPLY_INTEGER);
  return reply->integer;
}

}  // namespace kv
