// The classes that processes have loaded, as they were then, and those in the folders and jars of these.
package gentle_agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

final class ClassFiles {
  static final String NESTED = "!/"; // in the location of a jar within a jar
  private static final String CLASS = ".class";

  private final Path kept;
  private final Map<String, List<ClassFile>> known = new HashMap<>(); // by location

  ClassFiles(Path kept) {
    this.kept = kept;
  }

  /** By its id, in hexadecimal digits; null if it is gone. */
  ClassFile find(String id, String location, String name) {
    long number = Long.parseUnsignedLong(id, 16);
    for (ClassFile file : isNested(location) ? Collections.<ClassFile>emptyList() : in(location)) {
      if (file.id == number) {
        return file;
      }
    }
    Path path = kept.resolve(id + CLASS);
    try {
      ClassFile file = new ClassFile(Files.readAllBytes(path), name, Files.getLastModifiedTime(path).toMillis(), false);
      return file.id == number ? file : null;
    } catch (IOException error) {
      return null;
    }
  }

  /** Of a class that could not be recorded: by its file, or else by its name. */
  String nameOfSource(String location, String name) {
    for (ClassFile file : in(location)) {
      if (file.name.equals(name) && file.source != null) {
        return file.source;
      }
    }
    int inner = name.indexOf('$', name.lastIndexOf('/') + 2);
    return (inner < 0 ? name : name.substring(0, inner)) + ".java";
  }

  /** A program in one jar has many, nearly all of libraries: only those of the project are worth reading as a whole. */
  static boolean isNested(String location) {
    return location.contains(NESTED) && !Files.exists(Paths.get(location));
  }

  List<ClassFile> in(String location) {
    return known.computeIfAbsent(location, place -> {
      Path path = Paths.get(place);
      try {
        return isNested(place) ? inNestedJar(place) : Files.isDirectory(path) ? inFolder(path) : inJar(path);
      } catch (IOException | java.io.UncheckedIOException error) {
        return Collections.emptyList(); // it is gone, or a source that Java has compiled by itself
      }
    });
  }

  private static List<ClassFile> inFolder(Path folder) throws IOException {
    List<ClassFile> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(one -> isClass(folder.relativize(one).toString())).collect(Collectors.toList())) {
        if (Files.isRegularFile(path)) {
          files.add(new ClassFile(Files.readAllBytes(path), withoutEnding(folder.relativize(path).toString()),
              Files.getLastModifiedTime(path).toMillis(), true));
        }
      }
    }
    return files;
  }

  private static List<ClassFile> inJar(Path jar) throws IOException {
    List<ClassFile> files = new ArrayList<>();
    long modified = Files.getLastModifiedTime(jar).toMillis();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (isClass(entry.getName())) {
          try (InputStream in = zip.getInputStream(entry)) {
            files.add(new ClassFile(in.readAllBytes(), withoutEnding(entry.getName()), modified, true));
          }
        }
      }
    }
    return files;
  }

  private static List<ClassFile> inNestedJar(String location) throws IOException {
    List<ClassFile> files = new ArrayList<>();
    int inner = location.indexOf(NESTED);
    Path jar = Paths.get(location.substring(0, inner));
    long modified = Files.getLastModifiedTime(jar).toMillis();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry nested = zip.getEntry(location.substring(inner + NESTED.length()));
      if (nested == null) {
        return files;
      }
      try (ZipInputStream in = new ZipInputStream(zip.getInputStream(nested))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          if (isClass(entry.getName())) {
            files.add(new ClassFile(in.readAllBytes(), withoutEnding(entry.getName()), modified, true));
          }
        }
      }
    }
    return files;
  }

  // Not of those for newer versions of Java: which of these runs, a process has told.
  private static boolean isClass(String name) {
    return name.endsWith(CLASS) && !name.startsWith("META-INF/versions/") && !name.endsWith("module-info.class");
  }

  private static String withoutEnding(String name) {
    return name.substring(0, name.length() - CLASS.length());
  }
}
