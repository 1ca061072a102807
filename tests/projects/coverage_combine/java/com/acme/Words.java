// Each word takes branches of a line that the other does not.
package com.acme;

import java.util.List;

public final class Words {
  enum Kind { EVEN, ODD, NONE }

  record Range(int from, int to) {
    boolean has(int value) { return value >= from && value < to; }
  }

  static Kind kindOf(String word) {
    return word.equals("even") ? Kind.EVEN : word.equals("odd") ? Kind.ODD : Kind.NONE;
  }

  static int valueOf(String word, int other) {
    switch (word) {
      case "even": return 2;
      case "odd": return 1;
      default: return other;
    }
  }

  static int sumOf(List<Integer> values, boolean even) {
    int sum = 0;
    for (int value : values) { if (even ? value % 2 == 0 : value % 2 == 1 && value > 1) sum += value; else sum--; }
    return sum;
  }

  static int careful(String text) {
    try { return Integer.parseInt(text); } catch (NumberFormatException error) { return -1; } finally { if (text.isEmpty()) last = "empty"; else last = text; }
  }

  static String last = "";

  static class Never {
    int value() { return last.isEmpty() ? 0 : 1; }
  }

  public static void main(String[] arguments) {
    String word = arguments[0];
    Kind kind = kindOf(word);
    int sum = valueOf(word, 0) + sumOf(List.of(1, 2, 3, 4), kind == Kind.EVEN);
    Runnable tell = () -> System.out.println(last + (kind == Kind.ODD ? "!" : "?"));
    if (new Range(0, kind == Kind.EVEN ? 10 : 1).has(careful(kind == Kind.EVEN ? "7" : "seven")) || sum > 100) tell.run();
  }
}
