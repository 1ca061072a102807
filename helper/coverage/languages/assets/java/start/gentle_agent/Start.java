// What -javaagent names. It starts the recorder in a class loader of its own, so that the program sees
// nothing of the JaCoCo and ASM that the recorder uses. It runs in Java 8 too, to tell that it cannot record there. No program
// ends for it that has a module with a package "gentle": Java would look for this class there.
package gentle_agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

public final class Start {
  private static boolean started; // the option may be there twice

  private Start() {}

  public static void premain(String arguments, Instrumentation instrumentation) {
    try {
      String hits = System.getenv("GENTLE_JAVA_HITS"); // which a security manager may forbid
      if (hits == null || hits.isEmpty() || started) {
        return;
      }
      started = true;
      if (System.getProperty("java.specification.version").startsWith("1.")) {
        throw new UnsupportedOperationException("it needs Java 11 or newer");
      }
      File folder = new File(Start.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParentFile();
      List<String> settings = Files.readAllLines(new File(folder, "settings").toPath(), StandardCharsets.UTF_8);
      List<URL> jars = new ArrayList<>();
      jars.add(new File(folder, "recorder.jar").toURI().toURL());
      for (String line : settings) {
        if (line.startsWith("jar ")) {
          jars.add(new File(line.substring(4)).toURI().toURL());
        }
      }
      ClassLoader loader = new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getSystemClassLoader().getParent());
      loader.loadClass("gentle_agent.Recorder").getMethod("start", Instrumentation.class, String.class, List.class)
          .invoke(null, instrumentation, hits, settings);
    } catch (Throwable error) {
      Throwable cause = error.getCause() == null ? error : error.getCause();
      System.err.println("gentle: warning: record Java: " + cause + ", continuing");
    }
  }
}
