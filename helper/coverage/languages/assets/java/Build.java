// Makes agent.jar and recorder.jar: java Build.java <sources> <output folder> <class path>
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

public final class Build {
  private Build() {}

  public static void main(String[] arguments) throws IOException {
    Path sources = Paths.get(arguments[0]);
    Path output = Paths.get(arguments[1]);
    Path recorder = output.resolve("recorder");
    Path agent = output.resolve("agent");
    // A class of java.base cannot be compiled for an older version with its library. It uses nothing newer.
    compile(sources.resolve("boot"), recorder, "--patch-module", "java.base=" + sources.resolve("boot"), "-source", "11",
        "-target", "11", "-Xlint:-options");
    compile(sources.resolve("recorder"), recorder, "--release", "11", "-cp", recorder + File.pathSeparator + arguments[2]);
    // It has to run in a Java that is too old, to tell so. The newest compilers know none that old.
    if (!tryCompile(sources.resolve("start"), agent, "--release", "8", "-Xlint:-options")) {
      compile(sources.resolve("start"), agent, "--release", "11");
    }
    pack(recorder, output.resolve("recorder.jar"), new Manifest());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", "gentle_agent.Start");
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    pack(agent, output.resolve("agent.jar"), manifest);
  }

  private static void compile(Path sources, Path output, String... options) throws IOException {
    if (!tryCompile(sources, output, options)) {
      System.exit(1);
    }
  }

  private static boolean tryCompile(Path sources, Path output, String... options) throws IOException {
    // Strings that are put together by invokedynamic make the start of a program slow.
    List<String> all = new ArrayList<>(
        Arrays.asList("-nowarn", "-proc:none", "-XDstringConcat=inline", "-encoding", "UTF-8", "-d", output.toString()));
    all.addAll(Arrays.asList(options));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      return compiler.getTask(null, files, null, all, null, files.getJavaFileObjectsFromFiles(
          below(sources).stream().map(Path::toFile).collect(Collectors.toList()))).call();
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
  }

  private static void pack(Path folder, Path jar, Manifest manifest) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar); JarOutputStream packed = new JarOutputStream(out, manifest)) {
      for (Path path : below(folder)) {
        packed.putNextEntry(new ZipEntry(folder.relativize(path).toString()));
        Files.copy(path, packed);
      }
    }
  }
}
