// The probes that stand for the lines of a source: those of its own classes, and those of classes with copies of its inline
// functions (SourceCounts).
package gentle_agent;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class SourceProbes {
  static final class Part {
    final CountedSource.Version version;
    final ProbeSets sets;

    Part(CountedSource.Version version, ProbeSets sets) {
      this.version = version;
      this.sets = sets;
    }
  }

  // Of a class by its name; of its lines, as far as another class has copies of them, by both names. No name has this in it.
  private static final String COPY = ";";

  private final Map<String, Part> parts = new TreeMap<>();

  private SourceProbes() {}

  static Map<String, Part> of(List<CountedSource.Version> own, List<CountedSource.Version> copying, KnownSets known) {
    SourceProbes source = new SourceProbes();
    for (CountedSource.Version version : own) {
      ProbeSets sets = known.of(version.file);
      if (fit(version, sets)) {
        source.parts.put(version.file.name, new Part(version, sets));
      }
    }
    List.of(own, copying).forEach(versions -> versions.forEach(version -> source.addCopies(version, known.of(version.file))));
    return source.parts;
  }

  private static boolean fit(CountedSource.Version version, ProbeSets sets) {
    return sets.areKnown() && (version.probes.length == 0 || version.probes.length == sets.probes);
  }

  private void addCopies(CountedSource.Version version, ProbeSets sets) {
    if (!fit(version, sets)) {
      return;
    }
    sets.copies.forEach((name, lines) -> {
      Part original = parts.get(name);
      if (original != null) {
        ProbeSets copy = new ProbeSets(sets.probes);
        lines.forEach((number, executed) -> addLine(number, executed, original.sets, copy));
        parts.put(name + COPY + version.file.name, new Part(version, copy));
      }
    });
  }

  // As JaCoCo does: a line outside of the class does not count.
  private static void addLine(int number, BitSet executed, ProbeSets original, ProbeSets copy) {
    if (number < original.firstLine() || number > original.lastLine()) {
      return;
    }
    copy.line(number).executed.or(executed);
    for (ProbeSets.Method method : original.methods) {
      if (method.first <= number && number <= method.last) {
        copy.method(method.name, method.first, method.last).executed.or(executed);
      }
    }
  }
}
