import part;
int main() {
  return doubled(3) + doubled(1L) + counted(2) + small(0) > 0 ? 0 : 1;
}
