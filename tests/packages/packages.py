"""Makes one package, installs it where nothing of ours was, and uses it as a user would.

    packages.py prefix|wheel|deb|no_tests|conan|vcpkg|static --build <build> --work <folder>

Status 77: a tool for it is missing, which a line says.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "lib"))
from ci import in_ci  # noqa: E402  pylint: disable=wrong-import-position
from small_project import clean_environment  # noqa: E402  pylint: disable=wrong-import-position

CHECKOUT = HERE.parent.parent
PROJECT = HERE / "project"
MAKE_WHEEL = CHECKOUT / "packaging/wheel/make_wheel.py"
ROOT = CHECKOUT / "tests/compilers/root"
RELEASES = ("bookworm", "trixie")
# What its user has there.
USERS_PACKAGES = ("cmake", "ninja-build", "python3-venv", "make", "g++", "curl")
UNREACHABLE = 75  # as tests/compilers/root says it
SKIPPED = 77
CONAN = "conan==2.34.0"
KEPT = ("CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER", "GENTLE_COMPILERS_ROOTS")  # in the environment


class Failed(Exception):
    """What was expected and did not come true."""


class Skipped(Exception):
    """A tool that is missing."""


def call(*command, status=0, cwd=None, **environment):
    """What the command has printed. Fails unless it ends with this status; None: with another than 0."""
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env={**clean_environment(*KEPT), **environment}, cwd=cwd, check=False)
    if done.returncode == UNREACHABLE and words[0] == str(ROOT):
        raise Skipped(done.stdout.strip())
    if done.returncode == status or (status is None and done.returncode != 0):
        return done.stdout
    raise Failed(f"$ {' '.join(words)}\nstatus {done.returncode}, expected {'a failure' if status is None else status}\n"
                 f"{done.stdout}")


def expect(what, found, wanted):
    if found != wanted:
        raise Failed(f"{what}: expected {wanted!r}, got {found!r}")


def need(program, package):
    if not shutil.which(program):
        raise Skipped(f"'{program}' is missing; on Debian: apt-get install {package}")


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def install(options, prefix):
    config = ["--config", options.config] if options.config else []
    call(options.cmake, "--install", options.build, "--prefix", prefix, "--strip", *config)
    return prefix


def use(work, *words, **environment):
    said = call(PROJECT / "use", work / "user-build", *words, **environment)
    if "100% tests passed, 0 tests failed out of 3" not in said:
        raise Failed(f"expected three tests\n{said}")
    return said


def is_static(program):
    return subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout.strip() == "statically linked"


class FreshRoot:
    """A copy of a file system that has what a user has; it is removed in the end."""

    def __init__(self, name, release):
        if os.geteuid() != 0:
            raise Skipped("a fresh file system needs root")
        need("debootstrap", "debootstrap")
        self.roots = Path(os.environ.get("GENTLE_COMPILERS_ROOTS") or CHECKOUT / "build/compilers")
        self.release = release
        self.path = self.roots / f"{release}-{name}-{os.getpid()}"

    def __enter__(self):
        base = self.roots / f"{self.release}-packages"
        if not base.exists():
            call(ROOT, "make", self.roots / self.release, self.release)
            part = base.with_name(f"{base.name}.{os.getpid()}")
            call(ROOT, "copy", self.roots / self.release, part)
            with contextlib.suppress(OSError):  # another test was first
                part.rename(base)
            shutil.rmtree(part, ignore_errors=True)
        call(ROOT, "make", base, self.release, *USERS_PACKAGES)
        call(ROOT, "copy", base, self.path)
        (self.path / "packages").mkdir()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def copy_in(self, package):
        shutil.copy(package, self.path / "packages")
        return f"/packages/{package.name}"

    def run(self, *command, user=False):
        return call(ROOT, "enter", self.path, CHECKOUT, *(["--user"] if user else []), "--", *command)


USE = "/gentle-fixtures/tests/packages/project/use"
# The first page of the guide, word by word.
FIRST_PAGE = "PYTHONDONTWRITEBYTECODE=1 python3 /gentle-fixtures/tests/house/getting_started.py /gentle-fixtures"
PASSED = "100% tests passed, 0 tests failed out of 3"


def check_prefix(options, work):
    """`cmake --install`, moved; and what cannot be packed or found says so."""
    prefix = work / "moved"
    install(options, work / "first").rename(prefix)
    gentle = prefix / "bin/gentle"
    expect("gentle --cmake-prefix", call(gentle, "--cmake-prefix"), f"{prefix}\n")
    (work / "link").symlink_to(gentle)
    expect("the same by a link", call(work / "link", "--cmake-prefix"), f"{prefix}\n")
    use(work, CMAKE_PREFIX_PATH=str(prefix))
    page = (prefix / "share/man/man1/gentle.1").read_text(encoding="utf-8")
    expect("subcommands in the man page", re.findall(r'^\.SH "GENTLE (.*)"$', page, re.MULTILINE),
           re.findall(r"^  ([a-z][\w-]*)(?: \S+)*  +\S", call(gentle, "--help"), re.MULTILINE))

    said = call(sys.executable, MAKE_WHEEL, work / "link", work, status=1)
    expect("a wheel of no package", said, f"make_wheel: error: pack '{work}/link': expected an installed GentleFixtures\n"
           "hint: cmake --install <build folder> --prefix <prefix>\n")
    gentle.unlink()
    shutil.copy(shutil.which("sh"), gentle)
    said = call(sys.executable, MAKE_WHEEL, prefix, work, status=1)
    expect("a wheel of a program with libraries", said,
           f"make_wheel: error: pack '{gentle}': expected a static program, got one that loads shared libraries\n"
           "hint: packaging/static builds static ones\n")


def check_wheel(options, work):
    prefix = install(options, work / "prefix")
    if not is_static(prefix / "bin/gentle"):
        raise Skipped("this build is not static: its C library has no archive, or a sanitizer is in it")
    wheel = Path(call(sys.executable, MAKE_WHEEL, prefix, work).strip())
    again = Path(call(sys.executable, MAKE_WHEEL, prefix, work / "again").strip())
    expect("the same wheel again", wheel.read_bytes() == again.read_bytes(), True)
    use_wheel(wheel)


def use_wheel(wheel):
    for release in RELEASES:
        use_wheel_in(release, wheel)


def use_wheel_in(release, wheel):
    with FreshRoot("wheel", release) as root:
        inside = root.copy_in(wheel)
        said = root.run("sh", "-euc", f"""
            python3 -m venv ~/venv
            . ~/venv/bin/activate
            pip install --no-index --quiet {inside}
            export CMAKE_PREFIX_PATH=$(gentle --cmake-prefix)
            test "$CMAKE_PREFIX_PATH" = ~/venv
            {USE} /tmp/build -G Ninja
            {FIRST_PAGE}
            pip uninstall --yes --quiet gentle-fixtures
            find ~/venv -iname '*gentle*'
            """, user=True)
        if PASSED not in said or "/venv/share/cmake/GentleFixtures" not in said:
            raise Failed(f"expected three tests that use the wheel\n{said}")
        expect("left after pip uninstall", re.findall(r"^/.*entle.*$", said, re.MULTILINE), [])


def check_deb(options, work):
    need("dpkg-deb", "dpkg")
    need("gzip", "gzip")
    cpack = Path(options.cmake).with_name("cpack")
    call(cpack, "--config", Path(options.build) / "CPackConfig.cmake", "-B", work,
         *(["-C", options.config] if options.config else []))
    deb, = work.glob("*.deb")
    fields = dict(line.split(": ", 1) for line in call("dpkg-deb", "--field", deb).splitlines() if re.match(r"\S+: ", line))
    expect("package and section", (fields["Package"], fields["Section"]), ("gentle-fixtures", "devel"))
    expect("dependency on cmake", "cmake (>= 3.22)" in fields["Depends"].split(", "), True)
    packed, = work.rglob("usr/bin/gentle")
    expect("dependency on the C library", "libc6" in fields["Depends"], not is_static(packed))
    if shutil.which("lintian"):
        call("lintian", "--fail-on", "error,warning", "--allow-root", deb)
    else:
        print("lintian is missing, so the .deb is used but not checked; on Debian: apt-get install lintian")
    for release in RELEASES:
        use_deb_in(release, deb)


def use_deb_in(release, deb):
    with FreshRoot("deb", release) as root:
        inside = root.copy_in(deb)
        root.run("sh", "-euc", f"dpkg --install {inside} && zcat /usr/share/man/man1/gentle.1.gz | grep -q 'GENTLE start'")
        said = root.run("sh", "-euc", f"gentle --cmake-prefix && {USE} /tmp/build -G Ninja && {FIRST_PAGE}", user=True)
        if PASSED not in said or "/usr/share/cmake/GentleFixtures" not in said or not said.startswith("/usr\n"):
            raise Failed(f"expected three tests that use the .deb\n{said}")
        said = root.run("sh", "-euc", "dpkg --purge gentle-fixtures >/dev/null; find /usr /etc /var /opt -iname '*gentle*'")
        left = [line for line in said.splitlines() if not line.endswith("/90gentle-fixtures")]  # the root's own
        expect("left after dpkg --purge", left, [])


def check_no_tests(options, work):
    """An install needs no tests built, and none of what they need."""
    build = work / "build"
    # Quick to compile; other tests try the rest.
    call(options.cmake, "-S", CHECKOUT, "-B", build, "-G", "Ninja", "-DBUILD_TESTING=OFF", "-DCMAKE_BUILD_TYPE=Debug",
         "-DCMAKE_CXX_FLAGS_DEBUG=", "-DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON", "-DCMAKE_DISABLE_FIND_PACKAGE_Python3=ON")
    call(options.cmake, "--build", build)
    call(options.cmake, "--install", build, "--prefix", work / "prefix")
    expect("files besides", sorted(str(path.relative_to(work / "prefix")) for path in (work / "prefix").glob("*/*")),
           ["bin/gentle", "share/cmake", "share/doc", "share/man"])
    use(work, CMAKE_PREFIX_PATH=call(work / "prefix/bin/gentle", "--cmake-prefix").strip())


JSON_RECIPE = """from conan import ConanFile
from conan.tools.files import copy


class Json(ConanFile):
    name, version = "nlohmann_json", "3.11.3"

    def package(self):
        copy(self, "nlohmann/*", "/usr/include", self.package_folder + "/include")

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "nlohmann_json")
        self.cpp_info.set_property("cmake_target_name", "nlohmann_json::nlohmann_json")
"""


def check_conan(_, work):
    """Without Conan's server: the one library comes from this machine."""
    if not Path("/usr/include/nlohmann/json.hpp").exists():
        raise Skipped("'nlohmann/json.hpp' is missing; on Debian: apt-get install nlohmann-json3-dev")
    conan = shutil.which("conan") or own_conan(Path(os.environ.get("GENTLE_COMPILERS_ROOTS") or CHECKOUT / "build/compilers"))
    environment = {"CONAN_HOME": str(work / "home")}
    recipe = fresh(work / "json")
    (recipe / "conanfile.py").write_text(JSON_RECIPE, encoding="utf-8")
    call(conan, "profile", "detect", **environment)
    call(conan, "create", recipe, "--no-remote", **environment)
    said = call(conan, "create", CHECKOUT / "packaging/conan", "--no-remote", "-s", "build_type=Debug",
                "-c", f"tools.cmake.cmake_layout:test_folder={work / 'test'}", **environment)
    if PASSED not in said:
        raise Failed(f"expected three tests\n{said}")


def own_conan(folder):
    python = folder / "conan/bin/python"
    if not (folder / "conan/bin/conan").exists():
        call(sys.executable, "-m", "venv", "--clear", folder / "conan")
        try:
            call(python, "-m", "pip", "install", "--quiet", CONAN)
        except Failed as failed:
            raise Skipped(f"'conan' is missing, and pip cannot install it: {failed}") from failed
    return folder / "conan/bin/conan"


def check_vcpkg(options, work):
    """With vcpkg's functions as they are documented; the real ones need its server."""
    port = CHECKOUT / "packaging/vcpkg"
    version, = re.findall(r'"version": "(.*)"', (port / "vcpkg.json").read_text(encoding="utf-8"))
    expect("version of the port", f"gentle {version}\n", call(Path(options.build) / "helper/gentle", "--version"))
    packages = work / "packages"
    call(options.cmake, f"-DPORT_DIR={port}", f"-DCURRENT_PACKAGES_DIR={packages}", f"-DBUILD={work / 'build'}",
         "-P", HERE / "vcpkg_port.cmake")
    expect("folders of the port", sorted(path.name for path in packages.glob("*/*")),
           ["gentle-fixtures", "gentle-fixtures", "gentlefixtures"])
    expect("gentle --cmake-prefix", call(packages / "tools/gentle-fixtures/gentle", "--cmake-prefix"), f"{packages}\n")
    use(work, CMAKE_PREFIX_PATH=str(packages))


def check_static(_, work):
    """What every Linux runs, for both processors; the wheel for this one is used."""
    made = [Path(line) for line in call(CHECKOUT / "packaging/static", "--output", work).splitlines() if line.startswith("/")]
    expect("archives and wheels", len(made), 4)
    native, = (path for path in made if path.suffix == ".whl" and path.stem.endswith(os.uname().machine))
    use_wheel(native)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topic")
    parser.add_argument("--build", required=True, help="a build of GentleFixtures, to install from")
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--cmake", default=shutil.which("cmake"))
    parser.add_argument("--config", default="")
    options = parser.parse_args()
    check = globals().get(f"check_{options.topic}")
    if not check:
        parser.error(f"topic '{options.topic}': unknown")
    work = fresh(options.work.resolve() / options.topic)
    try:
        check(options, work)
    except Skipped as reason:
        print(f"packages.{options.topic}: {reason}" + ("" if in_ci() else ", skipped"))
        return 1 if in_ci() else SKIPPED
    except Failed as failure:
        print(failure)
        return 1
    shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
