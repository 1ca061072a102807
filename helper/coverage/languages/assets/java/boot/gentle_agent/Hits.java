// What the recorder calls of GentleHits, which only java.base has, and only when the recorder has put it there. It is compiled
// beside that class: calls by method handles would take a third of the start of the recorder.
package gentle_agent;

import java.io.File;
import java.io.IOException;

final class Hits {
  private Hits() {}

  static void open(File where, String version, String home) {
    GentleHits.open(where, version, home);
  }

  static void begin() throws IOException {
    GentleHits.begin();
  }

  static boolean add(long id, String name, int count, String location) {
    return GentleHits.add(id, name, count, location);
  }

  static void leaveOut(int reason, String name, String location) {
    GentleHits.leaveOut(reason, name, location);
  }

  static void pass(String source, String location) {
    GentleHits.pass(source, location);
  }

  static void lose(int loss, IOException error) {
    GentleHits.lose(loss, error);
  }
}
