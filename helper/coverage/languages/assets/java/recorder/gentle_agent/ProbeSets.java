// Which probes of a class stand for each of its lines, branches and methods. JaCoCo tells only how many branches of a
// line were taken by a set of executed probes. But each branch is taken if one of its probes was executed, and so are
// lines and methods. So sets of probes are tried until the numbers leave no doubt. What parts of a run have executed can
// be united then, on a machine without JaCoCo and without the class.
//
// A class may have copies of inline functions (Kotlin) of others. Its probes stand for lines of these, too.
package gentle_agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jacoco.core.analysis.IMethodCoverage;
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
    final String name;
    final int first; // lines
    final int last;
    final BitSet executed = new BitSet();

    Method(String name, int first, int last) {
      this.name = name;
      this.first = first;
      this.last = last;
    }
  }

  private static final int UNKNOWN = -1;
  private static final long MOST_WORK = 100_000_000; // Trials.work, of a class

  final TreeMap<Integer, Line> lines = new TreeMap<>();
  final List<Method> methods = new ArrayList<>(); // that have lines
  final Map<String, Map<Integer, BitSet>> copies = new TreeMap<>(); // by the class that they are of, and its lines
  int probes;

  /** Of that many probes, which stand for nothing. */
  ProbeSets(int probes) {
    this.probes = probes;
  }

  /** Unknown, if JaCoCo cannot read it, or if that would take too long. */
  static ProbeSets of(ClassFile file) {
    try {
      return new ProbeSets(file);
    } catch (IOException | RuntimeException | StackOverflowError | Trials.TooLarge error) {
      return new ProbeSets(UNKNOWN);
    }
  }

  boolean areKnown() {
    return probes != UNKNOWN;
  }

  Line line(int number) {
    return lines.computeIfAbsent(number, key -> new Line());
  }

  int firstLine() {
    return lines.isEmpty() ? 0 : lines.firstKey();
  }

  int lastLine() {
    return lines.isEmpty() ? 0 : lines.lastKey();
  }

  Method method(String name, int first, int last) {
    for (Method method : methods) {
      if (method.name.equals(name) && method.first == first) {
        return method;
      }
    }
    methods.add(new Method(name, first, last));
    return methods.get(methods.size() - 1);
  }

  ProbeSets(ClassFile file) throws IOException, Trials.TooLarge {
    long work = 0;
    for (ClassWriter writer : withOneMethodEach(new ClassReader(file.bytes))) {
      Trials trials = new Trials(file.name, writer.toByteArray());
      add(trials, file.name);
      work += trials.work;
      if (work > MOST_WORK) {
        throw new Trials.TooLarge();
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

  private void add(Trials trials, String type) throws IOException, Trials.TooLarge {
    IMethodCoverage known = trials.method;
    if (known != null && known.getFirstLine() > 0) {
      methods.add(new Method(Report.nameOf(type, known), known.getFirstLine(), known.getLastLine()));
    }
    for (int place = 0; place < trials.places.size(); ++place) {
      if (trials.places.get(place).original == null) {
        addLine(trials, place, methods.get(methods.size() - 1));
      } else {
        addCopy(trials, place);
      }
    }
    probes += trials.probes;
  }

  // Lines that no probe stands for are there, too. Those of copies have no branches.
  private void addCopy(Trials trials, int place) throws IOException, Trials.TooLarge {
    Trials.Place copy = trials.places.get(place);
    copies.computeIfAbsent(copy.original, name -> new TreeMap<>()).computeIfAbsent(copy.line, key -> new BitSet())
        .or(executing(trials, place));
  }

  // The probes that stand for a line.
  private BitSet executing(Trials trials, int place) throws IOException, Trials.TooLarge {
    BitSet executing = new BitSet();
    for (int probe = 0; probe < trials.probes; ++probe) {
      executing.set(probes + probe, trials.withOne(probe).executed.get(place));
    }
    return executing;
  }

  private void addLine(Trials trials, int place, Method method) throws IOException, Trials.TooLarge {
    Line line = line(trials.places.get(place).line);
    BitSet executing = executing(trials, place);
    line.executed.or(executing);
    method.executed.or(executing);
    List<Integer> taking = new ArrayList<>();
    for (int probe = 0; probe < trials.probes; ++probe) {
      if (trials.withOne(probe).branches[place] > 0) {
        taking.add(probe);
      }
    }
    int branches = trials.places.get(place).branches;
    List<BitSet> sets = branches == 0 ? new ArrayList<>() : branchesOf(taking, set -> trials.branches(set, place));
    for (int i = 0; i < branches; ++i) {
      line.branches.add(i < sets.size() ? moved(sets.get(i), probes) : new BitSet()); // of some no probe tells
    }
  }

  /** How many branches a set of probes takes. */
  private interface Taken {
    int by(BitSet probes) throws IOException, Trials.TooLarge;
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
    int taken(BitSet probes, Taken taken) throws IOException, Trials.TooLarge {
      return branches - taken.by(union(upTo, probes)) + taken.by(union(before, probes));
    }
  }

  /** The probes of each branch that one of these probes takes. */
  private static List<BitSet> branchesOf(List<Integer> probes, Taken taken) throws IOException, Trials.TooLarge {
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
  private static void addToGroups(int probe, int wanted, List<Group> groups, Taken taken) throws IOException, Trials.TooLarge {
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
}
