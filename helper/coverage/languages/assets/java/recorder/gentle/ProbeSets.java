// Which probes of a class stand for each of its lines, branches and methods. JaCoCo tells only how many branches of a
// line were taken by a set of executed probes. But each branch is taken if one of its probes was executed, and so are
// lines and methods. So sets of probes are tried until the numbers leave no doubt. What parts of a run have executed can
// be united then, on a machine without JaCoCo and without the class.
package gentle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.IMethodCoverage;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.internal.data.CRC64;
import org.jacoco.core.internal.flow.ClassProbesAdapter;
import org.jacoco.core.internal.flow.ClassProbesVisitor;
import org.jacoco.core.internal.flow.MethodProbesVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;

final class ProbeSets {
  static final class Line {
    final BitSet executed = new BitSet();
    final List<BitSet> branches = new ArrayList<>();
  }

  static final class Method {
    IMethodCoverage known; // its place and name; not what was executed
    final BitSet executed = new BitSet();
  }

  /** To try all probes would take minutes. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;
  }

  private static final int MOST_PROBES = 1000; // of a method: some 500 branches
  // Bytes of class files that JaCoCo reads, each of which takes it 20 to 600 ns. No method of the libraries of Kotlin, of Guava or
  // of ASM needs more than 8 million.
  private static final long MOST_WORK = 40_000_000; // of a method
  private static final long MOST_WORK_OF_CLASS = 100_000_000;

  final Map<Integer, Line> lines = new TreeMap<>();
  final List<Method> methods = new ArrayList<>();
  int probes;

  ProbeSets(ClassFile file) throws IOException, TooLarge {
    long work = 0;
    for (ClassWriter writer : withOneMethodEach(new ClassReader(file.bytes))) {
      Trials trials = new Trials(file.name, writer.toByteArray());
      add(trials);
      work += trials.work;
      if (work > MOST_WORK_OF_CLASS) {
        throw new TooLarge();
      }
    }
  }

  // A class has many methods, and what is tried of one says nothing of the others. What JaCoCo does not look at is left
  // out, since it would be read at each trial: the values of Kotlin's annotations may be larger than all methods.
  private static List<ClassWriter> withOneMethodEach(ClassReader reader) {
    ClassNode head = new ClassNode();
    reader.accept(head, ClassReader.SKIP_CODE);
    head.fields.clear();
    head.methods.clear();
    for (List<AnnotationNode> annotations : Arrays.asList(head.visibleAnnotations, head.invisibleAnnotations)) {
      if (annotations != null) {
        annotations.forEach(annotation -> annotation.values = null);
      }
    }
    List<ClassWriter> writers = new ArrayList<>();
    reader.accept(new ClassVisitor(Opcodes.ASM9) {
      @Override
      public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
        ClassWriter writer = new ClassWriter(0);
        head.accept(writer);
        writers.add(writer);
        return writer.visitMethod(access, name, descriptor, signature, exceptions);
      }
    }, 0);
    return writers;
  }

  private void add(Trials trials) throws IOException, TooLarge {
    IMethodCoverage known = trials.method;
    if (known != null) {
      Method method = new Method();
      method.known = known;
      methods.add(method);
      for (int number = known.getFirstLine(); number <= known.getLastLine() && number > 0; ++number) {
        if (known.getLine(number).getStatus() != ICounter.EMPTY) {
          add(trials, number, method);
        }
      }
    }
    probes += trials.probes;
  }

  private void add(Trials trials, int number, Method method) throws IOException, TooLarge {
    Line line = lines.computeIfAbsent(number, key -> new Line());
    List<Integer> taking = new ArrayList<>();
    for (int probe = 0; probe < trials.probes; ++probe) {
      ILine told = trials.with(setOf(probe)).getLine(number);
      if (told.getInstructionCounter().getCoveredCount() > 0) {
        line.executed.set(probes + probe);
        method.executed.set(probes + probe);
      }
      if (told.getBranchCounter().getCoveredCount() > 0) {
        taking.add(probe);
      }
    }
    int branches = trials.method.getLine(number).getBranchCounter().getTotalCount();
    List<BitSet> sets = branches == 0 ? new ArrayList<>() : branchesOf(taking, set -> trials.branches(set, number));
    for (int i = 0; i < branches; ++i) {
      line.branches.add(i < sets.size() ? moved(sets.get(i), probes) : new BitSet()); // of some no probe tells
    }
  }

  /** How many branches a set of probes takes. */
  private interface Taken {
    int by(BitSet probes) throws IOException, TooLarge;
  }

  // Branches that have the same first probe.
  private static final class Group {
    final BitSet before; // the probes before that
    final BitSet upTo; // these and that
    final int first;
    final int branches;
    final List<Integer> others = new ArrayList<>(); // probes that take one of them, too
    boolean isOne = true; // the others take all of them

    Group(BitSet before, BitSet upTo, int first, int branches) {
      this.before = before;
      this.upTo = upTo;
      this.first = first;
      this.branches = branches;
    }

    /** How many of these branches the probes take: those that `first` adds no more. */
    int taken(BitSet probes, Taken taken) throws IOException, TooLarge {
      return branches - taken.by(union(upTo, probes)) + taken.by(union(before, probes));
    }
  }

  /** The probes of each branch that one of these probes takes. */
  private static List<BitSet> branchesOf(List<Integer> probes, Taken taken) throws IOException, TooLarge {
    List<Group> groups = new ArrayList<>();
    BitSet before = new BitSet();
    int known = 0;
    for (int probe : probes) {
      BitSet upTo = union(before, setOf(probe));
      int added = taken.by(upTo) - known;
      addToGroups(probe, taken.by(setOf(probe)) - added, groups, taken);
      if (added > 0) {
        groups.add(new Group(before, upTo, probe, added));
      }
      known += added;
      before = upTo;
    }
    List<BitSet> sets = new ArrayList<>();
    for (Group group : groups) {
      // Of the group alone, the numbers are again those of a set of branches.
      List<BitSet> parts = group.isOne ? new ArrayList<>() : branchesOf(group.others, set -> group.taken(set, taken));
      for (int i = 0; i < group.branches; ++i) {
        BitSet set = i < parts.size() ? parts.get(i) : new BitSet();
        if (group.isOne) {
          group.others.forEach(set::set);
        }
        set.set(group.first);
        sets.add(set);
      }
    }
    return sets;
  }

  // `wanted`: of how many branches of the groups it is known to be a probe. Those next to each other belong together as
  // a rule, so the last groups are tried first.
  private static void addToGroups(int probe, int wanted, List<Group> groups, Taken taken) throws IOException, TooLarge {
    int left = groups.stream().mapToInt(group -> group.branches).sum();
    for (int i = groups.size(); wanted > 0; --i) {
      Group group = groups.get(i - 1);
      int in = left == wanted ? group.branches : group.taken(setOf(probe), taken);
      if (in > 0) {
        group.others.add(probe);
        group.isOne &= in == group.branches;
      }
      left -= group.branches;
      wanted -= in;
    }
  }

  private static BitSet setOf(int probe) {
    BitSet set = new BitSet();
    set.set(probe);
    return set;
  }

  private static BitSet union(BitSet one, BitSet other) {
    BitSet both = (BitSet) one.clone();
    both.or(other);
    return both;
  }

  private static BitSet moved(BitSet set, int places) {
    BitSet result = new BitSet();
    set.stream().forEach(place -> result.set(place + places));
    return result;
  }

  /** What JaCoCo makes of sets of probes of one method, each asked once. */
  private static final class Trials {
    final int probes;
    final IMethodCoverage method; // null: none that counts

    private final String name;
    private final byte[] bytes;
    private final long id;
    private final Map<BitSet, IMethodCoverage> known = new HashMap<>();
    private long work;

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
      method = with(all);
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
      return set.isEmpty() ? 0 : with(set).getLine(line).getBranchCounter().getCoveredCount();
    }

    IMethodCoverage with(BitSet set) throws IOException, TooLarge {
      IMethodCoverage told = known.get(set);
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

    private IMethodCoverage ask(BitSet set) throws IOException {
      boolean[] executed = new boolean[probes];
      set.stream().forEach(probe -> executed[probe] = true);
      ExecutionDataStore store = new ExecutionDataStore();
      store.put(new ExecutionData(id, name, executed));
      IMethodCoverage[] told = {null};
      new Analyzer(store, type -> type.getMethods().forEach(one -> told[0] = one)).analyzeClass(bytes, name);
      return told[0];
    }
  }
}
