// java gentle_agent.TryProbeSets <jar or folder>...: whether JaCoCo counts what ProbeSets says of each class, for random sets of
// executed probes; and in one report of all classes of a place what SourceCounts and SourceProbes say of each source, with copies of
// inline functions.
// Prints the numbers of classes, branches and lines of copies, or fails at the first one that differs.
package gentle_agent;

import java.io.IOException;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.analysis.ISourceNode;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;

final class TryProbeSets {
  private static final int TRIALS = 20; // of a class

  public static void main(String[] arguments) throws IOException {
    int classes = 0;
    int branches = 0;
    int copied = 0;
    KnownSets known = KnownSets.ofThisRecorder(); // of the project's classes: what the report has written
    for (String place : arguments) {
      Map<String, CountedSource> sources = new TreeMap<>();
      Random random = new Random(classes);
      for (ClassFile file : new ClassFiles(Paths.get("/nowhere")).in(place)) {
        if (!file.isTooNew && !file.isWithoutLines()) {
          ProbeSets sets = known.of(file);
          if (!sets.areKnown()) {
            throw new IllegalStateException(file.name + " has no sets");
          }
          check(file, sets, new Random(++classes));
          branches += sets.lines.values().stream().mapToInt(line -> line.branches.size()).sum();
          String probes = random.ints(sets.probes, 0, 8).mapToObj(number -> number == 0 ? "1" : "0").collect(Collectors.joining());
          sources.computeIfAbsent(file.source, name -> new CountedSource()).add(file, place, probes);
        }
      }
      copied += checkSources(sources, known);
    }
    System.out.println(classes + " " + branches + " " + copied);
  }

  /** Returns how many lines differ from what the classes of a source count alone. */
  private static int checkSources(Map<String, CountedSource> sources, KnownSets known) throws IOException {
    InlineCopies copies = new InlineCopies();
    Map<String, List<CountedSource.Version>> chosen = new TreeMap<>();
    sources.forEach((name, source) -> chosen.put(name, source.choose()));
    chosen.forEach(copies::addSource);
    Map<String, Counts> expected = byOneBuilder(chosen.values());
    int differing = 0;
    for (Map.Entry<String, List<CountedSource.Version>> source : chosen.entrySet()) {
      List<CountedSource.Version> copying = copies.of(source.getKey(), source.getValue());
      Counts counts = expected.getOrDefault(source.getKey(), new Counts());
      check(source.getKey(), counts, countsOf(new SourceCounts(source.getValue(), copying)));
      check(source.getKey(), counts, countsOf(SourceProbes.of(source.getValue(), copying, known)));
      Counts alone = countsOf(new SourceCounts(source.getValue(), new ArrayList<>()));
      differing += counts.lines.entrySet().stream().filter(line -> !line.getValue().equals(alone.lines.get(line.getKey()))).count();
    }
    return differing;
  }

  /** Of a source: by line whether it is executed, covered branches, and missed ones; and by method whether it is executed. */
  private static final class Counts {
    final Map<Integer, List<Integer>> lines = new TreeMap<>();
    final Map<String, Boolean> methods = new TreeMap<>();

    void addLine(int number, boolean isExecuted, int covered, int missed) {
      List<Integer> line = lines.computeIfAbsent(number, key -> new ArrayList<>(List.of(0, 0, 0)));
      line.set(0, Math.max(line.get(0), isExecuted ? 1 : 0));
      line.set(1, line.get(1) + covered);
      line.set(2, line.get(2) + missed);
    }

    void addMethod(String name, int first, boolean isExecuted) {
      methods.merge(name + " " + first, isExecuted, Boolean::logicalOr);
    }

    @Override
    public String toString() {
      return lines + "\n" + methods;
    }
  }

  private static void check(String source, Counts expected, Counts found) {
    if (!found.toString().equals(expected.toString())) {
      throw new IllegalStateException(source + ":\nexpected " + expected + "\nfound    " + found);
    }
  }

  private static Map<String, Counts> byOneBuilder(Collection<List<CountedSource.Version>> sources) throws IOException {
    ExecutionDataStore store = new ExecutionDataStore();
    CoverageBuilder builder = new CoverageBuilder();
    Analyzer analyzer = new Analyzer(store, builder);
    for (List<CountedSource.Version> classes : sources) {
      for (CountedSource.Version version : classes) {
        store.put(new ExecutionData(version.file.id, version.file.name, version.probes));
        analyzer.analyzeClass(version.file.bytes, version.file.name);
      }
    }
    Map<String, Counts> all = new TreeMap<>();
    for (ISourceFileCoverage source : builder.getSourceFiles()) {
      Counts counts = countsOf(all, source.getPackageName(), source.getName());
      for (int number = source.getFirstLine(); number <= source.getLastLine() && number != ISourceNode.UNKNOWN_LINE; ++number) {
        ILine line = source.getLine(number);
        if (line.getStatus() != ICounter.EMPTY) {
          counts.addLine(number, line.getInstructionCounter().getCoveredCount() > 0, line.getBranchCounter().getCoveredCount(),
              line.getBranchCounter().getMissedCount());
        }
      }
    }
    for (IClassCoverage type : builder.getClasses()) {
      Counts counts = countsOf(all, type.getPackageName(), type.getSourceFileName());
      type.getMethods().stream().filter(method -> method.getFirstLine() > 0).forEach(method -> counts.addMethod(
          Report.nameOf(type.getName(), method), method.getFirstLine(), method.getMethodCounter().getCoveredCount() > 0));
    }
    return all;
  }

  private static Counts countsOf(Map<String, Counts> all, String folder, String file) {
    return all.computeIfAbsent(folder.isEmpty() ? file : folder + "/" + file, name -> new Counts());
  }

  private static Counts countsOf(SourceCounts source) {
    Counts counts = new Counts();
    source.lines.forEach((number, line) -> counts.addLine(number, line.isExecuted, line.covered, line.missed));
    source.methods.values().forEach(method -> counts.addMethod(Report.nameOf(method.type, method.told), method.told.getFirstLine(),
        method.isExecuted));
    return counts;
  }

  // As java_table_source() of combine/recorded_java.cc.
  private static Counts countsOf(Map<String, SourceProbes.Part> parts) {
    Counts counts = new Counts();
    parts.forEach((name, part) -> {
      BitSet probes = new BitSet();
      for (int probe = 0; probe < part.version.probes.length; ++probe) {
        probes.set(probe, part.version.probes[probe]);
      }
      part.sets.lines.forEach((number, line) -> {
        boolean isCopied = parts.entrySet().stream().anyMatch(other -> other.getKey().startsWith(name + ";")
            && other.getValue().sets.lines.containsKey(number));
        int branches = isCopied ? 0 : line.branches.size();
        int covered = isCopied ? 0 : (int) line.branches.stream().filter(set -> set.intersects(probes)).count();
        counts.addLine(number, line.executed.intersects(probes), covered, branches - covered);
      });
      part.sets.methods.forEach(method -> counts.addMethod(method.name, method.first, method.executed.intersects(probes)));
    });
    return counts;
  }

  private static void check(ClassFile file, ProbeSets sets, Random random) throws IOException {
    for (int i = 0; i < TRIALS; ++i) {
      double share = random.nextDouble();
      boolean[] executed = new boolean[sets.probes];
      BitSet probes = new BitSet();
      for (int probe = 0; probe < executed.length; ++probe) {
        executed[probe] = random.nextDouble() < share;
        probes.set(probe, executed[probe]);
      }
      String expected = byJacoco(file, executed);
      String found = bySets(sets, probes);
      if (!found.equals(expected)) {
        throw new IllegalStateException(file.name + " of " + probes + ":\nexpected " + expected + "\nfound    " + found);
      }
    }
  }

  private static String byJacoco(ClassFile file, boolean[] executed) throws IOException {
    ExecutionDataStore store = new ExecutionDataStore();
    store.put(new ExecutionData(file.id, file.name, executed));
    StringBuilder text = new StringBuilder();
    new Analyzer(store, type -> {
      for (int number = type.getFirstLine(); number <= type.getLastLine() && number != ISourceNode.UNKNOWN_LINE; ++number) {
        ILine line = type.getLine(number);
        if (line.getStatus() != ICounter.EMPTY) {
          ICounter branches = line.getBranchCounter();
          add(text, number, line.getInstructionCounter().getCoveredCount() > 0, branches.getCoveredCount(), branches.getTotalCount());
        }
      }
      type.getMethods().stream().filter(method -> method.getFirstLine() > 0)
          .forEach(method -> add(text, Report.nameOf(file.name, method), method.getMethodCounter().getCoveredCount() > 0));
    }).analyzeClass(file.bytes, file.name);
    return text.toString();
  }

  private static String bySets(ProbeSets sets, BitSet probes) {
    StringBuilder text = new StringBuilder();
    sets.lines.forEach((number, line) -> add(text, number, line.executed.intersects(probes),
        line.branches.stream().filter(set -> set.intersects(probes)).count(), line.branches.size()));
    sets.methods.forEach(method -> add(text, method.name, method.executed.intersects(probes)));
    return text.toString();
  }

  private static void add(StringBuilder text, Object... fields) {
    for (Object field : fields) {
      text.append(field).append(' ');
    }
    text.append("; ");
  }
}
