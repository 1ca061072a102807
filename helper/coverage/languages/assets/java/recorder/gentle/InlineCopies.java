// Which classes have copies of the inline functions (Kotlin) of which source.
package gentle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
