// java gentle.TryProbeSets <jar or folder>...: whether JaCoCo counts what ProbeSets says of each class, for random sets of
// executed probes; and in one report of all classes of a place what SourceCounts says of each source, with copies of inline functions.
// Prints the numbers of classes, branches and lines of copies, or fails at the first one that differs.
package gentle;

import java.io.IOException;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.analysis.ISourceNode;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;

final class TryProbeSets {
  private static final int TRIALS = 20; // of a class

  public static void main(String[] arguments) throws IOException, ProbeSets.TooLarge {
    int classes = 0;
    int branches = 0;
    int copied = 0;
    for (String place : arguments) {
      Map<String, CountedSource> sources = new TreeMap<>();
      Random random = new Random(classes);
      for (ClassFile file : new ClassFiles(Paths.get("/nowhere")).in(place)) {
        if (!file.isTooNew && !file.isWithoutLines()) {
          ProbeSets sets = new ProbeSets(file);
          check(file, sets, new Random(++classes));
          branches += sets.lines.values().stream().mapToInt(line -> line.branches.size()).sum();
          String probes = random.ints(sets.probes, 0, 8).mapToObj(number -> number == 0 ? "1" : "0").collect(Collectors.joining());
          sources.computeIfAbsent(file.source, name -> new CountedSource()).add(file, place, probes);
        }
      }
      copied += checkSources(sources);
    }
    System.out.println(classes + " " + branches + " " + copied);
  }

  /** Returns how many lines differ from what the classes of a source count alone. */
  private static int checkSources(Map<String, CountedSource> sources) throws IOException {
    InlineCopies copies = new InlineCopies();
    Map<String, List<CountedSource.Version>> chosen = new TreeMap<>();
    sources.forEach((name, source) -> chosen.put(name, source.choose()));
    chosen.forEach(copies::addSource);
    Map<String, String> expected = byOneBuilder(chosen.values());
    int differing = 0;
    for (Map.Entry<String, List<CountedSource.Version>> source : chosen.entrySet()) {
      String found = textOf(new SourceCounts(source.getValue(), copies.of(source.getKey(), source.getValue())));
      if (!found.equals(expected.getOrDefault(source.getKey(), ""))) {
        throw new IllegalStateException(source.getKey() + ":\nexpected " + expected.get(source.getKey()) + "\nfound    " + found);
      }
      String alone = textOf(new SourceCounts(source.getValue(), new ArrayList<>()));
      differing += Arrays.stream(found.split(";")).filter(line -> !Arrays.asList(alone.split(";")).contains(line)).count();
    }
    return differing;
  }

  private static Map<String, String> byOneBuilder(Collection<List<CountedSource.Version>> sources) throws IOException {
    ExecutionDataStore store = new ExecutionDataStore();
    CoverageBuilder builder = new CoverageBuilder();
    Analyzer analyzer = new Analyzer(store, builder);
    for (List<CountedSource.Version> classes : sources) {
      for (CountedSource.Version version : classes) {
        store.put(new ExecutionData(version.file.id, version.file.name, version.probes));
        analyzer.analyzeClass(version.file.bytes, version.file.name);
      }
    }
    Map<String, String> lines = new TreeMap<>();
    for (ISourceFileCoverage source : builder.getSourceFiles()) {
      StringBuilder text = new StringBuilder();
      for (int number = source.getFirstLine(); number <= source.getLastLine() && number != ISourceNode.UNKNOWN_LINE; ++number) {
        ILine line = source.getLine(number);
        if (line.getStatus() != ICounter.EMPTY) {
          add(text, number, line.getInstructionCounter().getCoveredCount() > 0, line.getBranchCounter().getCoveredCount(),
              line.getBranchCounter().getMissedCount());
        }
      }
      lines.put(source.getPackageName().isEmpty() ? source.getName() : source.getPackageName() + "/" + source.getName(), text.toString());
    }
    return lines;
  }

  private static String textOf(SourceCounts counts) {
    StringBuilder text = new StringBuilder();
    counts.lines.forEach((number, line) -> add(text, number, line.isExecuted, line.covered, line.missed));
    return text.toString();
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
      type.getMethods().forEach(method -> add(text, method.getName(), method.getMethodCounter().getCoveredCount() > 0));
    }).analyzeClass(file.bytes, file.name);
    return text.toString();
  }

  private static String bySets(ProbeSets sets, BitSet probes) {
    StringBuilder text = new StringBuilder();
    sets.lines.forEach((number, line) -> add(text, number, line.executed.intersects(probes),
        line.branches.stream().filter(set -> set.intersects(probes)).count(), line.branches.size()));
    sets.methods.forEach(method -> add(text, method.known.getName(), method.executed.intersects(probes)));
    return text.toString();
  }

  private static void add(StringBuilder text, Object... fields) {
    for (Object field : fields) {
      text.append(field).append(' ');
    }
    text.append("; ");
  }
}
