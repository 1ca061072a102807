// Instruments the classes of the project, by JaCoCo, and keeps their bytes for the report.
package gentle_agent;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jacoco.core.runtime.IExecutionDataAccessorGenerator;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

public final class Recorder implements ClassFileTransformer {
  static final String HITS = "java/lang/GentleHits";
  // As kLosses of languages/hits.cc.
  private static final int NOT_KEPT = 8;
  private static final int NOT_RECORDED = 9;

  // As text_of_reason() in report/java_gathering.cc.
  static final int TOO_NEW = 1;
  private static final int OTHER_AGENT = 2;
  private static final int NOT_INSTRUMENTED = 3;

  private final List<Path> roots = new ArrayList<>(); // below which a class is of the project
  private final List<Path> ours = new ArrayList<>();
  private final File kept;
  private final String pid = pid();
  private final Map<String, String> locations = new ConcurrentHashMap<>(); // "": not of the project
  private final SourceNames names = SourceNames.ofThisRecorder();
  private final Set<String> passed = ConcurrentHashMap.newKeySet(); // sources with their location

  private Recorder(List<String> settings) {
    for (String line : settings) {
      if (line.startsWith("root ")) {
        roots.add(real(Paths.get(line.substring(5))));
      } else if (line.startsWith("not ")) {
        ours.add(real(Paths.get(line.substring(4))));
      }
    }
    kept = new File(valueOf(settings, "keep "));
  }

  public static void start(Instrumentation instrumentation, String folder, List<String> settings) throws Throwable {
    defineHits(instrumentation);
    Hits.open(new File(folder, pid()), System.getProperty("java.version").replace(' ', '_'), System.getProperty("java.home"));
    if (isLauncher()) {
      Hits.begin();
    }
    instrumentation.addTransformer(new Recorder(settings), hasOtherJacoco());
  }

  private static void defineHits(Instrumentation instrumentation) throws ReflectiveOperationException, IOException {
    instrumentation.redefineModule(Object.class.getModule(), Collections.emptySet(), Collections.emptyMap(),
        Map.of("java.lang", Set.of(Recorder.class.getModule())), Collections.emptySet(), Collections.emptyMap());
    try (InputStream in = Recorder.class.getClassLoader().getResourceAsStream(HITS + ".class")) {
      MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup()).defineClass(in.readAllBytes());
    }
  }

  private static String pid() {
    try {
      return Files.readSymbolicLink(Paths.get("/proc/self")).toString();
    } catch (IOException error) {
      return String.valueOf(ProcessHandle.current().pid());
    }
  }

  // Tools such as javac run in a JVM, too, and leave nothing unless they execute code of the project.
  private static boolean isLauncher() {
    try {
      return Files.readSymbolicLink(Paths.get("/proc/self/exe")).endsWith("java");
    } catch (IOException error) {
      return true;
    }
  }

  // Another agent of JaCoCo refuses what this one has instrumented. A transformer that can transform again comes after it.
  private static boolean hasOtherJacoco() {
    String options = System.getenv("JAVA_TOOL_OPTIONS") + " " + System.getenv("JDK_JAVA_OPTIONS");
    try {
      options += " " + new String(Files.readAllBytes(Paths.get("/proc/self/cmdline")), StandardCharsets.ISO_8859_1);
    } catch (IOException error) {
      return true;
    }
    String option = "-javaagent:";
    for (int at = options.indexOf(option); at >= 0; at = options.indexOf(option, at + 1)) {
      if (namesJacoco(options.substring(at + option.length()))) {
        return true;
      }
    }
    return false;
  }

  // Whether the path that the text begins with is that of a jar whose name has "jacoco" in it.
  private static boolean namesJacoco(String text) {
    int end = 0;
    while (end < text.length() && " \0=".indexOf(text.charAt(end)) < 0) {
      ++end;
    }
    String path = text.substring(0, end);
    int name = path.lastIndexOf("jacoco");
    int jar = path.lastIndexOf(".jar");
    return name >= 0 && jar > name && path.indexOf('/', name) < 0;
  }

  private static String valueOf(List<String> settings, String key) {
    for (String line : settings) {
      if (line.startsWith(key)) {
        return line.substring(key.length());
      }
    }
    throw new IllegalArgumentException("the settings have no '" + key + "'");
  }

  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException error) {
      return path.toAbsolutePath().normalize();
    }
  }

  @Override
  public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (loader == null || redefined != null || loader == Recorder.class.getClassLoader()) {
      return null;
    }
    try {
      CodeSource source = domain == null ? null : domain.getCodeSource();
      URL url = source == null ? null : source.getLocation();
      String location = url == null ? "" : knownLocationOf(url.toString());
      if (location.isEmpty()) {
        return null;
      }
      return instrument(name == null ? nameOf(bytes) : name, bytes, location);
    } catch (Throwable error) {
      Hits.lose(NOT_RECORDED, null);
      return null;
    }
  }

  // Of a class that its loader defines without saying a name. That of a class for any newer Java stands at the same place.
  private static String nameOf(byte[] bytes) {
    byte[] old = bytes.clone();
    old[6] = 0;
    old[7] = Opcodes.V11;
    return new ClassReader(old).getClassName();
  }

  private String knownLocationOf(String url) {
    String location = locations.get(url);
    if (location == null) {
      location = locationOf(url);
      locations.put(url, location);
    }
    return location;
  }

  // "": it does not belong to the project. Of a jar within a jar both are named: ClassFiles.NESTED is between them.
  private String locationOf(String url) {
    int file = url.indexOf("file:");
    String text = file >= 0 ? url.substring(file + 5) : url.startsWith("jar:nested:") ? url.substring(11) : "";
    int inner = text.indexOf('!');
    String within = "";
    if (inner >= 0) {
      within = text.substring(text.startsWith("/", inner + 1) ? inner + 2 : inner + 1);
      within = within.indexOf('!') < 0 ? within : within.substring(0, within.indexOf('!'));
      text = text.substring(0, text.startsWith("/!", inner - 1) ? inner - 1 : inner);
    }
    if (text.isEmpty()) {
      return "";
    }
    Path path = real(pathOf(text));
    if (isBelow(path, ours) || !isBelow(path, roots)) {
      return "";
    }
    return path + (within.endsWith(".jar") ? ClassFiles.NESTED + within : "");
  }

  private static boolean isBelow(Path path, List<Path> folders) {
    for (Path folder : folders) {
      if (path.startsWith(folder)) {
        return true;
      }
    }
    return false;
  }

  // Some class loaders make URLs of paths without escapes.
  private static Path pathOf(String text) {
    try {
      return Paths.get(URI.create("file://" + text));
    } catch (IllegalArgumentException error) {
      return Paths.get(text);
    }
  }

  private byte[] instrument(String name, byte[] bytes, String location) throws Throwable {
    List<String> sources = names.sourcesThatAreNotThere(name, bytes, location);
    for (String source : sources) {
      if (passed.add(location + '\0' + source)) {
        Hits.pass(source, location);
      }
    }
    if (!sources.isEmpty()) {
      return null;
    }
    Accessor accessor = new Accessor();
    byte[] result;
    try {
      result = ProbePass.apply(bytes, accessor);
    } catch (Exception error) {
      Hits.leaveOut(reasonOf(error), name, location);
      return null;
    }
    if (accessor.count == 0) {
      return null; // it has no code
    }
    keep(accessor.id, bytes);
    return Hits.add(accessor.id, name, accessor.count, location) ? result : null;
  }

  static int reasonOf(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      // The second one is of what newer classes may have, such as sealed ones, in a version that it reads otherwise.
      if (text.contains("major version") || text.contains("requires ASM")) {
        return TOO_NEW;
      } else if (text.contains("instrumented class")) {
        return OTHER_AGENT;
      }
    }
    return NOT_INSTRUMENTED;
  }

  // By java.io.File: java.nio.file throws exceptions within for each file that is not there yet, which cost more than the files.
  private void keep(long id, byte[] bytes) {
    String name = Long.toHexString(id);
    File file = new File(kept, name + ".class");
    if (file.exists()) {
      return;
    }
    kept.mkdirs();
    File own = new File(kept, name + "." + pid + ".new");
    try {
      try (FileOutputStream out = new FileOutputStream(own)) {
        out.write(bytes);
      }
      if (!own.renameTo(file)) {
        throw new IOException("cannot rename " + own);
      }
    } catch (IOException error) {
      Hits.lose(NOT_KEPT, error);
    }
  }

  /** Has instrumented code ask for its probes. */
  static final class Accessor implements IExecutionDataAccessorGenerator {
    long id;
    int count;

    @Override
    public int generateDataAccessor(long classId, String name, int probes, MethodVisitor method) {
      id = classId;
      count = probes;
      method.visitLdcInsn(classId);
      method.visitMethodInsn(Opcodes.INVOKESTATIC, HITS, "probes", "(J)[Z", false);
      return 2;
    }
  }
}
