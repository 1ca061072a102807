// Two terms have decided alone, once by being true and once by being false: a and c. What r has
// decided in one place of its macro it has not in the other.
#define BOTH(l, r) ((l) && (r))

bool decides(bool a, bool b, bool c) { return a && (b || c); }

int main(int argc, char**) {
  const bool all[] = {decides(true, false, true), decides(false, true, true),
                      decides(true, false, false)};
  const bool none = BOTH(argc > 0, all[1]);
  const bool both = BOTH(argc > 0, all[0]);
  return none || !both ? 1 : 0;
}
