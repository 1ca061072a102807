// The names of the files with sources of the project, as they were when coverage was reset. A class counts only if the file
// that it names is there (Sources.look), so most classes of a program in one jar need no probes: they are of libraries.
package gentle_agent;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

final class SourceNames {
  private final Set<String> names; // each byte a letter: that of a file need not be UTF-8
  private final FileTime made; // null: nothing is known

  private SourceNames(Set<String> names, FileTime made) {
    this.names = names;
    this.made = made;
  }

  static SourceNames ofThisRecorder() {
    Path jar = Paths.get(URI.create(SourceNames.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    Path file = jar.resolveSibling("source-names");
    try {
      FileTime made = Files.getLastModifiedTime(file);
      return new SourceNames(new HashSet<>(Arrays.asList(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"))), made);
    } catch (IOException error) {
      return new SourceNames(Collections.emptySet(), null);
    }
  }

  /**
   * Of a class that cannot count: its source, with the folder of its package, and behind "+" those whose inline functions it has
   * copies of. Empty if it may count.
   */
  List<String> sourcesThatAreNotThere(String name, byte[] bytes, String location) {
    if (made == null || !isOlder(name, location)) {
      return Collections.emptyList();
    }
    Header header = new Header(name);
    try {
      new ClassReader(bytes).accept(header, ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException error) {
      return Collections.emptyList(); // JaCoCo cannot read it, and tells why
    }
    if (!header.hasCode || !ClassFile.isName(header.file) || isThere(header.file)) {
      return Collections.emptyList();
    }
    List<String> sources = new ArrayList<>();
    sources.add(folderOf(name) + header.file);
    for (Map.Entry<String, Set<String>> inlined : header.inlined.entrySet()) {
      if (isNewer(inlined.getKey(), location)) {
        return Collections.emptyList();
      }
      for (String file : inlined.getValue()) {
        if (isThere(file)) {
          return Collections.emptyList();
        }
        sources.add('+' + folderOf(inlined.getKey()) + file);
      }
    }
    return sources;
  }

  private static String folderOf(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  private boolean isThere(String file) {
    byte[] bytes = file.substring(file.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
    return names.contains(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  // What was compiled since then may be of a source that was written since then.
  private boolean isOlder(String name, String location) {
    int inner = location.indexOf(ClassFiles.NESTED);
    try {
      Path place = Paths.get(inner < 0 ? location : location.substring(0, inner));
      Path file = Files.isDirectory(place) ? place.resolve(name + ".class") : place;
      return Files.getLastModifiedTime(file).compareTo(made) < 0;
    } catch (IOException | InvalidPathException error) {
      return false; // it was made in memory
    }
  }

  // Of a class that is in the same folder. One in the same jar is as old as that.
  private boolean isNewer(String name, String location) {
    if (location.contains(ClassFiles.NESTED)) {
      return false;
    }
    try {
      return Files.getLastModifiedTime(Paths.get(location, name + ".class")).compareTo(made) >= 0;
    } catch (IOException | InvalidPathException error) {
      return false; // it is elsewhere: if its source comes later, the report says so
    }
  }

  private static final class Header extends ClassVisitor {
    String file;
    boolean hasCode;
    Map<String, Set<String>> inlined = Collections.emptyMap(); // the files of other classes
    private final String name;

    Header(String name) {
      super(Opcodes.ASM9);
      this.name = name;
    }

    @Override
    public void visitSource(String source, String debug) {
      file = source;
      inlined = ClassFile.inlinedIn(debug, name);
    }

    @Override
    public MethodVisitor visitMethod(int access, String own, String descriptor, String signature, String[] exceptions) {
      hasCode |= ClassFile.hasCode(access);
      return null;
    }
  }
}
