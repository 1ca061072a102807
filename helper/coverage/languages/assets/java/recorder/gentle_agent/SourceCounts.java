// What JaCoCo counts of the classes of one source. A line of an inline function of Kotlin counts as executed where any class
// that has a copy of it has executed that, and has no branches then: so says JaCoCo, from 0.8.13, if it sees these classes too.
package gentle_agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;

final class SourceCounts {
  static final class Line {
    boolean isExecuted;
    int covered; // branches
    int missed;

    Line(ILine told) {
      isExecuted = told.getInstructionCounter().getCoveredCount() > 0;
      covered = told.getBranchCounter().getCoveredCount();
      missed = told.getBranchCounter().getMissedCount();
    }

    // The same line of the same class, beside other classes that have copies of it: whichever has some, no branch is left.
    private Line unite(Line other) {
      Line fewer = covered + missed <= other.covered + other.missed ? this : other;
      fewer.isExecuted = isExecuted || other.isExecuted;
      return fewer;
    }

    // The same line of another class of the source.
    private Line add(Line other) {
      isExecuted |= other.isExecuted;
      covered += other.covered;
      missed += other.missed;
      return this;
    }
  }

  static final class Method {
    final String type;
    final IMethodCoverage told;
    boolean isExecuted;

    Method(String type, IMethodCoverage told) {
      this.type = type;
      this.told = told;
      isExecuted = told.getMethodCounter().getCoveredCount() > 0;
    }

    private Method unite(Method other) {
      isExecuted |= other.isExecuted;
      return this;
    }
  }

  final TreeMap<Integer, Line> lines = new TreeMap<>();
  final Map<String, Method> methods = new LinkedHashMap<>(); // by class, name and types

  private final Map<String, Map<Integer, Line>> byClass = new TreeMap<>();

  /** `copying`: classes of other sources that have copies of functions of these. Throws if JaCoCo cannot read one of `own`. */
  SourceCounts(List<CountedSource.Version> own, List<CountedSource.Version> copying) throws IOException {
    Map<String, CountedSource.Version> group = new LinkedHashMap<>();
    own.forEach(version -> group.put(version.file.name, version));
    List<CountedSource.Version> left = addTo(group, copying);
    count(own, group);
    // JaCoCo takes one class of a name at a time; modules may have more.
    while (!left.isEmpty()) {
      group.clear();
      left = addTo(group, left);
      addTo(group, own);
      count(own, group);
    }
    byClass.values().forEach(all -> all.forEach((number, line) -> lines.merge(number, line, Line::add)));
  }

  int lastLine() {
    return lines.isEmpty() ? 0 : lines.lastKey();
  }

  private static List<CountedSource.Version> addTo(Map<String, CountedSource.Version> group, List<CountedSource.Version> more) {
    List<CountedSource.Version> left = new ArrayList<>();
    for (CountedSource.Version version : more) {
      if (group.putIfAbsent(version.file.name, version) != null) {
        left.add(version);
      }
    }
    return left;
  }

  private void count(List<CountedSource.Version> own, Map<String, CountedSource.Version> group) throws IOException {
    ExecutionDataStore executed = new ExecutionDataStore();
    CoverageBuilder builder = new CoverageBuilder();
    Analyzer analyzer = new Analyzer(executed, builder);
    for (CountedSource.Version version : group.values()) {
      if (version.probes.length > 0) {
        executed.put(new ExecutionData(version.file.id, version.file.name, version.probes));
      }
      try {
        analyzer.analyzeClass(version.file.bytes, version.file.name);
      } catch (IOException | RuntimeException error) {
        if (own.contains(version)) {
          throw error;
        } // else its own source is told
      }
    }
    Map<String, IClassCoverage> told = new HashMap<>();
    builder.getClasses().forEach(type -> told.put(type.getName(), type));
    for (CountedSource.Version version : own) {
      if (group.get(version.file.name) == version && told.containsKey(version.file.name)) {
        add(told.get(version.file.name));
      }
    }
  }

  private void add(IClassCoverage type) {
    Map<Integer, Line> all = byClass.computeIfAbsent(type.getName(), name -> new TreeMap<>());
    for (int number = type.getFirstLine(); number <= type.getLastLine() && number > 0; ++number) {
      ILine line = type.getLine(number);
      if (line.getStatus() != ICounter.EMPTY) {
        all.merge(number, new Line(line), Line::unite);
      }
    }
    for (IMethodCoverage method : type.getMethods()) {
      if (method.getFirstLine() > 0) {
        methods.merge(type.getName() + ' ' + method.getName() + method.getDesc(), new Method(type.getName(), method), Method::unite);
      }
    }
  }
}
