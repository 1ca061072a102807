int main(int count, char**) {
  const int rest = count - 1;
  return rest;
}
