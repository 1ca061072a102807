extern "C" int part();
int generated();

int main() { return part() + generated(); }
