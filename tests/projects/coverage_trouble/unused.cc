int unused() { return 1; }
