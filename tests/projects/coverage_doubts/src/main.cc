int only_x(int value);
int only_y(int value);

int main(int count, char**) { return count > 5 ? only_x(count) : only_y(count) - 2; }
