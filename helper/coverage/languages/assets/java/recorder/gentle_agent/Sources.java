// Finds the source of a class in the project, by the end of its path.
package gentle_agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class Sources {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+[\\w.]+\\s*(;|$)");
  private static final Pattern DECLARED = Pattern.compile("\\bpackage\\s+([\\w.]+)");

  private static final String SCALA = ".scala";

  static final class Found {
    String path; // null: none
    boolean isAmbiguous;
  }

  private final Map<String, List<String>> byName = new HashMap<>();
  private final Map<String, Found> known = new HashMap<>();
  private Set<String> packages; // null: not asked for yet

  void add(String path) {
    byName.computeIfAbsent(path.substring(path.lastIndexOf('/') + 1), name -> new ArrayList<>()).add(path);
  }

  /** `name`: the folder of the package and the file. */
  Found find(String name, String location) {
    return known.computeIfAbsent(name + "\0" + location, key -> look(name, location));
  }

  boolean havePackageOf(String className) {
    if (packages == null) {
      packages = byName.values().stream().flatMap(List::stream).flatMap(Sources::packagesIn).collect(Collectors.toSet());
    }
    return packages.contains(className.substring(0, Math.max(className.lastIndexOf('/'), 0)).replace('/', '.'));
  }

  // Rather one too many, such as one in a comment.
  private static Stream<String> packagesIn(String path) {
    String text = textOf(path);
    if (path.endsWith(SCALA)) {
      return ScalaPackages.all(path, text).stream();
    }
    Stream<String> named = DECLARED.matcher(text).results().map(found -> found.group(1));
    return PACKAGE.matcher(text).find() ? named : Stream.concat(named, Stream.of(""));
  }

  private Found look(String name, String location) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    List<String> named = byName.getOrDefault(file, Collections.emptyList());
    // A single source that Java compiles by itself is its own location.
    List<String> fitting = named.stream().filter(path -> path.equals(location)).collect(Collectors.toList());
    if (fitting.isEmpty()) {
      fitting = named.stream().filter(path -> path.endsWith("/" + name) && isOfPackage(path, name)).collect(Collectors.toList());
    }
    if (fitting.isEmpty()) {
      fitting = named.stream().filter(path -> isOfPackage(path, name)).collect(Collectors.toList());
    }
    Found found = new Found();
    if (!fitting.isEmpty()) {
      found.path = nearest(fitting, location);
      found.isAmbiguous = found.path == null;
      if (found.isAmbiguous) {
        found.path = fitting.get(0);
      }
    }
    return found;
  }

  // Of modules that have sources of the same name: null if two are as near.
  static String nearest(Collection<String> paths, String location) {
    List<String> nearest = allNearest(paths, location);
    return nearest.size() == 1 ? nearest.get(0) : null;
  }

  static List<String> allNearest(Collection<String> paths, String location) {
    List<String> nearest = new ArrayList<>();
    int most = 0;
    for (String path : paths) {
      int common = nearness(Paths.get(path), Paths.get(location));
      if (common > most) {
        nearest.clear();
      }
      if (common >= most) {
        nearest.add(path);
        most = common;
      }
    }
    return nearest;
  }

  // The folders above both; and then the names that both have, as a build folder repeats those of the sources.
  private static int nearness(Path source, Path location) {
    int above = 0;
    while (above < Math.min(source.getNameCount(), location.getNameCount()) && source.getName(above).equals(location.getName(above))) {
      ++above;
    }
    int same = 0;
    for (int i = above; i < source.getNameCount(); ++i) {
      for (int j = above; j < location.getNameCount(); ++j) {
        same += source.getName(i).equals(location.getName(j)) ? 1 : 0;
      }
    }
    return above * 1000 + same;
  }

  private static boolean isOfPackage(String path, String name) {
    String text = textOf(path);
    String declared = name.substring(0, Math.max(name.lastIndexOf('/'), 0)).replace('/', '.');
    if (path.endsWith(SCALA)) {
      return ScalaPackages.declares(path, text, declared);
    } else if (declared.isEmpty()) {
      return !PACKAGE.matcher(text).find();
    }
    return Pattern.compile("(?m)(^|[\\s;*/])package\\s+" + Pattern.quote(declared) + "\\s*(;|$)").matcher(text).find();
  }

  private static String textOf(String path) {
    try {
      return new String(Files.readAllBytes(Paths.get(path)), StandardCharsets.UTF_8);
    } catch (IOException error) {
      return "";
    }
  }

  static int countLines(String path) {
    String text = textOf(path);
    return (int) text.chars().filter(c -> c == '\n').count() + (text.isEmpty() || text.endsWith("\n") ? 0 : 1);
  }
}
