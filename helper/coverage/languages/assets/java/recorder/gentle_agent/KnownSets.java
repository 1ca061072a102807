// What ProbeSets has found of each class; kept for the next report, since most classes are the
// same then. It lies beside the compiled recorder, which is compiled anew for another JaCoCo: that may count otherwise.
package gentle_agent;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

final class KnownSets {
  private final Path file;
  private final Map<Long, ProbeSets> before = new HashMap<>();
  private final Map<Long, ProbeSets> used = new ConcurrentHashMap<>(); // the others are dropped

  private KnownSets(Path file) {
    this.file = file;
  }

  static KnownSets ofThisRecorder() {
    Path jar = Paths.get(URI.create(KnownSets.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    KnownSets known = new KnownSets(jar.resolveSibling("probe-sets"));
    try (InputStream file = Files.newInputStream(known.file); DataInputStream in = new DataInputStream(new BufferedInputStream(file))) {
      while (in.available() > 0) {
        known.before.put(in.readLong(), readSets(in));
      }
    } catch (IOException | RuntimeException error) {
      known.before.clear(); // there is none yet, or it is damaged
    }
    return known;
  }

  ProbeSets of(ClassFile type) {
    return used.computeIfAbsent(type.id, id -> before.containsKey(id) ? before.get(id) : ProbeSets.of(type));
  }

  void save() {
    if (before.keySet().equals(used.keySet())) {
      return;
    }
    try {
      write();
    } catch (IOException error) {
      // The next report finds them again.
    }
  }

  // As a whole: another report may read it, and this one may be killed.
  private void write() throws IOException {
    Path whole = Files.createTempFile(file.getParent(), "probe-sets", "");
    try {
      writeAll(whole);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private void writeAll(Path whole) throws IOException {
    try (OutputStream file = Files.newOutputStream(whole); DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file))) {
      for (Map.Entry<Long, ProbeSets> one : new TreeMap<>(used).entrySet()) {
        out.writeLong(one.getKey());
        writeSets(one.getValue(), out);
      }
    }
  }

  private static void writeSets(ProbeSets sets, DataOutputStream out) throws IOException {
    out.writeInt(sets.probes);
    out.writeInt(sets.lines.size());
    for (Map.Entry<Integer, ProbeSets.Line> line : sets.lines.entrySet()) {
      out.writeInt(line.getKey());
      writeSet(line.getValue().executed, out);
      out.writeInt(line.getValue().branches.size());
      for (BitSet branch : line.getValue().branches) {
        writeSet(branch, out);
      }
    }
    out.writeInt(sets.methods.size());
    for (ProbeSets.Method method : sets.methods) {
      out.writeUTF(method.name);
      out.writeInt(method.first);
      out.writeInt(method.last);
      writeSet(method.executed, out);
    }
    out.writeInt(sets.copies.size());
    for (Map.Entry<String, Map<Integer, BitSet>> copy : sets.copies.entrySet()) {
      out.writeUTF(copy.getKey());
      out.writeInt(copy.getValue().size());
      for (Map.Entry<Integer, BitSet> line : copy.getValue().entrySet()) {
        out.writeInt(line.getKey());
        writeSet(line.getValue(), out);
      }
    }
  }

  private static ProbeSets readSets(DataInputStream in) throws IOException {
    ProbeSets sets = new ProbeSets(in.readInt());
    for (int left = in.readInt(); left > 0; --left) {
      ProbeSets.Line line = sets.line(in.readInt());
      line.executed.or(readSet(in));
      for (int branches = in.readInt(); branches > 0; --branches) {
        line.branches.add(readSet(in));
      }
    }
    for (int left = in.readInt(); left > 0; --left) {
      ProbeSets.Method method = new ProbeSets.Method(in.readUTF(), in.readInt(), in.readInt());
      method.executed.or(readSet(in));
      sets.methods.add(method);
    }
    for (int left = in.readInt(); left > 0; --left) {
      Map<Integer, BitSet> copy = sets.copies.computeIfAbsent(in.readUTF(), name -> new TreeMap<>());
      for (int lines = in.readInt(); lines > 0; --lines) {
        copy.put(in.readInt(), readSet(in));
      }
    }
    return sets;
  }

  private static void writeSet(BitSet set, DataOutputStream out) throws IOException {
    byte[] bytes = set.toByteArray();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static BitSet readSet(DataInputStream in) throws IOException {
    return BitSet.valueOf(in.readNBytes(in.readInt()));
  }
}
