// What ProbeSets has found of each class, as text of the answer; kept for the next report, since most classes are the
// same then. It lies beside the compiled recorder, which is compiled anew for another JaCoCo: that may count otherwise.
package gentle;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

final class KnownSets {
  static final class Entry {
    final int probes;
    final String text;

    Entry(int probes, String text) {
      this.probes = probes;
      this.text = text;
    }
  }

  private final Path file;
  private final Map<Long, Entry> before = new HashMap<>();
  private final Map<Long, Entry> used = new ConcurrentHashMap<>(); // the others are dropped

  private KnownSets(Path file) {
    this.file = file;
  }

  static KnownSets ofThisRecorder() {
    Path jar = Paths.get(URI.create(KnownSets.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    KnownSets known = new KnownSets(jar.resolveSibling("probe-sets"));
    try (InputStream file = Files.newInputStream(known.file); DataInputStream in = new DataInputStream(new BufferedInputStream(file))) {
      while (in.available() > 0) {
        long id = in.readLong();
        int probes = in.readInt();
        known.before.put(id, new Entry(probes, new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8)));
      }
    } catch (IOException | RuntimeException error) {
      known.before.clear(); // there is none yet, or it is damaged
    }
    return known;
  }

  Entry of(ClassFile type, Function<ClassFile, Entry> find) {
    Entry entry = before.get(type.id);
    entry = entry == null ? find.apply(type) : entry;
    used.put(type.id, entry);
    return entry;
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
    try (OutputStream file = Files.newOutputStream(whole); DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file))) {
      for (Map.Entry<Long, Entry> one : new TreeMap<>(used).entrySet()) {
        byte[] text = one.getValue().text.getBytes(StandardCharsets.UTF_8);
        out.writeLong(one.getKey());
        out.writeInt(one.getValue().probes);
        out.writeInt(text.length);
        out.write(text);
      }
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
