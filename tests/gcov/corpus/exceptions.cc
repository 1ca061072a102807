#include <cstdlib>
#include <stdexcept>
#include <string>

struct Guard {
  explicit Guard(int& n) : n_(n) { ++n_; }
  ~Guard() { --n_; }
  int& n_;
};
int depth = 0;

int thrower(int n) {
  Guard guard(depth);
  std::string text(static_cast<std::size_t>(n), 'x');
  if (n == 2) throw std::runtime_error(text);
  if (n == 3) throw n;
  return static_cast<int>(text.size());
}

int catcher(int n) {
  try {
    Guard guard(depth);
    return thrower(n) + thrower(0);
  } catch (const std::runtime_error& error) {
    return static_cast<int>(std::string(error.what()).size()) * 10;
  } catch (...) {
    if (n > 3) throw;
    return -1;
  }
}

[[noreturn]] void leave(int n) {
  if (n > 100) std::abort();
  std::exit(n);
}

int no_throw(int n) noexcept { return n > 1 ? catcher(n) : thrower(n); }

int rethrow(int n) try { return catcher(n); } catch (const std::exception&) { return 0; } catch (int) { throw; }

int nested(int n) {
  try { try { if (n) throw 1; } catch (int m) { if (n > 1) throw std::string("inner"); return m; } } catch (const std::string& text) { return static_cast<int>(text.size()); }
  return 0;
}

int main() {
  int sum = 0;
  for (int i = 0; i < 4; ++i) sum += catcher(i);
  sum += no_throw(1) + no_throw(3) + rethrow(2) + nested(0) + nested(1) + nested(2);
  static const std::string once = "a static of a function, made by a guard" + std::to_string(sum);
  leave(sum + static_cast<int>(once.size()) > 0 ? 0 : 1);
}
