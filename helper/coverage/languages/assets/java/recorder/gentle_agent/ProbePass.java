// Has the probes of JaCoCo call GentleHits. JaCoCo sets a probe by
//   ALOAD <its variable>; push <number>; ICONST_1; BASTORE
// where the variable is what a method stores the probes of its class in, before all else. In its place comes
//   if (!variable[number]) GentleHits.first(variable, number)
// The compiler of the JVM sees at each place that the call is never done again, and drops it. Within a method that
// all places call, it could not.
package gentle_agent;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jacoco.core.internal.data.CRC64;
import org.jacoco.core.internal.flow.ClassProbesAdapter;
import org.jacoco.core.internal.instr.ClassInstrumenter;
import org.jacoco.core.internal.instr.IProbeArrayStrategy;
import org.jacoco.core.internal.instr.InstrSupport;
import org.jacoco.core.internal.instr.ProbeArrayStrategyFactory;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;

final class ProbePass extends ClassVisitor {
  private static final int API = Opcodes.ASM9;
  private static final int NONE = -1;
  // Of a method. What is longer than 8000 bytes the JVM does not compile: the other probes of a long one are calls.
  private static final int MOST_CHECKS = 100;

  private final BitSet found = new BitSet();
  private final boolean hasFrames;
  private String owner;

  private ProbePass(ClassVisitor next, boolean hasFrames) {
    super(API, next);
    this.hasFrames = hasFrames;
  }

  /**
   * Does what JaCoCo's Instrumenter does, and in the same pass what the head of this file tells: to read the result of that anew would
   * take more than half as long again. Throws if not every probe is found: one that is not recorded would count as not executed.
   */
  static byte[] apply(byte[] bytes, Recorder.Accessor accessor) {
    ClassReader reader = InstrSupport.classReaderFor(bytes);
    int version = InstrSupport.getMajorVersion(reader);
    ClassWriter writer = new ClassWriter(reader, 0);
    ProbePass pass = new ProbePass(writer, version >= Opcodes.V1_7); // one of 1.6 may have no frames
    IProbeArrayStrategy strategy = ProbeArrayStrategyFactory.createFor(CRC64.classId(bytes), reader, accessor);
    ClassInstrumenter instrumenter = new ClassInstrumenter(strategy, pass);
    reader.accept(new ClassProbesAdapter(instrumenter, InstrSupport.needsFrames(version)), ClassReader.EXPAND_FRAMES);
    if (pass.found.cardinality() != accessor.count || pass.found.length() != accessor.count) {
      throw new IllegalStateException("found " + pass.found.cardinality() + " of " + accessor.count + " probes");
    }
    return writer.toByteArray();
  }

  @Override
  public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
    owner = name;
    super.visit(version, access, name, signature, parent, interfaces);
  }

  @Override
  public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    return new Method(new AnalyzerAdapter(owner, access, name, descriptor, next));
  }

  /** As visitFrame takes it: there a long is one value. */
  private static Object[] typesOf(List<Object> slots) {
    List<Object> types = new ArrayList<>();
    for (int i = 0; i < slots.size(); ++i) {
      types.add(slots.get(i));
      if (slots.get(i) == Opcodes.LONG || slots.get(i) == Opcodes.DOUBLE) {
        ++i;
      }
    }
    return types.toArray();
  }

  private final class Method extends MethodVisitor {
    private boolean pushesProbes; // the last instruction has left them on the stack
    private int variable = NONE;
    private int held; // instructions of a probe that were seen and not passed on
    private int probe;
    private final AnalyzerAdapter state;
    private int checks;
    private Object[] frameLocals; // of a frame to write before the next instruction; null: none
    private Object[] frameStack;

    Method(AnalyzerAdapter next) {
      super(API, next);
      state = next;
    }

    // Two frames may not be at one place.
    private void flushFrame() {
      if (frameLocals != null) {
        Object[] locals = frameLocals;
        frameLocals = null;
        super.visitFrame(Opcodes.F_NEW, locals.length, locals, frameStack.length, frameStack);
      }
    }

    private void record() {
      boolean checks = hasFrames && state.locals != null && ++this.checks <= MOST_CHECKS;
      Label end = new Label();
      if (checks) {
        super.visitVarInsn(Opcodes.ALOAD, variable);
        push();
        super.visitInsn(Opcodes.BALOAD);
        super.visitJumpInsn(Opcodes.IFNE, end);
      }
      super.visitVarInsn(Opcodes.ALOAD, variable);
      push();
      super.visitMethodInsn(Opcodes.INVOKESTATIC, Recorder.HITS, checks ? "first" : "hit", "([ZI)V", false);
      if (checks) {
        super.visitLabel(end);
        frameLocals = typesOf(state.locals);
        frameStack = typesOf(state.stack);
      }
    }

    // What looked like a probe was none.
    private void flush() {
      flushFrame();
      flushHeld();
    }

    private void flushHeld() {
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
        flushFrame();
        record();
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
      flushHeld();
      super.visitLabel(label);
    }

    @Override
    public void visitFrame(int type, int locals, Object[] local, int stacks, Object[] stack) {
      flushHeld();
      frameLocals = null;
      super.visitFrame(type, locals, local, stacks, stack);
    }

    @Override
    public void visitLineNumber(int line, Label start) {
      flushHeld();
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
