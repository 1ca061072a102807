// Server <port> <end>: serves until it is told to stop, and ends as asked. Behind //: stand the ends that execute
// the line, //: - for none; a line without it is executed by all. A line counts when it is done: JaCoCo sees no call
// that does not return.
package ENDS;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

public class Server { //: -
  private static final CountDownLatch TOLD = new CountDownLatch(1);

  interface Kind {
    default int weight(int number) {
      return number % 3 == 0 ? 1 : number;
    }
  }

  enum Answer implements Kind {
    SHORT, LONG
  }

  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.CLASS)
  @interface Generated {}

  @Generated
  static int leftOut() {
    return 2;
  }

  static int work(String path) {
    int total = 0;
    for (int i = 0; i < 100; i++) {
      total += path.length() > 3 && i > 5 ? i : Answer.LONG.weight(i);
    }
    if (path.equals("/never")) {
      return -1; //: -
    }
    return total;
  }

  static int unused() {
    return 1; //: -
  }

  static void answer(HttpExchange exchange) {
    try {
      byte[] text = String.valueOf(work(exchange.getRequestURI().getPath())).getBytes();
      exchange.sendResponseHeaders(200, text.length);
      exchange.getResponseBody().write(text);
    } catch (IOException error) { //: -
      throw new IllegalStateException(error); //: -
    } finally {
      exchange.close();
    }
  }

  static void inThreads() throws InterruptedException {
    List<Thread> all = new ArrayList<>(); //: threads
    for (int i = 0; i < 8; i++) { //: threads
      int number = i; //: threads
      all.add(new Thread(() -> { //: threads
        for (int turn = 0; turn < 1000; turn++) { //: threads
          if (number == 7 && turn == 999) { //: threads
            System.out.println("last"); //: threads
          }
        }
      })); //: threads
    }
    for (Thread thread : all) { //: threads
      thread.start(); //: threads
    } //: threads
    for (Thread thread : all) { //: threads
      thread.join(); //: threads
    } //: threads
  } //: threads

  static void startChild(String port, String end) throws IOException, InterruptedException {
    String java = System.getProperty("java.home") + "/bin/java"; //: parents
    Process child = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), end + ".Server", port, "inner").start(); //: parents
    BufferedReader told = new BufferedReader(new InputStreamReader(child.getInputStream())); //: parents
    System.out.println(told.readLine() + told.readLine()); //: parents
    if (end.equals("stopped")) { //: parents
      stop(child.pid()); //: stopped
    }
    child.destroyForcibly(); //: parents
  } //: parents

  static void stop(long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-STOP", String.valueOf(pid)).start().waitFor(); //: stopped
    // It is `t` while it is traced.
    Path state = Path.of("/proc/" + pid + "/stat"); //: stopped
    while (!Files.readString(state).matches("(?s).*\\) [Tt] .*")) Thread.onSpinWait(); //: stopped
  } //: stopped

  static void leave(String end) throws Exception {
    switch (end) { //: leaving
      case "exit":
        System.exit(0); //: -
        break; //: -
      case "halt":
        Runtime.getRuntime().halt(0); //: -
        break; //: -
      case "segv":
        Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe"); //: segv
        field.setAccessible(true); //: segv
        ((sun.misc.Unsafe) field.get(null)).putAddress(0, 0); //: -
        break; //: -
      case "abort": // The shell reads until the signal has closed its pipe, so that nothing runs after the line.
        new ProcessBuilder("sh", "-c", "kill -ABRT $PPID; read nothing").start().waitFor(); //: -
        break; //: -
      case "uncaught":
        throw new IllegalStateException("uncaught"); //: uncaught
      default:
        System.out.println("clean"); //: clean
    }
  } //: clean

  public static void main(String[] arguments) throws Exception {
    String end = arguments[1];
    if (end.equals("threads")) {
      inThreads(); //: threads
    }
    if (end.equals("inner")) {
      for (int i = 0; i < 2; i++) System.out.println("started"); //: parents
      Thread.sleep(1000000); //: -
    }
    if (end.equals("child") || end.equals("stopped")) {
      startChild(arguments[0], end); //: parents
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 0);
    server.createContext("/", Server::answer);
    ExecutorService threads = Executors.newFixedThreadPool(1);
    server.setExecutor(threads);
    if (!end.startsWith("sig") && !end.equals("threads")) {
      sun.misc.Signal.handle(new sun.misc.Signal("TERM"), signal -> TOLD.countDown()); //: leaving parents
    }
    server.start();
    TOLD.await(); //: leaving
    server.stop(0); //: leaving
    threads.shutdown(); //: leaving
    leave(end); //: clean
  } //: clean
}
