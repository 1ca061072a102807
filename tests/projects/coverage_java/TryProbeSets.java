// java gentle.TryProbeSets <jar or folder>...: whether JaCoCo counts what ProbeSets says of each class, for random sets of
// executed probes. Prints the numbers of classes and branches, or fails at the first class that differs.
package gentle;

import java.io.IOException;
import java.nio.file.Paths;
import java.util.BitSet;
import java.util.Random;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.ISourceNode;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;

final class TryProbeSets {
  private static final int TRIALS = 20; // of a class

  public static void main(String[] arguments) throws IOException, ProbeSets.TooLarge {
    int classes = 0;
    int branches = 0;
    for (String place : arguments) {
      for (ClassFile file : new ClassFiles(Paths.get("/nowhere")).in(place)) {
        if (!file.isTooNew && !file.isWithoutLines()) {
          ProbeSets sets = new ProbeSets(file);
          check(file, sets, new Random(++classes));
          branches += sets.lines.values().stream().mapToInt(line -> line.branches.size()).sum();
        }
      }
    }
    System.out.println(classes + " " + branches);
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
