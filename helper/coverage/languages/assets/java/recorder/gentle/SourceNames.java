// The names of the files with sources of the project, as they were when coverage was reset. A class counts only if the file
// that it names is there (Sources.look), so most classes of a program in one jar need no probes: they are of libraries.
package gentle;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;

final class SourceNames {
  private final Set<String> names;
  private final FileTime made; // null: nothing is known
  private final Map<String, Boolean> areOlder = new ConcurrentHashMap<>(); // jars

  private SourceNames(Set<String> names, FileTime made) {
    this.names = names;
    this.made = made;
  }

  static SourceNames ofThisRecorder() {
    Path jar = Paths.get(URI.create(SourceNames.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    Path file = jar.resolveSibling("source-names");
    try {
      FileTime made = Files.getLastModifiedTime(file);
      return new SourceNames(new HashSet<>(Arrays.asList(Files.readString(file).split("\0"))), made);
    } catch (IOException error) {
      return new SourceNames(Collections.emptySet(), null);
    }
  }

  /** Of a class that cannot count, with the folder of its package. Null if it may count. */
  String sourceThatIsNotThere(String name, byte[] bytes, String location) {
    if (made == null || !isOlder(name, location)) {
      return null;
    }
    Header header = new Header();
    try {
      new ClassReader(bytes).accept(header, ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException error) {
      return null; // JaCoCo cannot read it, and tells why
    }
    if (header.file == null || header.file.isEmpty() || isThere(header.file) || header.hasInlined()) {
      return null;
    }
    return name.substring(0, name.lastIndexOf('/') + 1) + header.file;
  }

  private boolean isThere(String file) {
    return names.contains(file.substring(file.lastIndexOf('/') + 1));
  }

  // What was compiled since then may be of a source that was written since then.
  private boolean isOlder(String name, String location) {
    int inner = location.indexOf(ClassFiles.NESTED);
    Path place = Paths.get(inner < 0 ? location : location.substring(0, inner));
    return Files.isDirectory(place) ? isOlder(place.resolve(name + ".class"))
        : areOlder.computeIfAbsent(place.toString(), path -> isOlder(Paths.get(path)));
  }

  private boolean isOlder(Path path) {
    try {
      return Files.getLastModifiedTime(path).compareTo(made) < 0;
    } catch (IOException error) {
      return false; // it was made in memory
    }
  }

  private final class Header extends ClassVisitor {
    String file;
    private String map = "";

    Header() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitSource(String source, String debug) {
      file = source;
      map = debug == null ? "" : debug;
    }

    // It may have a copy of a function that counts (ClassFile.inlined).
    boolean hasInlined() {
      return Arrays.stream(map.split("\n")).filter(line -> line.startsWith("+ "))
          .anyMatch(line -> isThere(line.substring(line.lastIndexOf(' ') + 1)));
    }
  }
}
