// A source of the report, with the versions of its classes that were executed or are there.
package gentle_agent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

final class CountedSource {
  boolean isLacking; // some process has executed it, and could not record what
  boolean hasExecutedOthers; // after choose(): other versions than those that count

  /** Of one class. */
  static final class Version {
    final Set<String> locations = new TreeSet<>();
    ClassFile file;
    boolean[] probes = {}; // of a class that no process has loaded: none

    boolean wasExecuted() {
      for (boolean probe : probes) {
        if (probe) {
          return true;
        }
      }
      return false;
    }
  }

  private final Map<String, Map<Long, Version>> versions = new TreeMap<>(); // of each class, by id

  /** `probes`: "" of a class that no process has loaded. */
  void add(ClassFile file, String location, String probes) {
    Version version = versions.computeIfAbsent(file.name, name -> new LinkedHashMap<>())
        .computeIfAbsent(file.id, id -> new Version());
    version.locations.add(location);
    if (version.file == null || file.isThere && !version.file.isThere) {
      version.file = file;
    }
    if (version.probes.length < probes.length()) {
      version.probes = java.util.Arrays.copyOf(version.probes, probes.length());
    }
    for (int i = 0; i < probes.length(); ++i) {
      version.probes[i] |= probes.charAt(i) == '1';
    }
  }

  /** Of each class the version that is there now, or else the newest one. */
  List<Version> choose() {
    List<Version> chosen = new ArrayList<>();
    boolean isThere = versions.values().stream().flatMap(all -> all.values().stream()).anyMatch(one -> one.file.isThere);
    versions.forEach((name, all) -> {
      Version newest = all.values().stream()
          .max(Comparator.comparing((Version one) -> one.file.isThere).thenComparing(one -> one.file.modified)).get();
      boolean counts = newest.file.isThere || !isThere; // a class that was there once is not
      if (counts) {
        chosen.add(newest);
      }
      all.values().stream().filter(version -> version != newest || !counts)
          .forEach(version -> hasExecutedOthers |= version.wasExecuted());
    });
    return chosen;
  }
}
