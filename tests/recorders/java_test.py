"""The recorder of COVERAGE java leaves the program as it is, and no end of the process loses what it executed."""

import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import told_skips

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "helper/coverage/languages/assets/java"
JACOCO = Path(os.environ.get("GENTLE_TEST_JACOCO", "/nowhere"))
CORE = sorted(JACOCO.glob("org.jacoco.core-*.jar"))
PICKED_UP = re.compile("^Picked up JAVA_TOOL_OPTIONS: .*\n", re.MULTILINE)
HEADER = 64
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # as gentle starts its own programs in Java
HELLO = 'package p;\npublic class Hello {\n  public static void main(String[] all) {\n    System.out.println("hello");\n  }\n}\n'
# An inline function of Kotlin, and two programs that have a copy of it at their lines 101 to 104.
UTILS = """package lib;
public class UtilsKt {
  static int twice(int x) {
    if (x > 0) {
      return 2 * x;
    }
    return 0;
  }
  static int other(int x) {
    return x > 1 ? 1 : 0;
  }
}
"""
PROGRAM = "package app;\npublic class MainKt {\n  public static void main(String[] all) {\n    int x = all.length;\n" + "\n" * 96 + """    if (x > 0) {
      x = 2 * x;
    }
    x = 0;
    System.out.println(x);
  }
}
"""
MAP = "SMAP\nMain.kt\nKotlin\n*S Kotlin\n*F\n+ 1 Main.kt\napp/MainKt\n+ 2 Utils.kt\nlib/UtilsKt\n*L\n1#1,50:1\n{}#2,{}:101\n*E\n"
# Main <jar> (<URL of a jar in it> <its entry> <class>)...: runs the classes, whose code source is that URL.
NESTED = """import java.net.*;
import java.security.*;
import java.util.zip.*;
public class Main extends SecureClassLoader {
  static URL url(String text) throws Exception {
    return new URL(null, text, new URLStreamHandler() {
      protected URLConnection openConnection(URL url) { return null; }
      protected void parseURL(URL url, String spec, int start, int limit) {
        setURL(url, url.getProtocol(), null, -1, null, null, spec.substring(start), null, null);
      }
    });
  }
  static byte[] bytes(String jar, String inner, String name) throws Exception {
    try (ZipFile zip = new ZipFile(jar); ZipInputStream in = new ZipInputStream(zip.getInputStream(zip.getEntry(inner)))) {
      while (!in.getNextEntry().getName().equals(name + ".class")) {}
      return in.readAllBytes();
    }
  }
  public static void main(String[] all) throws Exception {
    for (int i = 1; i < all.length; i += 3) {
      byte[] bytes = bytes(all[0], all[i + 1], all[i + 2]);
      CodeSource source = new CodeSource(url(all[i]), (CodeSigner[]) null);
      new Main().defineClass(all[i + 2].replace('/', '.'), bytes, 0, bytes.length, source).getMethod("main", String[].class).invoke(null, (Object) all);
    }
  }
}
"""


@unittest.skipUnless(CORE and shutil.which("javac"), "no JDK, or no JaCoCo (tests/projects/install_jacoco.py)")
class Recorder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = Path(tempfile.mkdtemp()).resolve()
        cls.addClassCleanup(shutil.rmtree, cls.made)
        cls.jars = [*CORE, *sorted(JACOCO.glob("asm*.jar"))]
        path = ":".join(map(str, cls.jars))
        subprocess.run(["java", *BRIEF, SOURCES / "Build.java", SOURCES, cls.made, path], check=True, stdin=subprocess.DEVNULL)
        cls.tools = subprocess.Popen(["java", *BRIEF, HERE / "Tools.java"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL, text=True, encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"})
        cls.addClassCleanup(cls.tools.communicate)
        cls.programs = Path(tempfile.mkdtemp()).resolve()
        cls.addClassCleanup(shutil.rmtree, cls.programs)

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp()).resolve()
        self.addCleanup(shutil.rmtree, self.folder)
        self.place(self.folder)

    def place(self, folder):
        self.recorder = folder / "recorder"
        shutil.copytree(self.made, self.recorder)
        self.hits, self.kept, self.classes = folder / "hits", folder / "kept", folder / "classes"
        lines = [*(f"jar {jar}" for jar in self.jars), f"root {folder}", f"not {self.recorder}", f"keep {self.kept}"]
        (self.recorder / "settings").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def write(self, name, text):
        path = self.folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def tool(self, *words):
        """javac, or jar: in one JVM for all tests, as each start of javac takes a second of the processor."""
        self.tools.stdin.write("\t".join(map(str, words)) + "\n")
        self.tools.stdin.flush()
        code, _, told = self.tools.stdout.readline().partition("\t")
        self.assertEqual(code, "0", f"{words}: {told}")

    def compile(self, name, text, *options):
        self.tool("javac", "-nowarn", "-d", self.classes, *options, self.write(name, text))

    def environment(self, recorded):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("JAVA_", "JDK_", "GENTLE_"))}
        environment["LC_ALL"] = "C.UTF-8"
        if recorded:
            word = "'" + f"-javaagent:{self.recorder}/agent.jar".replace("'", "'\"'\"'") + "'"
            environment["JAVA_TOOL_OPTIONS"] = " ".join([word] * recorded)
            environment["GENTLE_JAVA_HITS"] = str(self.hits)
        return environment

    def run_java(self, *arguments, recorded=1, code=0, program="java", **more):
        result = subprocess.run([program, *map(str, arguments)], env=self.environment(recorded), capture_output=True, text=True, check=False,
                                cwd=self.folder, stdin=subprocess.DEVNULL, **more)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout, PICKED_UP.sub("", result.stderr)

    def run_class(self, name, *arguments, **more):
        return self.run_java("-cp", self.classes, name, *arguments, **more)

    def records(self):
        texts = [path.read_bytes() for path in sorted(self.hits.rglob("*.names"))]
        return [record.decode() for text in texts for record in text.split(b"\0")[:-1]]

    def loss(self):
        (path,) = self.hits.rglob("*.hits")
        magic, loss = struct.unpack("8sQ", path.read_bytes()[:16])
        self.assertEqual(magic, b"GJVHITS1")
        return loss

    def probes(self, loss=0):
        """By class: how many probes it has, and how many of them were executed, in the one process."""
        self.assertEqual(self.loss(), loss)
        (path,) = self.hits.rglob("*.hits")
        data = path.read_bytes()[HEADER:]
        words = [word for word in struct.unpack(f"{len(data) // 8}Q", data) if word]
        found = {}
        for record in self.records():
            if record.startswith("C "):
                _, number, _, count, _, name = record.split(" ", 5)
                found[name] = (int(count), sum(word >> 48 == int(number) for word in words))
        return found

    def test_the_program_finds_all_as_it_was(self):
        self.compile("p/Main.java", """package p;
import java.io.ObjectStreamClass;
public class Main implements java.io.Serializable {
  interface Greets { default String greet(String name) { return "hello " + name; } }
  record Pair(int a, String b) {}
  enum Kind { ONE, TWO }
  static String find(String name) {
    try { return Class.forName(name).getName(); } catch (ClassNotFoundException error) { return "no " + name; }
  }
  public static void main(String[] all) throws Exception {
    System.out.println(find("org.objectweb.asm.ClassReader") + find("org.jacoco.core.JaCoCo") + find("gentle_agent.Recorder"));
    System.out.println(ObjectStreamClass.lookup(Main.class).getSerialVersionUID() + String.join(",", all));
    System.out.println(new Greets() {}.greet(new Pair(1, "b").toString()) + Kind.valueOf("TWO"));
    for (var method : Greets.class.getDeclaredMethods()) { if (!method.isSynthetic()) System.out.println(method); }
    for (var field : Main.class.getDeclaredFields()) { if (!field.isSynthetic()) System.out.println(field); }
    try { throw new IllegalStateException("x"); } catch (IllegalStateException error) {
      System.out.println(error.getStackTrace()[0] + " " + error.getStackTrace().length);
    }
    System.err.println(Thread.activeCount() + System.getProperty("java.class.path"));
  }
}
""")
        self.assertEqual(self.run_class("p.Main", "an argument"), self.run_class("p.Main", "an argument", recorded=0))
        self.assertEqual(set(self.probes()), {f"p/Main{name}" for name in ("", "$Greets", "$Pair", "$Kind", "$1")})

    def test_paths_may_have_any_name(self):
        other = self.folder / 'it\'s "another" \u00fc %41 one+'
        other.mkdir()
        self.place(other)
        self.compile("Hello.java", HELLO)
        self.assertEqual(self.run_class("p.Hello"), ("hello\n", ""))
        self.assertEqual(self.probes(), {"p/Hello": (2, 1)})

    def test_one_that_is_named_twice_starts_once(self):
        self.compile("Hello.java", HELLO)
        self.assertEqual(self.run_class("p.Hello", recorded=2), ("hello\n", ""))
        self.assertEqual(self.probes(), {"p/Hello": (2, 1)})

    def test_jars_modules_and_single_sources(self):
        self.write("module-info.java", "module m { }\n")
        source = self.write("p/Hello.java", HELLO)
        self.tool("javac", "-d", self.classes, source, source.parents[1] / "module-info.java")
        self.tool("jar", "cf", self.folder / "a b.jar", "-C", self.classes, ".")
        for arguments, place in ((["-p", self.classes, "-m", "m/p.Hello"], self.classes), (["-cp", self.folder / "a b.jar", "p.Hello"],
                                 self.folder / "a b.jar"), ([source], source)):
            shutil.rmtree(self.hits, ignore_errors=True)
            self.assertEqual(self.run_java(*arguments), ("hello\n", ""))
            self.assertEqual(self.probes(), {"p/Hello": (2, 1)})
            self.assertIn(f"L 1 {place}", self.records())

    def test_a_module_may_have_a_package_of_our_name(self):
        module = self.write("module-info.java", "module app { exports gentle; }\n")
        main = self.write("Recorder.java", HELLO.replace("package p;", "package gentle;").replace("class Hello", "class Recorder"))
        self.tool("javac", "-nowarn", "-d", self.classes, module, main)
        self.assertEqual(self.run_java("-p", self.classes, "-m", "app/gentle.Recorder"), ("hello\n", ""))
        self.assertEqual(self.probes(), {"gentle/Recorder": (2, 1)})

    def test_a_program_with_a_security_manager_runs(self):
        self.compile("Hello.java", HELLO)
        manager = "-Djava.security.manager"
        try:
            plain, _ = self.run_java(manager, "-cp", self.classes, "p.Hello", recorded=0)
        except AssertionError:
            self.skipTest("this Java has no security manager")
        recorded, told = self.run_java(manager, "-cp", self.classes, "p.Hello")
        self.assertEqual(recorded, plain)
        self.assertRegex(told, "gentle: warning: record Java: .*access denied.*, continuing")

    def test_of_a_jar_within_a_jar_all_classes_count(self):
        """As Spring Boot packs a program: also the classes that nobody has loaded."""
        loaded = self.write("p/Hello.java", HELLO)
        unloaded = self.write("p/Never.java", HELLO.replace("Hello", "Never"))
        library = self.write("q/Library.java", HELLO.replace("package p", "package q").replace("Hello", "Library"))
        for name, sources in (("own", (loaded, unloaded)), ("library", (library,))):
            self.tool("javac", "-d", self.folder / name, *sources)
            (self.folder / "lib").mkdir(exist_ok=True)
            self.tool("jar", "cf", self.folder / f"lib/{name}.jar", "-C", self.folder / name, ".")
        self.compile("Main.java", NESTED)
        outer = self.folder / "app.jar"
        self.tool("jar", "cf", outer, "-C", self.folder, "lib")
        for begin, end in ("jar:file:", "!/"), ("jar:nested:", "/!"):
            shutil.rmtree(self.hits, ignore_errors=True)
            urls = [f"{begin}{outer}{end}lib/{name}.jar!/" for name in ("own", "library")]
            stdout, _ = self.run_class("Main", outer, urls[0], "lib/own.jar", "p/Hello", urls[1], "lib/library.jar", "q/Library")
            self.assertEqual(stdout, "hello\nhello\n")
            self.assertEqual(self.probes()["p/Hello"], (2, 1))
            self.assertEqual([record.split(" ", 2)[2] for record in self.records() if record.startswith("L ")],
                             [str(self.classes), f"{outer}!/lib/own.jar", f"{outer}!/lib/library.jar"])
            found = self.report([loaded, unloaded], [], self.records())
            self.assertEqual(found["F"], [str(loaded), str(unloaded)])
            self.assertEqual(set(found["A"]), {"Main.java", "q/Library.java"})

    def test_tools_leave_nothing_and_a_jvm_without_classes_begins(self):
        source = self.write("p/Hello.java", HELLO)
        self.run_java("-d", self.classes, source, program="javac")
        self.assertFalse(self.hits.exists())
        self.run_java("-version")
        self.assertEqual(self.probes(), {})

    def test_a_class_of_two_loaders_is_one(self):
        self.compile("Hello.java", HELLO)
        self.compile("Main.java", """import java.net.*;
public class Main {
  public static void main(String[] all) throws Exception {
    for (int i = 0; i < 2; i++) {
      new URLClassLoader(new URL[] {new java.io.File(all[0]).toURI().toURL()}, null).loadClass("p.Hello").getMethod("main", String[].class)
          .invoke(null, (Object) all);
    }
  }
}
""")
        self.assertEqual(self.run_class("Main", self.classes), ("hello\nhello\n", ""))
        self.assertEqual(self.probes()["p/Hello"], (2, 1))

    def test_a_class_that_is_defined_without_a_name_is_recorded(self):
        self.compile("Hello.java", HELLO)
        self.compile("Main.java", """import java.nio.file.*;
public class Main extends ClassLoader {
  Class<?> define(byte[] bytes) { return defineClass(null, bytes, 0, bytes.length, Main.class.getProtectionDomain()); }
  public static void main(String[] all) throws Exception {
    byte[] bytes = Files.readAllBytes(Paths.get(all[0]));
    new Main().define(bytes).getMethod("main", String[].class).invoke(null, (Object) all);
    bytes[6] = 3;
    try { new Main().define(bytes); } catch (UnsupportedClassVersionError error) { System.out.println("too new"); }
  }
}
""")
        self.assertEqual(self.run_class("Main", self.classes / "p/Hello.class"), ("hello\ntoo new\n", ""))
        self.assertEqual(self.probes()["p/Hello"], (2, 1))
        self.assertIn("U 1 1 p/Hello", self.records())

    def test_an_interrupted_thread_stays_interrupted(self):
        big = "".join(f"static int f{n}(int x) {{ return x > 0 ? 1 : 2; }}\n" for n in range(5000))
        self.compile("Big.java", f"public class Big {{\n{big}}}\n")
        self.compile("Main.java", """public class Main {
  public static void main(String[] all) {
    Thread.currentThread().interrupt();
    System.out.println(Big.f0(1) + " " + Thread.currentThread().isInterrupted());
  }
}
""", "-cp", self.classes)
        self.assertEqual(self.run_class("Main"), ("1 true\n", ""))
        self.assertEqual(self.probes()["Big"], (15001, 2))

    def test_a_full_stack_loses_nothing(self):
        self.compile("Main.java", """public class Main {
  static int deep(int n) { return n < 0 ? 0 : deep(n + 1) + other(n); }
  static int other(int n) { return 1; }
  public static void main(String[] all) {
    try { deep(0); } catch (StackOverflowError error) { System.out.println("full"); }
    System.out.println(other(1) + deep(-1) + deep(-2));
  }
}
""")
        self.assertEqual(self.run_class("Main"), ("full\n1\n", ""))
        count, executed = self.probes()["Main"]
        self.assertEqual(count - executed, 3)  # the constructor, what follows deep(0), and a sum that is never there

    def test_a_limit_for_files_is_told_and_the_program_goes_on(self):
        big = "".join(f"static int f{n}(int x) {{ return x > 0 ? 1 : 2; }}\n" for n in range(5000))
        self.compile("Big.java", f"public class Big {{\n{big}}}\n")
        self.compile("Main.java", "public class Main {\n  public static void main(String[] all) {\n    System.out.println(Big.f0(1));\n  }\n}\n",
                     "-cp", self.classes)
        limit = 80 << 10
        stdout, _ = self.run_class("Main", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(stdout, "1\n")
        self.assertIn(self.loss(), (1, 8))

    def test_without_a_place_to_write_the_program_runs(self):
        self.compile("Hello.java", HELLO)
        self.hits.write_text("in the way", encoding="utf-8")
        stdout, stderr = self.run_class("p.Hello")
        self.assertEqual(stdout, "hello\n")
        self.assertRegex(stderr, "^gentle: warning: record Java: .*, continuing\n$")

    def test_another_agent_of_jacoco_works_on_and_is_named(self):
        self.compile("Hello.java", HELLO)
        (agent,) = JACOCO.glob("org.jacoco.agent-*runtime.jar")
        data = self.folder / "jacoco.exec"
        self.assertEqual(self.run_java(f"-javaagent:{agent}=destfile={data}", "-cp", self.classes, "p.Hello"), ("hello\n", ""))
        self.assertIn(b"p/Hello", data.read_bytes())
        self.assertIn("U 2 1 p/Hello", self.records())

    def report(self, sources, locations, records=(), memory="1g", recorder=None):
        """What the report program answers of classes that nobody has loaded, and of those of `records`: by their first letter."""
        fields = ["K", str(self.kept)]
        locations = [*locations, *(record.split(" ", 2)[2] for record in records if record.startswith("L "))]
        for kind, paths in (("S", sources), ("L", locations)):
            for path in paths:
                fields += [kind, str(path)]
        for record in records:
            if record.startswith("C "):
                _, _, identity, count, location, name = record.split(" ", 5)
                fields += ["C", identity, location, name, "1" * int(count)]
            elif record.startswith("N "):
                fields += record.split(" ", 2)
        (self.folder / "input").write_bytes("".join(f"{field}\0" for field in fields).encode())
        path = ":".join(map(str, [(recorder or self.made) / "recorder.jar", *self.jars]))
        self.run_java(f"-Xmx{memory}", *BRIEF, "-cp", path, "gentle_agent.Report", self.folder / "input", self.folder / "output", recorded=0)
        text = (self.folder / "output").read_bytes().decode()
        return {kind: sorted(re.findall(rf"(?:^|\0){kind}\0({pattern})(?=\0)", text))
                for kind, pattern in (("F", "/[^\0]*"), ("A", "[^\0]*"), ("U", "[0-9]+\0[^\0]*"), ("W", "[0-9]+\0[^\0]*"))}

    def test_of_modules_with_equal_names_the_nearest_one_counts(self):
        sources, places = [], []
        for module in "one", "two":
            sources.append(self.write(f"{module}/src/p/Hello.java", HELLO))
            places.append(self.folder / f"build/{module}/classes")
            self.tool("javac", "-d", places[-1], sources[-1])
        self.assertEqual(self.report(sources, places)["F"], sorted(map(str, sources)))
        shutil.copytree(places[0], self.folder / "build/all")
        ambiguous = self.report(sources, [self.folder / "build/all"])
        self.assertEqual(ambiguous["F"], [])
        self.assertEqual(ambiguous["W"], [f"9\0{sources[0]}"])

    def test_a_source_may_stand_in_any_folder_but_has_its_package(self):
        path = self.write("anywhere/Hello.java", HELLO)
        other = self.write("p/p/Hello.java", HELLO.replace("package p;", "package other;"))
        self.tool("javac", "-d", self.classes, path)
        self.assertEqual(self.report([path, other], [self.classes])["F"], [str(path)])
        self.assertEqual(self.report([other], [self.classes]), {"F": [], "A": ["p/Hello.java"], "U": [], "W": []})

    def test_classes_that_cannot_be_counted_are_named(self):
        path = self.write("p/Hello.java", HELLO)
        self.tool("javac", "-g:none", "-d", self.classes, path)
        (self.classes / "New.class").write_bytes(bytes.fromhex("cafebabe000003e7") + bytes(32))
        self.assertEqual(self.report([path], [self.classes])["U"], ["1\0New", "4\0p/Hello"])
        other = self.write("q/Hello.java", HELLO.replace("package p", "package q"))
        self.assertEqual(self.report([other], [self.classes])["U"], ["1\0New"])  # of a library, which may be compiled as it likes

    def kotlin(self, folder, name, text, lines=""):
        """Compiles it to a class as Kotlin's compiler makes of <name>.kt. Returns that, which has 50 lines."""
        package, _, file = name.partition("/")
        source = self.write(f"{folder.name}/{name}.kt", f"package {package}\n" + "\n" * 49)
        path = self.write(f"{name}Kt.java", text)
        self.tool("javac", "-d", folder, path)
        self.run_with_jacoco("AsKotlin", folder, f"{name}Kt", f"{file}.kt", lines)
        return source

    def run_with_jacoco(self, program, *arguments):
        path = ":".join(map(str, self.jars))
        if not (self.programs / f"{program}.class").exists():
            self.tool("javac", "-cp", path, "-d", self.programs, HERE / f"{program}.java")
        return self.run_java(*BRIEF, "-cp", f"{self.programs}:{path}", program, *arguments, recorded=0)[0]

    def lines_of(self, path):
        """Of the last report: what it says of each line of a source, and the names of the executed methods."""
        text = (self.folder / "output").read_bytes().decode()
        text = text.split(f"F\0{path}\0", 1)[1].split("\0F\0", 1)[0]
        lines = [" ".join(found) for found in re.findall("(?:^|\0)N\0([0-9]+)\0([01])\0([0-9]+)\0([0-9]+)(?=\0)", text)]
        return sorted(lines + re.findall(r"\0M\0[0-9]+\0001\0[^\0]*[.]([^.\0]+)[(]", text))

    def by_jacoco(self, folder, source, *executed):
        return sorted(self.run_with_jacoco("ByOneBuilder", folder, source, *executed).splitlines())

    def test_an_inline_function_counts_where_other_sources_call_it(self):
        """As in JaCoCo's own report."""
        folder = self.folder / "one"
        utils, program = self.kotlin(folder, "lib/Utils", UTILS), self.kotlin(folder, "app/Main", PROGRAM, MAP.format(4, 4))
        self.assertEqual(self.run_java("-cp", folder, "app.MainKt"), ("0\n", ""))
        records = self.records()
        self.assertEqual(self.report([utils, program], [], records)["F"], sorted(map(str, (utils, program))))
        expected = self.by_jacoco(folder, "lib/Utils.kt", "app/MainKt")
        self.assertEqual([line for line in expected if " 1 " in line or not line[0].isdigit()], ["4 1 0 0", "5 1 0 0", "7 1 0 0", "twice"])
        self.assertEqual(self.lines_of(utils), expected)
        self.assertEqual(self.lines_of(program), self.by_jacoco(folder, "app/Main.kt", "app/MainKt"))
        # The record for `combine` has the probes of the copy. The next report finds them in a file.
        answer = (self.folder / "output").read_bytes()
        self.assertRegex(answer, rb"\0F\0[^\0]*Utils.kt\0.*\0C\0lib/UtilsKt\x000*\0L\0.*\0C\0lib/UtilsKt;app/MainKt\x001*\0L\x004\x00[0-9 ]+\0\0L\x005")
        self.report([utils, program], [], records)
        self.assertEqual((self.folder / "output").read_bytes(), answer)
        # JaCoCo takes no two programs of one name. Here each counts, also if its own source is not there.
        other = self.kotlin(self.folder / "two", "app/Main", PROGRAM, MAP.format(10, 1))
        shutil.rmtree(self.hits)
        self.run_java("-cp", self.folder / "two", "app.MainKt")
        records += [record.replace(" 1 app/", " 2 app/") for record in self.records()]
        for sources in [utils, program, other], [utils]:
            self.assertEqual(self.report(sources, [], records)["W"], [])
            lines = self.lines_of(utils)
            self.assertEqual([line for line in expected if line not in lines], ["10 0 0 2"])
            self.assertEqual([line for line in lines if line not in expected], ["10 1 0 0", "other"])

    def test_a_class_without_a_source_in_the_project_is_not_recorded(self):
        """As the report would not count it: unless it is newer than what is known of sources, or has a copy of an inline function."""
        for name in "Own", "Library", "New":
            self.compile(f"p/{name}.java", HELLO.replace("Hello", name))
        utils = self.kotlin(self.classes, "lib/Utils", UTILS)
        program = self.kotlin(self.classes, "app/Main", PROGRAM, MAP.format(4, 4))
        names = self.recorder / "source-names"
        names.write_text("Own.java\0Utils.kt\0", encoding="utf-8")
        for path in self.classes.rglob("*.class"):
            os.utime(path, ns=(0, names.stat().st_mtime_ns - (0 if path.name == "New.class" else 1)))
        for name, recorded in (("p.Own", True), ("p.Library", False), ("p.New", True), ("app.MainKt", True)):
            shutil.rmtree(self.hits, ignore_errors=True)
            self.run_class(name)
            found = [record for record in self.records() if record[0] in "CN"]
            self.assertRegex(found[0], f"^C 1 .* 1 {name.replace('.', '/')}$" if recorded else r"^N 1 p/Library\.java$")
        shutil.rmtree(self.hits)
        self.run_class("p.Library")
        library = self.folder / "source/p/Library.java"
        self.assertEqual(set(self.report([utils, program], [], self.records())["A"]), {"p/Library.java", "p/New.java", "p/Own.java"})
        late = self.report([library], [], self.records())
        self.assertEqual((late["W"], late["F"]), ([f"10\0{library}"], []))

    def know_sources(self, *names):
        """All classes so far are older than what is known of sources."""
        index = self.recorder / "source-names"
        index.write_bytes(b"".join(name + b"\0" for name in names))
        for path in self.classes.rglob("*.class"):
            os.utime(path, ns=(0, index.stat().st_mtime_ns - 1))

    def test_names_with_a_zero_in_a_class_file_lose_nothing(self):
        """No compiler writes them, but the JVM takes them."""
        self.compile("Hello.java", HELLO)
        self.compile("Main.java", """import java.nio.file.*;
public class Main extends ClassLoader {
  public static void main(String[] all) throws Exception {
    byte[] bytes = Files.readAllBytes(Paths.get(all[0]));
    new Main().defineClass(null, bytes, 0, bytes.length, Main.class.getProtectionDomain()).getMethod("main", String[].class)
        .invoke(null, (Object) all);
  }
}
""")
        self.know_sources(b"Main.java", b"Hello.java")
        path, zero = self.classes / "p/Hello.class", b"\xc0\x80"
        whole = path.read_bytes()
        sources = [self.folder / "source/Main.java", self.write("p/Hello.java", HELLO)]
        for name, shown in (b"Hello.java", "p/Hello"), (b"p/Hello", "p/H?lo"):
            shutil.rmtree(self.hits, ignore_errors=True)
            modified = path.stat().st_mtime_ns
            path.write_bytes(whole.replace(name, name.replace(b"el", zero)))
            os.utime(path, ns=(0, modified))
            self.assertEqual(self.run_class("Main", path), ("hello\n", ""))
            self.assertEqual([record.split(" ")[5:] for record in self.records() if record[0] not in "PL"][1:], [[shown]])
            found = self.report(sources, [], self.records())
            lost = shown == "p/Hello"
            self.assertEqual(found["F"], sorted(map(str, sources[:1] if lost else sources)))
            self.assertEqual(set(found["U"]), {"4\0p/Hello"} if lost else set())

    def test_a_copy_of_an_inline_function_counts_also_if_its_source_comes_later(self):
        utils = self.kotlin(self.classes, "lib/Utils", UTILS)
        self.kotlin(self.classes, "app/Main", PROGRAM, MAP.format(4, 4))
        self.know_sources(b"Other.kt")
        os.utime(self.classes / "lib/UtilsKt.class")
        self.run_class("app.MainKt")
        self.assertEqual(self.report([utils], [], [*self.records(), f"L 2 {self.classes}"])["W"], [])
        self.assertEqual([line for line in self.lines_of(utils) if " 1 " in line], ["4 1 0 0", "5 1 0 0", "7 1 0 0"])

    def test_a_copy_of_an_inline_function_is_recorded_only_if_its_source_may_be_there(self):
        """Else each class of a library in Kotlin would be: they have copies of those of Kotlin's own library."""
        utils = self.kotlin(self.classes, "lib/Utils", UTILS)
        self.kotlin(self.classes, "app/Main", PROGRAM, MAP.format(4, 4).replace("Utils.kt", "Utils of Kotlin.kt"))
        for known, found in ((b"Utils of Kotlin.kt", ["C"]), (b"Other.kt", ["N", "N"])):
            self.know_sources(known)
            shutil.rmtree(self.hits, ignore_errors=True)
            self.run_class("app.MainKt")
            self.assertEqual([record[0] for record in self.records() if record[0] in "CN"], found)
        records = self.records()
        self.assertIn("N 1 +lib/Utils of Kotlin.kt", records)
        self.assertEqual(set(self.report([utils], [], records)["A"]), {"app/Main.kt"})
        late = utils.rename(utils.with_name("Utils of Kotlin.kt"))
        self.assertEqual(self.report([late], [], records)["W"], [f"10\0{late}"])

    def test_a_class_of_two_files_is_recorded_if_one_of_them_may_be_there(self):
        utils = self.kotlin(self.classes, "lib/Utils", UTILS)
        text = MAP.format(4, 4).replace("lib/UtilsKt\n", "lib/UtilsKt\n+ 3 Gone.kt\nlib/UtilsKt\n")
        self.kotlin(self.classes, "app/Main", PROGRAM, text)
        self.know_sources(b"Utils.kt")
        self.run_class("app.MainKt")
        self.assertEqual([record[0] for record in self.records() if record[0] in "CN"], ["C"])
        self.assertEqual(self.report([utils], [], self.records())["W"], [])
        self.assertEqual([line for line in self.lines_of(utils) if " 1 " in line], ["4 1 0 0", "5 1 0 0", "7 1 0 0"])

    def test_a_copy_that_may_be_of_either_of_two_modules_is_told(self):
        one, two = ([self.kotlin(self.folder / module, "lib/Utils", UTILS)] for module in ("one", "two"))
        program = self.kotlin(self.folder / "app", "app/Main", PROGRAM, MAP.format(4, 4))
        self.run_java("-cp", self.folder / "app", "app.MainKt")
        places = [self.folder / "one", self.folder / "two"]
        for executed in True, False:
            records = self.records() if executed else [f"L 1 {self.folder / 'app'}"]
            records = [record.replace(" 1 app/", " 3 app/") for record in records]
            found = self.report([*one, *two, program], places, records)
            unclear = [str(path) for path in (*one, *two)]
            self.assertEqual(found["W"], [f"9\0{path}" for path in unclear] if executed else [])
            self.assertEqual(found["F"], sorted([str(program), *([] if executed else unclear)]))

    def test_a_class_without_code_lacks_nothing(self):
        shape = self.write("p/Shape.java", "package p;\npublic interface Shape {}\n")
        hello = self.write("p/Hello.java", HELLO.replace("Hello", "Hello implements Shape", 1))
        self.tool("javac", "-d", self.classes, shape, hello)
        self.know_sources(b"Hello.java")
        self.run_class("p.Hello")
        self.assertEqual([record for record in self.records() if record[0] == "N"], [])
        found = self.report([shape, hello], [], self.records())
        self.assertEqual([one for one in found["W"] if one.startswith("10")], [])

    def test_a_name_of_a_source_in_other_letters_hides_no_other_one(self):
        self.compile("Own.java", HELLO.replace("Hello", "Own"))
        self.compile("p/\u00dcber.java", HELLO.replace("Hello", "\u00dcber"), "-encoding", "UTF-8")
        self.compile("Library.java", HELLO.replace("Hello", "Library"))
        self.know_sources(b"Own.java", "\u00dcber.java".encode(), "\u00dc.java".encode("latin-1"))
        for name, recorded in (("p.Own", True), ("p.\u00dcber", True), ("p.Library", False)):
            shutil.rmtree(self.hits, ignore_errors=True)
            self.run_class(name)
            self.assertEqual([record[0] for record in self.records() if record[0] in "CN"], ["C" if recorded else "N"])

    def test_a_class_whose_probes_take_too_long_to_try_is_given_up_soon(self):
        """It is counted, and its probes are not in the answer, so that the record for `combine` names its source."""
        ifs = "".join(f"    if (x > {n}) x += 2;\n" + "    x += x * 3;\n" * 20 for n in range(480))
        conditions = "".join("    if (" + " || ".join(f"x == {20 * n + i}" for i in range(20)) + ") x++;\n" for n in range(24))
        cases = "".join(f"    case {n}: x++; break;\n" for n in range(300))
        methods = {"Huge": [ifs], "Many": [conditions] * 3, "Usual": [f"    switch (x) {{\n{cases}    }}\n"]}
        sources = [self.write(f"p/{name}.java", f"package p;\nclass {name} {{\n" + "".join(
            f"  static int f{n}(int x) {{\n{body}    return x;\n  }}\n" for n, body in enumerate(bodies)) + "}\n")
            for name, bodies in methods.items()]
        self.tool("javac", "-g", "-d", self.classes, *sources)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertEqual(self.report(sources, [self.classes])["F"], sorted(map(str, sources)))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(after.ru_utime - before.ru_utime, 90)
        self.assertIn("10 0 0 0", self.lines_of(sources[0]))
        answer = (self.folder / "output").read_bytes()
        self.assertEqual(re.findall(rb"\0C\0(p/[A-Za-z]*)", answer), [b"p/Usual"])

    def test_what_cannot_be_kept_for_the_next_report_leaves_nothing(self):
        folder = self.folder / "beside"
        folder.mkdir()
        (folder / "probe-sets").mkdir()  # in the way
        (folder / "probe-sets/file").touch()
        source = self.write("p/Hello.java", HELLO)
        self.tool("javac", "-d", self.classes, source)
        shutil.copy(self.made / "recorder.jar", folder)
        self.assertEqual(self.report([source], [self.classes], recorder=folder)["F"], [str(source)])
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["probe-sets", "recorder.jar"])

    def test_lines_far_from_each_other_need_no_memory(self):
        """JaCoCo makes an array of all lines of a method for each set of probes."""
        conditions = "".join("    if (" + " || ".join(f"x == {20 * n + i}" for i in range(20)) + ") x++;\n" for n in range(24))
        source = self.write("p/Wide.java", "package p;\nclass Wide {\n  static int f(int x) {\n    x++;\n" + "\n" * 60000 + conditions +
                            "    return x;\n  }\n}\n")
        self.tool("javac", "-g", "-d", self.classes, source)
        self.assertEqual(self.report([source], [self.classes], memory="100m")["F"], [str(source)])

    def test_a_package_of_scala_may_be_declared_in_parts(self):
        self.compile("Server.java", HELLO.replace("package p", "package com.acme.server").replace("Hello", "Server"))
        self.run_with_jacoco("AsKotlin", self.classes, "com/acme/server/Server", "Server.scala", "")
        texts = {
            "behind": "package com.acme\npackage server\n", "within": "package com.acme {\n  package other {}\n  package server {}\n}\n",
            "whole": "package com {}; package com.acme.server {}\n", "quoted": "/* a /* b */ c */ package com.acme; package `server`\n",
            "letter": "package com.acme\nval quote = '\"'\npackage server\n",
            "object": "package com.acme\npackage object server\n", "other": "package com.acme\npackage servers\n",
            "comment": "package com\n// see package acme\n/* /* */\npackage acme.server */\n// package com.acme.server\n",
            "string": 'package com\nval a = """\npackage acme.server\n""" + "\\"; package acme.server"\n'}
        paths = {name: self.write(f"{name}/Server.scala", text + "class Server\n" * 9) for name, text in texts.items()}
        found = {name: self.report([path], [self.classes]) for name, path in paths.items()}
        self.assertEqual([name for name, one in found.items() if one["F"]], ["behind", "within", "whole", "quoted", "letter"])
        self.assertEqual([name for name, one in found.items() if one["A"] == ["com/acme/server/Server.scala"]],
                         ["object", "other", "comment", "string"])

    def test_a_package_object_of_scala_stands_in_a_file_of_its_own(self):
        self.compile("Server.java", HELLO.replace("package p", "package com.acme.server").replace("Hello", "Server"))
        self.run_with_jacoco("AsKotlin", self.classes, "com/acme/server/Server", "package.scala", "")
        source = self.write("com/acme/server/package.scala", "package com.acme\npackage object server {\n" + "\n" * 9 + "}\n")
        self.assertEqual(self.report([source], [self.classes])["F"], [str(source)])

    def test_classes_without_lines_in_a_jar_within_a_jar_are_named(self):
        for name, source in (("Own", HELLO), ("Library", HELLO.replace("package p", "package q"))):
            path = self.write(f"{name}.java", source.replace("Hello", name))
            self.tool("javac", "-g:none", "-d", self.folder / name, path)
            (self.folder / "lib").mkdir(exist_ok=True)
            self.tool("jar", "cf", self.folder / f"lib/{name}.jar", "-C", self.folder / name, ".")
        self.compile("Main.java", NESTED)
        outer = self.folder / "app.jar"
        self.tool("jar", "cf", outer, "-C", self.folder, "lib")
        words = [word for name, path in (("Own", "p/Own"), ("Library", "q/Library"))
                 for word in (f"jar:file:{outer}!/lib/{name}.jar!/", f"lib/{name}.jar", path)]
        self.run_class("Main", outer, *words)
        self.assertEqual(set(self.report([self.folder / "source/Own.java"], [], self.records())["U"]), {"4\0p/Own"})

    def test_threads_record_all_of_their_code(self):
        functions = "".join(f"  static int f{n}(int x) {{ return x > {n} ? 1 : 2; }}\n" for n in range(2000))
        calls = "".join(f"        all += f{n}(0) + f{n}(9999);\n" for n in range(2000))
        self.compile("Main.java", "public class Main {\n" + functions + """  public static void main(String[] none) throws Exception {
    Thread[] threads = new Thread[8];
    for (int t = 0; t < 8; t++) {
      threads[t] = new Thread(() -> {
        int all = 0;
""" + calls + """      });
      threads[t].start();
    }
    for (Thread thread : threads) thread.join();
    Runtime.getRuntime().halt(0);
  }
}
""")
        self.run_class("Main")
        count, executed = self.probes()["Main"]
        self.assertEqual(count - executed, 2)  # the constructor, and what would follow halt

    def test_killed_while_it_writes_it_has_all_that_it_executed(self):
        count = 3000
        functions = "".join(f"  static void f{n}() throws Exception {{ LOG.write({n % 128}); }}\n" for n in range(count))
        calls = "".join(f"    f{n}();\n" for n in range(count))
        self.compile("Main.java", "public class Main {\n  static final java.io.FileOutputStream LOG = open();\n"
                     "  static java.io.FileOutputStream open() {\n    try { return new java.io.FileOutputStream(\"log\"); }"
                     " catch (java.io.IOException e) { return null; }\n  }\n" + functions +
                     "  public static void main(String[] all) throws Exception {\n" + calls + "    Thread.sleep(1000000);\n  }\n}\n")
        log = self.folder / "log"
        for enough in (1, 500, count):
            shutil.rmtree(self.hits, ignore_errors=True)
            log.write_bytes(b"")
            with subprocess.Popen(["java", "-cp", self.classes, "Main"], env=self.environment(1), cwd=self.folder,
                                  stderr=subprocess.DEVNULL) as process:
                while process.poll() is None and log.stat().st_size < enough:
                    pass
                process.send_signal(signal.SIGKILL)
            self.assertEqual(process.returncode, -signal.SIGKILL)
            self.assertGreaterEqual(self.probes()["Main"][1], 2 * (log.stat().st_size - 1))


if __name__ == "__main__":
    told_skips.main()
