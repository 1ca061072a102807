// The file of hits of a Java process, mapped into memory, and what instrumented classes call. A hit is in
// the kernel at once, so no end of the process can lose it, and no descriptor stays open.
//
// This class is defined within java.base, so that classes of every module and class loader see it.
//
// The file of hits holds words of 8 bytes in the order of the processor:
//   0     "GJVHITS1"
//   1, 2  what the recorder could not record (kLosses in languages/hits.cc), and its errno
//   8...  the number of a class << 48 | (number of a probe + 1); or 0
// Each class has places of its own, one for each probe.
//
// The file of names holds texts, each with a zero at its end:
//   "P <version> <Java's home>"
//   "L <number> <path>"                          a folder or jar that classes come from; <jar>!/<jar in it>
//   "C <number> <id> <probes> <location> <name>" a class; id: JaCoCo's, in hexadecimal digits
//   "N <location> <source>"                      classes that are not recorded, since the project has no such source;
//                                                "+<source>": they have copies of its inline functions
//   "U <reason> <location> <name>"               a class that is not recorded (text_of_reason() in report/java_gathering.cc)
package java.lang;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

public final class GentleHits {
  private static final int WORD = 8;
  private static final int HEADER = 8 * WORD;
  private static final int PAGE = 1 << 12;
  private static final int LARGEST_CHUNK = 1 << 16;
  private static final int MOST_CLASSES = 0xffff;
  private static final int MOST_PROBES = 0xffffff;

  private static final int NO_ROOM = 1;
  private static final int NO_NAME = 2;
  private static final int TOO_MANY = 3;

  private static final Map<Long, boolean[]> BY_ID = new HashMap<>();
  private static final IdentityHashMap<boolean[], ByteBuffer> PLACES = new IdentityHashMap<>();
  private static final IdentityHashMap<boolean[], Integer> NUMBERS = new IdentityHashMap<>();
  private static final Map<String, Integer> LOCATIONS = new HashMap<>();

  private static File folder;
  private static String start; // the first record of names
  private static File hits;
  private static File names;
  private static long size;
  private static ByteBuffer header;
  private static ByteBuffer chunk; // its position is the next free place

  private GentleHits() {}

  /** Instrumented code calls it in place of setting a probe. */
  public static void hit(boolean[] probes, int probe) {
    if (!probes[probe]) {
      first(probes, probe);
    }
  }

  /** Instrumented code asks for the probes of its class. */
  public static boolean[] probes(long id) {
    synchronized (BY_ID) {
      return BY_ID.get(id);
    }
  }

  /** The same, for a probe that is not set. */
  public static void first(boolean[] probes, int probe) {
    synchronized (BY_ID) {
      ByteBuffer place = PLACES.get(probes);
      // Two threads may come here for one probe: they write the same.
      place.putLong(probe * WORD, (long) NUMBERS.get(probes) << 48 | (probe + 1));
      probes[probe] = true;
    }
  }

  /** Where the files will be. They begin with the first class, or by begin(). */
  public static void open(File where, String version, String home) {
    folder = where;
    start = "P " + version + " " + home;
  }

  /** Throws if there is no place to write. */
  public static void begin() throws IOException {
    synchronized (BY_ID) {
      if (header != null) {
        return;
      }
      folder.mkdirs();
      String name = folder + "/java." + System.currentTimeMillis() + "." + System.nanoTime();
      names = new File(name + ".names");
      hits = new File(name + ".hits");
      append(start);
      header = grow(PAGE);
      chunk = header.duplicate().order(ByteOrder.nativeOrder());
      chunk.position(HEADER);
      byte[] magic = "GJVHITS1".getBytes(StandardCharsets.US_ASCII);
      ByteBuffer word = ByteBuffer.wrap(magic).order(ByteOrder.nativeOrder());
      header.putLong(0, word.getLong());
    }
  }

  /** Whether the class is recorded from now on: false if that is not possible, which is told. */
  public static boolean add(long id, String name, int count, String location) {
    synchronized (BY_ID) {
      if (BY_ID.containsKey(id)) {
        return true; // of another class loader
      }
      int number = BY_ID.size() + 1;
      if (number > MOST_CLASSES || count > MOST_PROBES) {
        return lose(TOO_MANY, null);
      }
      ByteBuffer place;
      try {
        begin();
        place = take(count);
      } catch (IOException error) {
        return lose(NO_ROOM, error);
      }
      try {
        append("C " + number + " " + Long.toHexString(id) + " " + count + " " + location(location) + " " + name);
      } catch (IOException error) {
        return lose(NO_NAME, error);
      }
      boolean[] probes = new boolean[count];
      PLACES.put(probes, place);
      NUMBERS.put(probes, number);
      BY_ID.put(id, probes);
      return true;
    }
  }

  /** A class that is not recorded, by the number of the reason. */
  public static void leaveOut(int reason, String name, String location) {
    note("U " + reason, location, name);
  }

  /** Classes of a source that the project does not have. */
  public static void pass(String source, String location) {
    note("N", location, source);
  }

  private static void note(String kind, String location, String name) {
    synchronized (BY_ID) {
      try {
        begin();
        append(kind + " " + location(location) + " " + name);
      } catch (IOException error) {
        lose(NO_NAME, error);
      }
    }
  }

  public static boolean lose(int loss, IOException error) {
    synchronized (BY_ID) {
      if (header != null && header.getLong(WORD) == 0) {
        header.putLong(2 * WORD, number(error));
        header.putLong(WORD, loss);
      }
      return false;
    }
  }

  // The errno that Java tells only by its text.
  private static int number(IOException error) {
    String text = error == null ? "" : String.valueOf(error.getMessage());
    return text.contains("No space left") ? 28 // ENOSPC
        : text.contains("File too large") ? 27 // EFBIG
        : text.contains("Too many open files") ? 24 // EMFILE
        : text.contains("Permission denied") ? 13 // EACCES
        : text.contains("Disk quota") ? 122 // EDQUOT
        : 0;
  }

  private static int location(String path) throws IOException {
    Integer known = LOCATIONS.get(path);
    if (known == null) {
      known = LOCATIONS.size() + 1;
      append("L " + known + " " + path);
      LOCATIONS.put(path, known);
    }
    return known;
  }

  // The JVM takes a name of a class with a zero in it.
  private static void append(String record) throws IOException {
    try (FileOutputStream out = new FileOutputStream(names, true)) {
      out.write((record.replace('\0', '?') + "\0").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static ByteBuffer take(int count) throws IOException {
    int bytes = count * WORD;
    if (chunk.remaining() < bytes) {
      // Small processes leave small files, and large ones do not open theirs for each class.
      int wanted = Math.max(bytes, (int) Math.min(size, LARGEST_CHUNK));
      chunk = grow((wanted + PAGE - 1) / PAGE * PAGE);
    }
    ByteBuffer rest = chunk.slice().order(ByteOrder.nativeOrder());
    chunk.position(chunk.position() + bytes);
    return rest;
  }

  // The zeros are written, so that the room is there: a mapped place without would kill the process.
  private static ByteBuffer grow(int bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(hits, "rw")) {
      file.seek(size);
      file.write(new byte[bytes]);
    }
    boolean interrupted = false;
    try {
      while (true) {
        try (RandomAccessFile file = new RandomAccessFile(hits, "rw")) {
          ByteBuffer map = file.getChannel().map(FileChannel.MapMode.READ_WRITE, size, bytes).order(ByteOrder.nativeOrder());
          size += bytes;
          return map;
        } catch (ClosedByInterruptException error) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
