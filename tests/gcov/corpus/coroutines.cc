#include <coroutine>
#include <exception>
#include <utility>

struct Numbers {
  struct promise_type {
    int value = 0;
    Numbers get_return_object() { return Numbers{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int n) {
      value = n;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  explicit Numbers(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Numbers(Numbers&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~Numbers() {
    if (handle_) handle_.destroy();
  }
  bool next() {
    handle_.resume();
    return !handle_.done();
  }
  int value() const { return handle_.promise().value; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

Numbers up_to(int n) {
  for (int i = 0; i < n; ++i) {
    if (i == 3) throw i;
    co_yield i;
  }
}
Numbers on_one_line(int n) { while (n > 0) { co_yield n; if (n % 2) n -= 1; else n /= 2; } }
Numbers unused() { co_yield 1; co_return; }

int main() {
  int sum = 0;
  auto a = on_one_line(9);
  while (a.next()) sum += a.value();
  for (int n : {2, 5}) {
    auto numbers = up_to(n);
    try {
      while (numbers.next()) sum += numbers.value();
    } catch (int i) {
      sum += i;
    }
  }
  return sum > 0 ? 0 : 1;
}
