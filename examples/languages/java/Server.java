// Server <port>: a server with what the JDK has.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

public final class Server {
  private Server() {}

  private static long steps(long number) {
    long count = 0; // ran
    while (number != 1) { // ran
      if (number % 2 == 0) { // ran
        number /= 2; // ran
      } else {
        number = 3 * number + 1; // ran
      }
      count++; // ran
    }
    return count; // ran
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(); // ran
    exchange.sendResponseHeaders(status, body.length); // ran
    exchange.getResponseBody().write(body); // ran
    exchange.close(); // ran
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String number = exchange.getRequestURI().getPath().replace("/steps/", ""); // ran
    if (!number.matches("[1-9][0-9]*")) { // ran
      send(exchange, 400, "not a positive number"); // not
      return; // not
    }
    send(exchange, 200, String.valueOf(steps(Long.parseLong(number)))); // ran
  }

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]); // ran
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0); // ran
    server.createContext("/steps/", Server::answer); // ran
    server.start(); // ran
  }
}
