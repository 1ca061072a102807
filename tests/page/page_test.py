#!/usr/bin/env python3
"""The report's page in a browser: what it shows, how it is used, and what it takes for text."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import browser

WRITE = os.environ["GENTLE_WRITE_REPORT"]
SKIPPED = 77
# A folder of pictures to look at is left here, if given.
PICTURES = os.environ.get("PAGE_PICTURES")

SHAPES = """\
// Sums.                                 //: excluded
#include "shapes.h"

int area(int width, int height) {        //: 5 calls 5 area(int, int)
  if (width < 0 || height < 0) {         //: 5 1 4 0 4 0t
    return 0;                            //: 1
  }
  return width * height;                 //: 4*
}

int edge(int width) {                    //: 0 calls 0 edge(int)
  int twice = 2 * width;                 //: 0
  return 2 * twice;                      //: 0
}

int many() {                             //: 12345678 calls 12345678 many()
  return 1;                              //: 12345678
}

int last() {                             //: 0 calls 0 last()
  return "</script><b>bold</b>"[0];      //: 0
}
"""
WICKED = "</script><b>.cc"
WICKED_TEXT = """\
</script><script>document.title = "broken";</script> //: 1 calls 1 f<b>bold</b>()
<img src=x onerror="document.title = 'broken'">      //: 0
<!-- & &amp; \u2028 \u00e4                                //: 3
"""
NAMES = ["src/lib/a b+c%&=#?.cc", "src/lib/\u00fcber.cc", "src/app/main.cc", "tests/one_test.cc"]


def write_project(root: Path) -> None:
    files = {"src/lib/shapes.cc": SHAPES, f"src/lib/{WICKED.replace('/', '_')}": WICKED_TEXT}
    files.update({name: "int f() { return 1; } //: 1 1 0\nint g() { return 2; } //: 0\n" for name in NAMES})
    # "</script><b>.cc" is a file in a folder: a slash is in it.
    files["src/" + WICKED] = WICKED_TEXT
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "src/lib/long.cc").write_text("".join(
        f"int f{i}() {{ return {i}; }} /* {i} */ //: {0 if i % 500 == 499 else i} calls {i} f{i}()\n"
        for i in range(5000)), encoding="utf-8")
    (root / "src/lib/latin.cc").write_bytes(b"// f\xfcr\nint x; //: 1\n")


def write_report(output: Path, root: Path, **environment: str) -> Path:
    output.mkdir(parents=True, exist_ok=True)
    subprocess.run([WRITE, "told", str(output), str(root)], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, **environment})
    return output / "index.html"


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="gentle-page-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name) / "project"
        write_project(cls.root)
        cls.page = write_report(Path(cls.folder.name) / "report", cls.root,
                                PAGE_TITLE="Shapes & <more>", PAGE_TIMESTAMP="2026-01-02 03:04")
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.prefer("light")

    def tearDown(self):
        self.assertEqual([], self.browser.problems())

    def open(self, place: str = "") -> None:
        self.browser.open(self.page, place)
        self.browser.until("!document.getElementById('overview').hidden || "
                           "!document.getElementById('file').hidden || !document.getElementById('problem').hidden")

    def open_file(self, name: str, more: str = "") -> None:
        self.browser.open(self.page)
        link = self.browser.run(f"gentle.link.file({name!r})")
        self.open(link + more)
        self.browser.until("document.querySelector('.line[id]')")

    def row(self, line: int) -> list[str]:
        # Not innerText: a browser knows it only of what it has laid out.
        return self.browser.run(f"Array.from(document.getElementById('L{line}').children, e => e.textContent)")

    def state(self, line: int) -> str:
        return self.browser.run(f"document.getElementById('L{line}').classList[1]")

    def names(self) -> list[str]:
        return self.browser.texts(".tree tbody tr .name a")

    # The overview.

    def test_the_overview_shows_totals_and_the_tree(self):
        self.open()
        self.assertEqual("Shapes & <more>", self.browser.text("h1"))
        self.assertEqual("Shapes & <more>", self.browser.run("document.title"))
        self.assertIn("2026-01-02 03:04", self.browser.text("footer"))
        self.assertIn("Names are relative to " + str(self.root), self.browser.text("footer"))
        cards = self.browser.texts(".card")
        self.assertEqual(["Lines", "Branches", "Functions"], [card.split("\n")[0] for card in cards])
        names = self.names()
        self.assertEqual("src/", names[0])
        self.assertLess(names.index("lib/"), names.index("shapes.cc"))
        self.assertIn("tests/", names)

    def test_a_file_has_its_rates_and_colour(self):
        self.open()
        row = self.browser.run("Array.from(document.querySelectorAll('.tree tbody tr')).filter("
                               "e => e.innerText.includes('shapes.cc'))[0].innerText")
        for expected in ("54.5\u00a0%", "6\u2009/\u200911", "75.0\u00a0%", "3\u2009/\u20094"):
            self.assertIn(expected, row.replace("\n", " "))
        colours = self.browser.run("Array.from(document.querySelectorAll('.tree tbody tr')).filter(e => "
                                   "e.innerText.includes('shapes.cc'))[0].querySelectorAll('td.low').length")
        self.assertEqual(2, colours)  # lines and functions; branches are medium

    def test_folders_close_and_open(self):
        self.open()
        before = self.names()
        self.browser.run("document.querySelector('.tree tbody tr').focus()")
        self.browser.key("ArrowLeft")
        self.assertEqual("false", self.browser.run("document.activeElement.getAttribute('aria-expanded')"))
        self.assertEqual(["src/", "tests/", "one_test.cc"], self.names())
        self.browser.key("ArrowRight")
        self.assertEqual(before, self.names())
        self.browser.key("ArrowDown")
        self.assertEqual(before[1], self.browser.text("tr:focus .name a"))
        self.browser.key("End")
        self.browser.key("Enter")
        self.browser.until("document.querySelector('.line[id]')")
        self.assertEqual("tests/one_test.cc", self.browser.text("#name"))

    def test_a_search_finds_files_by_parts_of_their_names(self):
        self.open()
        self.browser.key("/")
        self.browser.until("document.activeElement.id === 'search'")
        self.browser.type("lib SHA")
        self.assertEqual(["src/lib/shapes.cc"], self.names())
        self.browser.type("nothing")
        self.assertEqual("No file is like that.", self.browser.text(".nothing"))

    def test_sorting_by_lines_puts_the_worst_first_and_last(self):
        self.open()
        self.browser.click("#flat")
        self.browser.click("th[data-by=lines] button")
        self.assertEqual("ascending", self.browser.run(
            "document.querySelector('th[data-by=lines]').getAttribute('aria-sort')"))
        rates = [text.split("\n")[0] for text in self.browser.texts(".tree tbody td:nth-child(2)")]
        values = [float(rate.split("\u00a0")[0]) for rate in rates]
        self.assertEqual(sorted(values), values)
        self.assertGreater(len(set(values)), 2)
        self.browser.click("th[data-by=lines] button")
        again = [text.split("\n")[0] for text in self.browser.texts(".tree tbody td:nth-child(2)")]
        self.assertEqual(list(reversed(rates)), again)

    def test_files_are_chosen_by_their_level(self):
        self.open()
        self.browser.run("const s = document.getElementById('level'); s.value = 'high';"
                         "s.dispatchEvent(new Event('change'))")
        self.assertEqual(["src/lib/latin.cc", "src/lib/long.cc"], sorted(self.names()))

    def test_long_numbers_stay_in_their_column(self):
        root = Path(self.folder.name) / "large"
        root.mkdir()
        (root / "large.cc").write_text("//: 1 1 0 c3\n" + "//: 1\n" * 123456, encoding="utf-8")
        self.browser.open(write_report(Path(self.folder.name) / "large-report", root))
        self.browser.until("document.querySelector('.tree td.share')")
        self.addCleanup(self.browser.resize, 0)
        for width in (1920, 1280, 1000, 700):
            self.browser.resize(width)
            with self.subTest(width=width):
                outside = self.browser.run("Array.from(document.querySelectorAll('.tree td.share > *')).filter(e => "
                                           "e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right).length")
                self.assertEqual(0, outside)
                self.assertIn("123\u2009457", self.browser.run("document.querySelector('.tree .numbers').textContent"))
                self.assertGreater(self.browser.run("document.querySelector('.tree td.name').clientWidth"), 200)

    def test_a_folder_has_a_link(self):
        self.open("#folder=src/lib")
        self.assertIn("shapes.cc", self.names())
        self.assertNotIn("tests/", self.names())
        self.assertEqual(["All files", "src", "lib"], self.browser.texts(".trail li"))

    def test_what_is_not_there_is_said(self):
        self.open("#file=no/<b>such</b>.cc")
        self.assertEqual("This report has no file 'no/<b>such</b>.cc'.", self.browser.text("#problem"))
        self.open("#folder=nowhere")
        self.assertEqual("This report has no folder 'nowhere'.", self.browser.text("#problem"))

    # A file.

    def test_a_file_shows_lines_counts_and_branches(self):
        self.open_file("src/lib/shapes.cc")
        self.assertEqual(["4", "5", ""], self.row(4)[:3])
        self.assertEqual(SHAPES.splitlines()[3], self.row(4)[3])
        self.assertEqual(["5", "5", "3/4"], self.row(5)[:3])
        self.assertEqual("4*", self.row(8)[1])
        self.assertEqual("12\u2009345\u2009678", self.row(17)[1])
        self.assertEqual(["1", "excluded"], self.row(1)[:2])
        states = [self.state(line) for line in (1, 2, 4, 5, 8, 12)]
        self.assertEqual(["excluded", "plain", "hit", "partial", "hit", "miss"], states)

    def test_branches_open_below_their_line(self):
        self.open_file("src/lib/shapes.cc")
        self.browser.click("#L5 .branches button")
        told = self.browser.run("Array.from(document.querySelectorAll('#L5 + .opened li'), e => e.textContent)")
        self.assertEqual(["Branch 0: taken 1 time", "Branch 1: taken 4 times", "Branch 2: never taken",
                          "Branch 3: taken 4 times", "Branch 4: never taken, by an exception, not counted"], told)
        self.assertEqual("true", self.browser.run(
            "document.querySelector('#L5 .branches button').getAttribute('aria-expanded')"))
        self.browser.key("e")
        self.browser.key("e")
        self.assertFalse(self.browser.run("document.querySelector('.opened') !== null"))

    def test_conditions_have_a_rate_and_open_below_their_branches(self):
        root = Path(self.folder.name) / "decides"
        root.mkdir()
        (root / "a.cc").write_text("bool f(bool a, bool b, bool c) { return a && (b || c); } //: 4 4 0 c312 c0\n"
                                   "bool g(bool a, bool b) { return a && b; } //: 4 2 2 c33\n", encoding="utf-8")
        (root / "b.cc").write_text("int h() { return 1; } //: 1\n", encoding="utf-8")
        self.browser.open(write_report(Path(self.folder.name) / "decided", root))
        self.browser.until("document.querySelector('.tree tbody tr')")
        self.assertEqual(["Name", "Lines", "Branches", "Functions", "Conditions"], self.browser.texts(".tree th"))
        self.assertIn("8\u2009/\u200912 decided", self.browser.texts(".card").pop())
        self.browser.click(".tree tbody tr .name a")
        self.browser.until("document.querySelector('.line[id]')")
        self.assertEqual(["1/2 4/8", "2/2 4/4"], [self.row(line)[2] for line in (1, 2)])
        self.assertEqual(["partial", "hit"], [self.state(line) for line in (1, 2)])
        self.browser.click("#L1 .branches button")
        told = self.browser.run("Array.from(document.querySelectorAll('#L1 + .opened .decision > *'), e => e.innerText)")
        self.assertEqual(["Condition of 3 terms", "Term 0: has decided, true and false\n"
                          "Term 1: has decided by true, never by false\nTerm 2: has decided by false, never by true",
                          "Condition of 1 term", "Term 0: has never decided"], told)

    def test_functions_are_listed_with_their_counts(self):
        self.open_file("src/lib/shapes.cc")
        self.browser.key("c")
        self.browser.until("document.querySelector('.functions tbody tr')")
        self.assertIn("2 of 4 called", self.browser.text("#functions summary"))
        rows = [row.split("\t") for row in self.browser.texts(".functions tbody tr")]
        self.assertEqual(["area(int, int)", "4", "5", "5", "75.0\u00a0%"], rows[0])
        self.assertEqual(["edge(int)", "11", "never"], rows[1][:3])

    def test_keys_walk_through_uncovered_lines(self):
        self.open_file("src/lib/shapes.cc")
        self.browser.key("n")
        self.assertEqual("L11", self.browser.run("document.activeElement.id"))
        self.assertEqual("Line 11, uncovered, 1 of 2", self.browser.run("document.getElementById('said').textContent"))
        self.browser.key("n")
        self.assertEqual("L20", self.browser.run("document.activeElement.id"))
        self.browser.key("n")
        self.assertEqual("L20", self.browser.run("document.activeElement.id"))
        self.browser.key("p")
        self.assertTrue(self.browser.run("location.hash").endswith("&L=11"))
        self.browser.key("B")
        self.assertEqual("L5", self.browser.run("document.activeElement.id"))

    def test_a_link_leads_to_its_lines(self):
        self.open_file("src/lib/long.cc", "&L=4321-4323")
        self.browser.until("document.getElementById('L4321')")
        self.assertEqual(["L4321", "L4322", "L4323"],
                         self.browser.run("Array.from(document.querySelectorAll('.target'), e => e.id)"))
        top, height = self.browser.run(
            "[document.getElementById('L4321').getBoundingClientRect().top, innerHeight]")
        self.assertTrue(0 < top < height, top)

    def test_a_place_stays_while_the_rest_is_filled_in(self):
        self.open_file("src/lib/long.cc", "&L=2500")
        self.browser.until("document.getElementById('L5000') && document.getElementById('L2500')"
                           ".querySelector('.t-keyword')")
        self.browser.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        top, height = self.browser.run(
            "[document.getElementById('L2500').getBoundingClientRect().top, innerHeight]")
        self.assertTrue(0 < top < height, top)

    def test_odd_names_have_links_that_work(self):
        for name in NAMES:
            with self.subTest(name=name):
                self.open_file(name, "&L=2")
                self.assertEqual(name, self.browser.text("#name"))
                self.assertEqual("L2", self.browser.run("document.querySelector('.target').id"))

    def test_going_back_shows_the_overview_as_it_was(self):
        self.open()
        self.browser.run("document.querySelector('.tree tbody tr').focus()")
        self.browser.key("ArrowLeft")
        before = self.names()
        self.browser.run("location.hash = gentle.link.file('src/lib/shapes.cc')")
        self.browser.until("!document.getElementById('file').hidden")
        self.browser.run("history.back()")
        self.browser.until("!document.getElementById('overview').hidden")
        self.assertEqual(before, self.names())

    def test_the_finder_opens_a_file(self):
        self.open()
        self.browser.key("f")
        self.browser.type("shps")
        self.assertEqual("src/lib/shapes.cc", self.browser.text("#found .found-name"))
        self.browser.key("Enter")
        self.browser.until("document.querySelector('.line[id]')")
        self.assertEqual("src/lib/shapes.cc", self.browser.text("#name"))

    def test_the_help_names_the_keys(self):
        self.open()
        self.browser.key("?")
        self.assertIn("Next uncovered lines", self.browser.text("#help"))
        self.browser.key("Escape")
        self.assertFalse(self.browser.run("document.getElementById('help').open"))

    def test_colours_come_and_change_no_text(self):
        for name in ("src/lib/shapes.cc", "src/lib/long.cc"):
            self.open_file(name)
            self.browser.until("document.querySelector('.t-keyword')")
            self.browser.until("document.querySelectorAll('.line[id]').length >= 20")
            lines = (self.root / name).read_text(encoding="utf-8").splitlines()
            for number in (1, 4, 21):
                self.assertEqual(lines[number - 1], self.browser.run(
                    f"document.querySelector('#L{number} .code').textContent"))

    # Text is text.

    def test_names_and_sources_are_never_html(self):
        for name in ("src/" + WICKED, "src/lib/" + WICKED.replace("/", "_")):
            self.open_file(name)
            self.browser.key("c")
            self.browser.until("document.querySelector('.functions tbody tr')")
            self.assertEqual(name, self.browser.text("#name"))
            for number, line in enumerate(WICKED_TEXT.split("\n")[:3], 1):
                self.assertEqual(line, self.browser.run(f"document.querySelector('#L{number} .code').textContent"))
            self.assertIn("f<b>bold</b>()", self.browser.text(".functions"))
            self.assertEqual(0, self.browser.run("document.querySelectorAll('b, img, main script').length"))
            self.assertTrue(self.browser.run("document.title").startswith(name))
        self.open()
        self.assertIn("script><b>.cc", self.names())
        self.assertEqual(0, self.browser.run("document.querySelectorAll('b, img').length"))

    def test_latin_1_is_readable(self):
        self.open_file("src/lib/latin.cc")
        self.assertEqual("// f\u00fcr", self.row(1)[3])

    # How it looks.

    def test_dark_is_what_the_system_or_the_reader_wants(self):
        back = "getComputedStyle(document.body).backgroundColor"
        self.open()
        self.assertEqual("rgb(255, 255, 255)", self.browser.run(back))
        self.browser.key("d")
        dark = self.browser.run(back)
        self.assertNotEqual("rgb(255, 255, 255)", dark)
        self.assertEqual("true", self.browser.run("document.getElementById('theme').getAttribute('aria-pressed')"))
        self.open()
        self.assertEqual(dark, self.browser.run(back))
        self.browser.run("localStorage.clear()")
        self.browser.prefer("dark")
        self.open()
        self.assertEqual(dark, self.browser.run(back))

    def test_every_text_has_enough_contrast(self):
        look = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            self.open()
            self.assertEqual([], self.browser.run(look), scheme)
            self.open_file("src/lib/shapes.cc", "&L=12")
            self.browser.key("c")
            self.browser.key("e")
            self.browser.until("document.querySelector('.functions tbody tr') && document.querySelector('.opened')")
            self.assertEqual([], self.browser.run(look), scheme)
            self.browser.key("?")
            self.assertEqual([], self.browser.run(look), scheme)
        self.browser.run("document.documentElement.style.setProperty('--soft', '#777')")
        self.assertNotEqual([], self.browser.run(look), "the check finds nothing")

    def test_controls_and_images_have_names(self):
        for place in ("", "#file=src/lib/shapes.cc"):
            self.open(place)
            nameless = self.browser.run(
                "Array.from(document.querySelectorAll('main button, main input, main select, main a, header button'))"
                ".filter(e => !(e.innerText || e.getAttribute('aria-label') || '').trim() && !e.hidden)"
                ".map(e => e.outerHTML)")
            self.assertEqual([], nameless)
            levels = self.browser.run("Array.from(document.querySelectorAll("
                                      "'h1, section:not([hidden]) h2, section:not([hidden]) h3'), e => e.tagName)")
            self.assertEqual(["H1", "H2"], levels[:2])

    def test_all_of_a_file_is_printed_on_white(self):
        self.browser.prefer("dark")
        self.open_file("src/lib/long.cc")
        with tempfile.TemporaryDirectory() as folder:
            self.browser.print(Path(folder) / "print.pdf")
            self.assertGreater((Path(folder) / "print.pdf").stat().st_size, 50_000)
        self.assertEqual(5000, self.browser.run("document.querySelectorAll('.line[id]').length"))
        self.assertEqual(5000, self.browser.run("document.querySelectorAll('.number a[href]').length"))
        self.browser.call("Emulation.setEmulatedMedia", media="print")
        self.addCleanup(self.browser.call, "Emulation.setEmulatedMedia", media="")
        self.assertEqual("rgb(255, 255, 255)", self.browser.run("getComputedStyle(document.body).backgroundColor"))

    # When something is missing.

    def test_a_report_of_nothing_says_so(self):
        empty = Path(self.folder.name) / "empty"
        empty.mkdir(exist_ok=True)
        self.browser.open(write_report(Path(self.folder.name) / "empty-report", empty))
        self.browser.until("!document.getElementById('overview').hidden")
        self.assertEqual("No source was counted.", self.browser.text(".nothing"))

    def test_data_that_is_missing_is_named(self):
        broken = write_report(Path(self.folder.name) / "broken", self.root)
        for chunk in (broken.parent / "page/sources").iterdir():
            chunk.unlink()
        self.browser.open(broken, "#file=src/lib/shapes.cc")
        self.browser.until("!document.getElementById('problem').hidden")
        self.assertIn("page/sources/", self.browser.text("#problem"))
        self.browser.events.clear()
        (broken.parent / "page/index.js").unlink()
        self.browser.open(broken)
        self.browser.until("!document.getElementById('problem').hidden")
        self.assertIn("page/index.js", self.browser.text("#problem"))
        self.browser.events.clear()

    def test_pictures(self):
        if not PICTURES:
            self.skipTest("PAGE_PICTURES names no folder")
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            self.open()
            self.browser.picture(folder / f"overview-{scheme}.png")
            self.open_file("src/lib/shapes.cc")
            self.browser.click("#L5 .branches button")
            self.browser.key("n")
            self.browser.picture(folder / f"file-{scheme}.png")
        self.browser.print(folder / "file.pdf")


if __name__ == "__main__":
    if browser.program() is None:
        print("page: no Chromium is installed (Debian's package: chromium), so the page is not looked at")
        sys.exit(SKIPPED)
    unittest.main()
