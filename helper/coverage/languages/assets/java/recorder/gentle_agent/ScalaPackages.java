// Which packages a source of Scala may declare. A clause may stand behind or within that of the outer package.
package gentle_agent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

final class ScalaPackages {
  private static final Pattern CLAUSE = Pattern.compile("(?m)(?:^|[;{}])\\s*package\\s+(object\\s+)?([^\\s;:{}]+)");
  private static final String OBJECT_FILE = "/package.scala"; // where a package object stands as a rule

  private ScalaPackages() {}

  static boolean declares(String path, String text, String name) {
    List<String> clauses = clausesIn(path, text);
    if (name.isEmpty()) {
      return clauses.isEmpty();
    }
    Set<String> outer = new LinkedHashSet<>(List.of(""));
    for (String clause : clauses) {
      outer.addAll(outer.stream().map(known -> known + clause + '.').filter((name + '.')::startsWith).collect(Collectors.toList()));
    }
    return outer.contains(name + '.');
  }

  /** Rather one too many. */
  static List<String> all(String path, String text) {
    List<String> clauses = clausesIn(path, text);
    List<String> all = new ArrayList<>(clauses);
    for (int count = 2; count <= clauses.size(); ++count) {
      all.add(String.join(".", clauses.subList(0, count)));
    }
    return clauses.isEmpty() ? List.of("") : all;
  }

  private static List<String> clausesIn(String path, String text) {
    List<String> clauses = new ArrayList<>();
    Matcher found = CLAUSE.matcher(withoutComments(text));
    while (found.find()) {
      if (found.group(1) == null || path.endsWith(OBJECT_FILE)) {
        clauses.add(found.group(2).replace("`", ""));
      }
    }
    return clauses;
  }

  // And without strings.
  private static String withoutComments(String text) {
    StringBuilder code = new StringBuilder();
    for (int at = 0; at < text.length();) {
      int end = endOfOther(text, at);
      code.append(end > at ? ' ' : text.charAt(at));
      at = Math.max(end, at + 1);
    }
    return code.toString();
  }

  // Where the comment, string or letter ends that begins there; else the place itself.
  private static int endOfOther(String text, int at) {
    if (text.startsWith("//", at)) {
      return find("\n", text, at);
    } else if (text.startsWith("/*", at)) {
      return endOfComment(text, at);
    } else if (text.startsWith("\"\"\"", at)) {
      return find("\"\"\"", text, at + 3) + 3;
    } else if (text.startsWith("'\"'", at) || text.startsWith("'\\\"'", at)) {
      return text.indexOf('\'', at + 1) + 1;
    }
    return text.charAt(at) == '"' ? endOfString(text, at) : at;
  }

  private static int find(String mark, String text, int from) {
    int found = text.indexOf(mark, from);
    return found < 0 ? text.length() : found;
  }

  // It may have others within.
  private static int endOfComment(String text, int at) {
    int depth = 0;
    do {
      int step = text.startsWith("/*", at) ? 1 : text.startsWith("*/", at) ? -1 : 0;
      depth += step;
      at += step == 0 ? 1 : 2;
    } while (depth > 0 && at < text.length());
    return at;
  }

  private static int endOfString(String text, int at) {
    for (++at; at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n'; ++at) {
      at += text.charAt(at) == '\\' ? 1 : 0;
    }
    return at < text.length() && text.charAt(at) == '"' ? at + 1 : at;
  }
}
