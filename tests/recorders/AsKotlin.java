// AsKotlin <folder of classes> <class> <file> <source map>: has a class look as if Kotlin's compiler had made it of that file.
// An empty <source map>: none.
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

public final class AsKotlin {
  public static void main(String[] arguments) throws Exception {
    Path path = Paths.get(arguments[0], arguments[1] + ".class");
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(Files.readAllBytes(path)).accept(new ClassVisitor(Opcodes.ASM9, writer) {
      @Override
      public void visitSource(String file, String map) {
        super.visitSource(arguments[2], arguments[3].isEmpty() ? null : arguments[3]);
        super.visitAnnotation("Lkotlin/Metadata;", true).visitEnd();
      }
    }, 0);
    Files.write(path, writer.toByteArray());
  }
}
