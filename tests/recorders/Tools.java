// javac and jar in one JVM, which is warm after the first call. A line each: the tool and its arguments, with tabs between them.
// The answer is a line, too: the exit code, and what the tool says.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.spi.ToolProvider;

public final class Tools {
  public static void main(String[] none) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t");
      ToolProvider tool = ToolProvider.findFirst(words[0]).get();
      StringWriter told = new StringWriter();
      PrintWriter out = new PrintWriter(told);
      int code = tool.run(out, out, Arrays.copyOfRange(words, 1, words.length));
      out.flush();
      System.out.println(code + "\t" + told.toString().replace('\n', '\t'));
    }
  }
}
