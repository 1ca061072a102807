// A class file, as far as it tells of itself.
package gentle_agent;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jacoco.core.internal.data.CRC64;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

final class ClassFile {
  final byte[] bytes;
  final long id;
  final long modified;
  final boolean isThere; // in its folder or jar, and not only kept
  String name;
  String source; // with the folder of its package; null: it tells none
  boolean hasCode;
  boolean hasLines; // or needs none, as what the compiler has made by itself
  boolean isTooNew;
  Set<String> inlined = Collections.emptySet(); // other classes, of which Kotlin's compiler has copied inline functions

  ClassFile(byte[] bytes, String name, long modified, boolean isThere) {
    this.bytes = bytes;
    this.name = name;
    this.modified = modified;
    this.isThere = isThere;
    id = CRC64.classId(bytes);
    try {
      new ClassReader(bytes).accept(new Reader(), ClassReader.SKIP_FRAMES);
    } catch (IllegalArgumentException error) {
      isTooNew = true;
    }
  }

  boolean isWithoutLines() {
    return hasCode && (source == null || !hasLines);
  }

  /** Whether a file may be called so: compilers write one, but a class file can hold anything. */
  static boolean isName(String file) {
    return file != null && !file.isEmpty() && file.indexOf('\0') < 0;
  }

  /** Of a method. */
  static boolean hasCode(int access) {
    return (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
  }

  // By the name of each other class: its files. A source map (JSR 45) names each file in a line of "+ <number> <name>"; its class,
  // as Kotlin says, is the next line.
  static Map<String, Set<String>> inlinedIn(String map, String name) {
    Map<String, Set<String>> inlined = new HashMap<>();
    String file = null;
    for (String line : (map == null ? "" : map).split("\n")) {
      if (file != null && !line.equals(name)) {
        if (!inlined.containsKey(line)) {
          inlined.put(line, new HashSet<>());
        }
        inlined.get(line).add(file);
      }
      file = line.startsWith("+ ") ? line.substring(line.indexOf(' ', 2) + 1) : null;
    }
    return inlined;
  }

  private final class Reader extends ClassVisitor {
    Reader() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(int version, int access, String own, String signature, String parent, String[] interfaces) {
      name = own;
      hasLines = (access & Opcodes.ACC_SYNTHETIC) != 0;
    }

    @Override
    public void visitSource(String file, String debug) {
      if (isName(file)) {
        source = name.substring(0, name.lastIndexOf('/') + 1) + file;
      }
      inlined = inlinedIn(debug, name).keySet();
    }

    @Override
    public MethodVisitor visitMethod(int access, String own, String descriptor, String signature, String[] exceptions) {
      hasCode |= hasCode(access);
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitLineNumber(int line, Label start) {
          hasLines = true;
        }
      };
    }
  }
}
