// Has the probes of JaCoCo call GentleHits.hit. JaCoCo sets a probe by
//   ALOAD <its variable>; push <number>; ICONST_1; BASTORE
// where the variable is what a method stores the probes of its class in, before all else.
package gentle;

import java.util.BitSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

final class ProbePass extends ClassVisitor {
  private static final int API = Opcodes.ASM9;
  private static final int NONE = -1;

  private final BitSet found = new BitSet();

  private ProbePass(ClassVisitor next) {
    super(API, next);
  }

  /** Throws if not every probe is found: one that is not recorded would count as not executed. */
  static byte[] apply(byte[] instrumented, int count) {
    ClassReader reader = new ClassReader(instrumented);
    ClassWriter writer = new ClassWriter(reader, 0);
    ProbePass pass = new ProbePass(writer);
    reader.accept(pass, 0);
    if (pass.found.cardinality() != count || pass.found.length() != count) {
      throw new IllegalStateException("found " + pass.found.cardinality() + " of " + count + " probes");
    }
    return writer.toByteArray();
  }

  @Override
  public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
    return new Method(super.visitMethod(access, name, descriptor, signature, exceptions));
  }

  private final class Method extends MethodVisitor {
    private boolean pushesProbes; // the last instruction has left them on the stack
    private int variable = NONE;
    private int held; // instructions of a probe that were seen and not passed on
    private int probe;

    Method(MethodVisitor next) {
      super(API, next);
    }

    // What looked like a probe was none.
    private void flush() {
      pushesProbes = false;
      int count = held;
      held = 0;
      if (count > 0) {
        super.visitVarInsn(Opcodes.ALOAD, variable);
      }
      if (count > 1) {
        push();
      }
      if (count > 2) {
        super.visitInsn(Opcodes.ICONST_1);
      }
    }

    private void push() {
      if (probe <= 5) {
        super.visitInsn(Opcodes.ICONST_0 + probe);
      } else if (probe <= Byte.MAX_VALUE) {
        super.visitIntInsn(Opcodes.BIPUSH, probe);
      } else if (probe <= Short.MAX_VALUE) {
        super.visitIntInsn(Opcodes.SIPUSH, probe);
      } else {
        super.visitLdcInsn(probe);
      }
    }

    private boolean takesNumber(int number) {
      if (held != 1) {
        return false;
      }
      probe = number;
      held = 2;
      return true;
    }

    @Override
    public void visitVarInsn(int opcode, int index) {
      boolean stores = pushesProbes && variable == NONE && opcode == Opcodes.ASTORE;
      flush();
      if (opcode == Opcodes.ALOAD && index == variable) {
        held = 1;
        return;
      }
      super.visitVarInsn(opcode, index);
      if (stores) {
        variable = index;
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (held == 2 && opcode == Opcodes.ICONST_1) {
        held = 3;
      } else if (held == 3 && opcode == Opcodes.BASTORE) {
        held = 0;
        found.set(probe);
        super.visitVarInsn(Opcodes.ALOAD, variable);
        push();
        super.visitMethodInsn(Opcodes.INVOKESTATIC, Recorder.HITS, "hit", "([ZI)V", false);
      } else if (opcode < Opcodes.ICONST_0 || opcode > Opcodes.ICONST_5 || !takesNumber(opcode - Opcodes.ICONST_0)) {
        flush();
        super.visitInsn(opcode);
      }
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      if (opcode == Opcodes.NEWARRAY || !takesNumber(operand)) {
        flush();
        super.visitIntInsn(opcode, operand);
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      if (value instanceof Integer && takesNumber((Integer) value)) {
        return;
      }
      flush();
      super.visitLdcInsn(value);
      pushesProbes = value instanceof ConstantDynamic && ((ConstantDynamic) value).getName().equals("$jacocoData");
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
      flush();
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      pushesProbes = name.equals("$jacocoInit") || owner.equals(Recorder.HITS);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      boolean casts = pushesProbes && opcode == Opcodes.CHECKCAST;
      flush();
      super.visitTypeInsn(opcode, type);
      pushesProbes = casts;
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      flush();
      super.visitFieldInsn(opcode, owner, name, descriptor);
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
      flush();
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      flush();
      super.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitLabel(Label label) {
      flush();
      super.visitLabel(label);
    }

    @Override
    public void visitFrame(int type, int locals, Object[] local, int stacks, Object[] stack) {
      flush();
      super.visitFrame(type, locals, local, stacks, stack);
    }

    @Override
    public void visitLineNumber(int line, Label start) {
      flush();
      super.visitLineNumber(line, start);
    }

    @Override
    public void visitIincInsn(int index, int increment) {
      flush();
      super.visitIincInsn(index, increment);
    }

    @Override
    public void visitTableSwitchInsn(int low, int high, Label other, Label... labels) {
      flush();
      super.visitTableSwitchInsn(low, high, other, labels);
    }

    @Override
    public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
      flush();
      super.visitLookupSwitchInsn(other, keys, labels);
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
      flush();
      super.visitMultiANewArrayInsn(descriptor, dimensions);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
      flush();
      super.visitMaxs(stack, locals);
    }
  }
}
