// Has JaCoCo count what processes have executed: java gentle_agent.Report <input> <output>, both of fields with a
// zero at the end of each. The input:
//   K, a folder       kept classes, by their ids
//   S, a path         a source of the project
//   L, a path         a folder or jar that classes came from; they are numbered from 1
//   C, id, location, name, probes ("0110...")   what processes have executed of a class
//   U, location, name                           a class that some process could not record
//   N, location, source                         "com/lib/Tool.java": its classes were not recorded, as it was not there then;
//                                               "+com/lib/Tool.kt": nor a class with a copy of its inline functions
// The output:
//   F, a source       its lines and methods follow
//   N, line, 1 if it was executed, covered branches, missed ones
//   M, line, 1 if it was executed, name
//   C, class, probes ("0110...")     what was executed of a class of the source; its lines and methods follow by probes.
//                                    "class;other": of the other one, which has copies of these lines
//   L, line, probes, branches        numbers of probes, as "0 2 3"; those of each branch with a "," behind them
//   P, line, name, probes            of a method
//   X, a source       one that is not counted here, though it is in the project
//   A, name           a source that is not in the project
//   U, reason, name   a class that cannot be counted; W, reason, path: the same of a source
package gentle_agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jacoco.core.analysis.IMethodCoverage;
import org.objectweb.asm.Type;

public final class Report {
  // As text_of_reason() in report/java_gathering.cc.
  private static final int TOO_NEW = 1;
  private static final int UNREADABLE = 3;
  private static final int NO_LINES = 4;
  private static final int NOT_KEPT = 5;
  private static final int CHANGED = 6;
  private static final int NEWER_SOURCE = 7;
  private static final int SHORTER_SOURCE = 8;
  private static final int SEVERAL_SOURCES = 9;
  private static final int LATE_SOURCE = 10;

  private final ClassFiles classes;
  private final KnownSets known = KnownSets.ofThisRecorder();
  private final Sources sources = new Sources();
  private final List<String> locations = new ArrayList<>();
  private final Set<String> ofProject = new HashSet<>(); // locations with a loaded class whose source is there
  private final Map<String, CountedSource> counted = new TreeMap<>();
  private final Map<String, CountedSource> uncounted = new TreeMap<>(); // which only may have copies of inline functions
  private final Map<CountedSource, List<CountedSource.Version>> chosen = new HashMap<>();
  private final InlineCopies copies = new InlineCopies();

  /** Of one source, so that all processors may work. */
  private static final class Answer {
    final StringBuilder text = new StringBuilder();

    // A class file may have names with a zero in them.
    void say(Object... fields) {
      for (Object field : fields) {
        text.append(String.valueOf(field).replace('\0', '?')).append('\0');
      }
    }
  }

  private final Answer answer = new Answer();

  private Report(Path kept) {
    classes = new ClassFiles(kept);
  }

  public static void main(String[] arguments) throws IOException {
    String[] fields = new String(Files.readAllBytes(Paths.get(arguments[0])), StandardCharsets.UTF_8).split("\0");
    Report report = new Report(Paths.get(fields[1]));
    report.read(fields);
    report.addUnloaded();
    report.choose();
    List<Answer> answers = report.counted.entrySet().parallelStream()
        .map(entry -> report.tell(entry.getKey(), entry.getValue())).collect(Collectors.toList());
    answers.add(0, report.answer);
    try (OutputStream out = Files.newOutputStream(Paths.get(arguments[1]))) {
      for (Answer one : answers) {
        out.write(one.text.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    report.known.save();
  }

  private void read(String[] fields) {
    for (int i = 2; i < fields.length;) {
      switch (fields[i]) {
        case "S":
          sources.add(fields[i + 1]);
          i += 2;
          break;
        case "L":
          locations.add(fields[i + 1]);
          i += 2;
          break;
        case "C":
          addLoaded(fields[i + 1], locations.get(Integer.parseInt(fields[i + 2]) - 1), fields[i + 3], fields[i + 4]);
          i += 5;
          break;
        case "N":
          addPassed(fields[i + 2], locations.get(Integer.parseInt(fields[i + 1]) - 1));
          i += 3;
          break;
        default:
          leaveOut(fields[i + 2], locations.get(Integer.parseInt(fields[i + 1]) - 1));
          i += 3;
      }
    }
  }

  private void add(ClassFile file, String location, String probes) {
    if (file.isWithoutLines()) {
      tellWithoutLines(file, location);
      return;
    }
    CountedSource source = sourceOf(file.source, location);
    if (source != null) {
      ofProject.add(location);
    } else if (!file.inlined.isEmpty()) {
      source = uncounted.computeIfAbsent(file.source + '\0' + location, name -> new CountedSource());
    } else {
      return;
    }
    source.add(file, location, probes);
  }

  private void tellWithoutLines(ClassFile file, String location) {
    if (sources.havePackageOf(file.name)) { // else it is of a library
      ofProject.add(location);
      answer.say("U", NO_LINES, file.name);
    }
  }

  /** Null if the class has none in the project, which is told. */
  private CountedSource sourceOf(String name, String location) {
    if (name == null) {
      return null;
    }
    Sources.Found found = sources.find(name, location);
    if (found.isAmbiguous) {
      answer.say("W", SEVERAL_SOURCES, found.path);
      return null;
    } else if (found.path == null) {
      answer.say("A", name);
      return null;
    }
    return counted.computeIfAbsent(found.path, path -> new CountedSource());
  }

  private void addLoaded(String id, String location, String name, String probes) {
    ClassFile file = classes.find(id, location, name);
    if (file == null) {
      answer.say("U", NOT_KEPT, name);
      leaveOut(name, location);
      return;
    }
    add(file, location, probes);
  }

  private void leaveOut(String name, String location) {
    CountedSource source = sourceOf(classes.nameOfSource(location, name), location);
    if (source != null) {
      source.isLacking = true;
    }
  }

  // With a "+", an inline function of the source may have been executed in a class of another one.
  private void addPassed(String passed, String location) {
    boolean isCopied = passed.startsWith("+");
    String name = isCopied ? passed.substring(1) : passed;
    if (isCopied && sources.find(name, location).path == null) {
      return; // of a library
    }
    CountedSource source = sourceOf(name, location);
    if (source != null) {
      source.isLacking = true;
      answer.say("W", LATE_SOURCE, sources.find(name, location).path);
    }
  }

  // As JaCoCo does: a class that no process has loaded was not executed.
  private void addUnloaded() {
    for (String location : locations) {
      if (ClassFiles.isNested(location) && !ofProject.contains(location)) {
        continue;
      }
      for (ClassFile file : classes.in(location)) {
        if (file.isTooNew) {
          answer.say("U", TOO_NEW, file.name);
        } else {
          add(file, location, "");
        }
      }
    }
  }

  private void choose() {
    counted.forEach((path, source) -> {
      chosen.put(source, source.choose());
      copies.addSource(path, chosen.get(source));
    });
    uncounted.values().forEach(source -> copies.addCopying(source.choose()));
  }

  private Answer tell(String path, CountedSource source) {
    Answer answer = new Answer();
    if (source.isLacking) {
      answer.say("X", path); // the process that could not record it has told why
      return answer;
    }
    List<CountedSource.Version> current = chosen.get(source);
    if (copies.areUnclear(path, current)) {
      answer.say("W", SEVERAL_SOURCES, path, "X", path);
      return answer;
    }
    List<CountedSource.Version> copying = copies.of(path, current);
    SourceCounts counts;
    try {
      counts = new SourceCounts(current, copying);
    } catch (IOException | RuntimeException error) {
      answer.say("W", Recorder.reasonOf(error) == TOO_NEW ? TOO_NEW : UNREADABLE, path);
      answer.say("X", path);
      return answer;
    }
    if (source.hasExecutedOthers) {
      answer.say("W", CHANGED, path);
    }
    if (counts.lastLine() > Sources.countLines(path)) {
      answer.say("W", SHORTER_SOURCE, path);
      answer.say("X", path);
      return answer;
    }
    long compiled = current.stream().mapToLong(version -> version.file.modified).max().orElse(0);
    if (Paths.get(path).toFile().lastModified() > compiled) {
      answer.say("W", NEWER_SOURCE, path);
    }
    answer.say("F", path);
    tellCounts(counts, answer);
    tellProbes(SourceProbes.of(current, copying, known), answer);
    return answer;
  }

  private static void tellCounts(SourceCounts counts, Answer answer) {
    counts.lines.forEach((number, line) -> answer.say("N", number, line.isExecuted ? 1 : 0, line.covered, line.missed));
    counts.methods.values().forEach(method -> answer.say("M", method.told.getFirstLine(), method.isExecuted ? 1 : 0,
        nameOf(method.type, method.told)));
  }

  // Of a class that is left out here, whoever reads the answer sees that the counts above have more.
  private static void tellProbes(Map<String, SourceProbes.Part> parts, Answer answer) {
    parts.forEach((name, part) -> {
      StringBuilder probes = new StringBuilder();
      for (int i = 0; i < part.sets.probes; ++i) {
        probes.append(i < part.version.probes.length && part.version.probes[i] ? '1' : '0');
      }
      answer.say("C", name, probes);
      part.sets.lines.forEach((number, line) -> {
        StringBuilder branches = new StringBuilder();
        line.branches.forEach(set -> branches.append(textOf(set)).append(','));
        answer.say("L", number, textOf(line.executed), branches);
      });
      part.sets.methods.forEach(method -> answer.say("P", method.first, method.name, textOf(method.executed)));
    });
  }

  private static String textOf(BitSet probes) {
    return probes.stream().mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }

  static String nameOf(String type, IMethodCoverage method) {
    StringBuilder name = new StringBuilder(type.replace('/', '.'));
    name.append('.').append(method.getName()).append('(');
    String separator = "";
    for (Type argument : Type.getArgumentTypes(method.getDesc())) {
      String text = argument.getClassName();
      name.append(separator).append(text.substring(text.lastIndexOf('.') + 1));
      separator = ", ";
    }
    return name.append(')').toString();
  }
}
