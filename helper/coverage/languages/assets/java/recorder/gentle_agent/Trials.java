// What JaCoCo makes of sets of executed probes of one method, each asked once.
package gentle_agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ICoverageVisitor;
import org.jacoco.core.analysis.ILine;
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

  // JaCoCo keeps an array from the first to the last line, and reads a byte as slowly as it fills this many places of that.
  private static final int LINES_PER_BYTE = 16;

  /** A line that JaCoCo counts: of the method, or of an inline function that it has a copy of. */
  static final class Place {
    final String original; // the class of that function; null: it is of the method
    final int line;
    final int branches;

    Place(String original, int line, int branches) {
      this.original = original;
      this.line = line;
      this.branches = branches;
    }
  }

  /** Of one set, by the numbers of places. The answers of JaCoCo are too large to keep: lines may be far from each other. */
  static final class Told {
    final BitSet executed = new BitSet();
    final int[] branches;

    Told(int places) {
      branches = new int[places];
    }
  }

  private static final class Answer implements ICoverageVisitor {
    IMethodCoverage method; // null: none that counts
    final Map<String, ISourceNode> copies = new TreeMap<>(); // by the class that they are of

    @Override
    public void visitCoverage(IClassCoverage type) {
      type.getMethods().forEach(one -> method = one);
      try {
        // Of JaCoCo 0.8.13 and newer. If it is not there, JaCoCo applies none; and if it is called otherwise some day,
        // the probes do not give what JaCoCo counts, which the record for `combine` tells.
        for (Object copy : (Collection<?>) type.getClass().getMethod("getFragments").invoke(type)) {
          copies.put(((ISourceNode) copy).getName(), (ISourceNode) copy);
        }
      } catch (ReflectiveOperationException | ClassCastException error) {
        copies.clear();
      }
    }

    ISourceNode of(Place place) {
      return place.original == null ? method : copies.get(place.original);
    }

    List<Place> places() {
      List<Place> places = new ArrayList<>();
      if (method != null) {
        addPlaces(null, method, places);
      }
      copies.forEach((original, copy) -> addPlaces(original, copy, places));
      return places;
    }

    private static void addPlaces(String original, ISourceNode node, List<Place> places) {
      for (int number = node.getFirstLine(); 0 < number && number <= node.getLastLine(); ++number) {
        ILine line = node.getLine(number);
        if (line.getStatus() != ICounter.EMPTY) {
          places.add(new Place(original, number, line.getBranchCounter().getTotalCount()));
        }
      }
    }

    int lines() {
      int lines = method == null ? 0 : method.getLastLine() - method.getFirstLine();
      for (ISourceNode copy : copies.values()) {
        lines += copy.getLastLine() - copy.getFirstLine();
      }
      return lines;
    }
  }

  final int probes;
  final IMethodCoverage method; // null: none that counts
  final List<Place> places;
  long work; // bytes read

  private final String name;
  private final byte[] bytes;
  private final long id;
  private final int workOfOne;
  private final Map<BitSet, Told> known = new HashMap<>();
  private final Told[] ones;

  Trials(String name, byte[] bytes) throws IOException, TooLarge {
    this.name = name;
    this.bytes = bytes;
    id = CRC64.classId(bytes);
    probes = countProbes(bytes);
    if (probes > MOST_PROBES) {
      throw new TooLarge();
    }
    ones = new Told[probes];
    BitSet all = new BitSet();
    all.set(0, probes);
    Answer answer = ask(all);
    method = answer.method;
    places = answer.places();
    workOfOne = bytes.length + answer.lines() / LINES_PER_BYTE;
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

  int branches(BitSet set, int place) throws IOException, TooLarge {
    return set.isEmpty() ? 0 : with(set).branches[place];
  }

  // Asked for each line.
  Told withOne(int probe) throws IOException, TooLarge {
    if (ones[probe] == null) {
      BitSet set = new BitSet();
      set.set(probe);
      ones[probe] = with(set);
    }
    return ones[probe];
  }

  Told with(BitSet set) throws IOException, TooLarge {
    Told told = known.get(set);
    if (told == null) {
      work += workOfOne;
      if (work > MOST_WORK) {
        throw new TooLarge();
      }
      told = toldBy(ask(set));
      known.put(set, told);
    }
    return told;
  }

  private Told toldBy(Answer answer) {
    Told told = new Told(places.size());
    for (int i = 0; i < places.size(); ++i) {
      ILine line = answer.of(places.get(i)).getLine(places.get(i).line);
      told.executed.set(i, line.getInstructionCounter().getCoveredCount() > 0);
      told.branches[i] = line.getBranchCounter().getCoveredCount();
    }
    return told;
  }

  private Answer ask(BitSet set) throws IOException {
    boolean[] executed = new boolean[probes];
    set.stream().forEach(probe -> executed[probe] = true);
    ExecutionDataStore store = new ExecutionDataStore();
    store.put(new ExecutionData(id, name, executed));
    Answer answer = new Answer();
    new Analyzer(store, answer).analyzeClass(bytes, name);
    return answer;
  }
}
