// What JaCoCo makes of sets of executed probes of one method, each asked once.
package gentle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICoverageVisitor;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.analysis.ISourceNode;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.internal.data.CRC64;
import org.jacoco.core.internal.flow.ClassProbesAdapter;
import org.jacoco.core.internal.flow.ClassProbesVisitor;
import org.jacoco.core.internal.flow.MethodProbesVisitor;
import org.objectweb.asm.ClassReader;

final class Trials {
  /** To try all probes would take minutes. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static final int MOST_PROBES = 1000; // of a method: some 500 branches
  // Bytes of class files that JaCoCo reads, each of which takes it 20 to 600 ns. No method of the libraries of Kotlin, of Guava or
  // of ASM needs more than 8 million.
  private static final long MOST_WORK = 40_000_000; // of a method

  /** Of one set. */
  static final class Told implements ICoverageVisitor {
    IMethodCoverage method; // null: none that counts
    final List<ISourceNode> copies = new ArrayList<>();

    @Override
    public void visitCoverage(IClassCoverage type) {
      type.getMethods().forEach(one -> method = one);
      try {
        // Of JaCoCo 0.8.13 and newer. If it is not there, JaCoCo applies none; and if it is called otherwise some day,
        // the probes do not give what JaCoCo counts, which the record for `combine` tells.
        for (Object copy : (Collection<?>) type.getClass().getMethod("getFragments").invoke(type)) {
          if (((ISourceNode) copy).getFirstLine() > 0) {
            copies.add((ISourceNode) copy);
          }
        }
      } catch (ReflectiveOperationException | ClassCastException error) {
        copies.clear();
      }
    }
  }

  final int probes;
  final IMethodCoverage method; // null: none that counts

  final boolean haveCopies; // of inline functions
  long work; // bytes read

  private final String name;
  private final byte[] bytes;
  private final long id;
  private final Map<BitSet, Told> known = new HashMap<>();

  Trials(String name, byte[] bytes) throws IOException, TooLarge {
    this.name = name;
    this.bytes = bytes;
    id = CRC64.classId(bytes);
    probes = countProbes(bytes);
    if (probes > MOST_PROBES) {
      throw new TooLarge();
    }
    BitSet all = new BitSet();
    all.set(0, probes);
    Told told = with(all);
    method = told.method;
    haveCopies = !told.copies.isEmpty();
  }

  private static int countProbes(byte[] bytes) {
    int[] count = {0};
    new ClassReader(bytes).accept(new ClassProbesAdapter(new ClassProbesVisitor() {
      @Override
      public MethodProbesVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        return null;
      }

      @Override
      public void visitTotalProbeCount(int total) {
        count[0] = total;
      }
    }, false), 0);
    return count[0];
  }

  int branches(BitSet set, int line) throws IOException, TooLarge {
    return set.isEmpty() ? 0 : with(set).method.getLine(line).getBranchCounter().getCoveredCount();
  }

  Told with(BitSet set) throws IOException, TooLarge {
    Told told = known.get(set);
    if (told == null) {
      work += bytes.length;
      if (work > MOST_WORK) {
        throw new TooLarge();
      }
      told = ask(set);
      known.put(set, told);
    }
    return told;
  }

  private Told ask(BitSet set) throws IOException {
    boolean[] executed = new boolean[probes];
    set.stream().forEach(probe -> executed[probe] = true);
    ExecutionDataStore store = new ExecutionDataStore();
    store.put(new ExecutionData(id, name, executed));
    Told told = new Told();
    new Analyzer(store, told).analyzeClass(bytes, name);
    return told;
  }
}
