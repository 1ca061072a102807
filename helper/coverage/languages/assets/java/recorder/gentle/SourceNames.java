// The names of the files with sources of the project, as they were when coverage was reset. A class counts only if the file
// that it names is there (Sources.look), so most classes of a program in one jar need no probes: they are of libraries.
package gentle;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
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

  /** Of a class that cannot count, with the folder of its package. Null if it may count. */
  String sourceThatIsNotThere(String name, byte[] bytes, String location) {
    if (made == null || !isOlder(name, location)) {
      return null;
    }
    Header header = new Header(name);
    try {
      new ClassReader(bytes).accept(header, ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
    } catch (RuntimeException error) {
      return null; // JaCoCo cannot read it, and tells why
    }
    // The source of an inline function may come later than that class, which has a copy of it.
    if (!header.hasCode || !ClassFile.isName(header.file) || isThere(header.file) || header.hasInlined) {
      return null;
    }
    return name.substring(0, name.lastIndexOf('/') + 1) + header.file;
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

  private static final class Header extends ClassVisitor {
    String file;
    boolean hasCode;
    boolean hasInlined;
    private final String name;

    Header(String name) {
      super(Opcodes.ASM9);
      this.name = name;
    }

    @Override
    public void visitSource(String source, String debug) {
      file = source;
      hasInlined = !ClassFile.inlinedIn(debug, name).isEmpty();
    }

    @Override
    public MethodVisitor visitMethod(int access, String own, String descriptor, String signature, String[] exceptions) {
      hasCode |= ClassFile.hasCode(access);
      return null;
    }
  }
}
