// Which classes have copies of the inline functions (Kotlin) of which source.
package gentle_agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

final class InlineCopies {
  private final Map<String, Set<String>> pathsOf = new HashMap<>(); // of a class: modules may have more of its name
  private final Map<String, List<CountedSource.Version>> copying = new HashMap<>(); // by the class that they copy from

  void addSource(String path, List<CountedSource.Version> classes) {
    for (CountedSource.Version version : classes) {
      pathsOf.computeIfAbsent(version.file.name, name -> new LinkedHashSet<>()).add(path);
    }
    addCopying(classes);
  }

  void addCopying(List<CountedSource.Version> classes) {
    for (CountedSource.Version version : classes) {
      version.file.inlined.forEach(name -> copying.computeIfAbsent(name, key -> new ArrayList<>()).add(version));
    }
  }

  /** Whether a process has executed a copy that may be of this source or of one of another module. */
  boolean areUnclear(String path, List<CountedSource.Version> own) {
    for (CountedSource.Version type : own) {
      for (CountedSource.Version copy : copying.getOrDefault(type.file.name, List.of())) {
        if (copy.wasExecuted() && !own.contains(copy) && isUnclear(path, pathsOf.get(type.file.name), copy)) {
          return true;
        }
      }
    }
    return false;
  }

  // One place is enough to tell.
  private static boolean isUnclear(String path, Set<String> paths, CountedSource.Version copy) {
    List<List<String>> all = copy.locations.stream().map(location -> Sources.allNearest(paths, location)).collect(Collectors.toList());
    return all.stream().noneMatch(nearest -> nearest.size() == 1) && all.stream().anyMatch(nearest -> nearest.contains(path));
  }

  /** Without the classes of that source itself. */
  List<CountedSource.Version> of(String path, List<CountedSource.Version> own) {
    Set<CountedSource.Version> all = new LinkedHashSet<>();
    for (CountedSource.Version type : own) {
      for (CountedSource.Version copy : copying.getOrDefault(type.file.name, List.of())) {
        if (isMeant(path, pathsOf.get(type.file.name), copy)) {
          all.add(copy);
        }
      }
    }
    all.removeAll(own);
    return new ArrayList<>(all);
  }

  // As a class itself finds its source among those of modules.
  private static boolean isMeant(String path, Set<String> paths, CountedSource.Version copy) {
    return paths.size() == 1 || copy.locations.stream().anyMatch(location -> path.equals(Sources.nearest(paths, location)));
  }
}
