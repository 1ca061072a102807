# Records which lines of Python a process executes, so that no end of the process can lose one: at
# the first execution of a line, one word goes into a file that is mapped into memory. What is in
# that memory belongs to the kernel, whatever kills the process. No descriptor stays open: a daemon
# that closes all of them takes nothing from us, and a number that is used again never gets our
# bytes.
#
# The files of a process, in <folder>/<pid>/ (read by helper/coverage/languages/hits.cc):
#   python.<time>.hits   words of 8 bytes in the order of the machine: kMagic, a loss, its errno, and
#                        5 of 0; then a hit each, or 0 where a thread was killed before it wrote one:
#                        number of the source << 48 | line, or, of an arc, number of the source << 48
#                        | its line << 24 | LEAVES if it leaves the code that begins at the line
#                        that follows | line
#   python.<time>.names  texts that a zero ends: "P <version> <interpreter>", "A" if arcs are
#                        recorded, and for each source "F <number> <size> <crc32> <path>", before its
#                        first hit; "X 1 <path>" for an archive, whose sources are not recorded
import atexit
import binascii
import errno
import itertools
import mmap
import os
import stat
import sys
import time
from _thread import get_ident

MAGIC = int.from_bytes(b"GPYHITS1", sys.byteorder)
HEADER_WORDS = 8
WORD = 8
MOST_FILES = (1 << 16) - 1
MOST_LINES = (1 << 24) - 1
MOST_LINES_OF_ARCS = (1 << 23) - 1
LEAVES = 1 << 23
LARGEST_SOURCE = 16 << 20

# Python 3.9 and 3.10 copy the variables of a frame before each call of its tracer, and back behind it.
COPIES_VARIABLES = sys.version_info < (3, 11) and sys.implementation.name == "cpython"
IS_FUNCTION = 1  # CO_OPTIMIZED of co_flags

# In the second word of a file; the texts are in hits.cc.
LOST_GROWTH = 1
LOST_NAME = 2
LOST_TOO_MUCH = 3
LOST_FORK = 4
LOST_TRACER = 5
LOST_FROM_OUTSIDE = 10


def _mapped(fd, size, offset):
    if sys.version_info >= (3, 13):
        return mmap.mmap(fd, size, offset=offset, trackfd=False)
    # mmap keeps a duplicate, for which it takes the lowest free number. Not needed, and in the way.
    probe = os.dup(fd)
    os.close(probe)
    memory = mmap.mmap(fd, size, offset=offset)
    try:
        ours, its = os.fstat(fd), os.fstat(probe)
        if probe != fd and (ours.st_dev, ours.st_ino) == (its.st_dev, its.st_ino):
            os.close(probe)
    except OSError:
        pass  # another thread was faster: then it stays open
    return memory


class _HitsFile:
    """The words of one process. No lock: a signal handler or another thread may come at any time."""

    chunk = max(mmap.ALLOCATIONGRANULARITY, 1 << 14)
    chunk_words = chunk // WORD

    def __init__(self, folder):
        self.pid = os.getpid()
        own = "%s/%d" % (folder, self.pid)
        os.makedirs(own, exist_ok=True)
        self.path = "%s/python.%x.hits" % (own, time.time_ns())
        self.names = self.path[:-len("hits")] + "names"
        self.slots = itertools.count(HEADER_WORDS)
        self.views = {}
        self.identity = None
        self._map(0)
        head = self.views[0]
        head[0] = MAGIC
        self._map(1)

    def _map(self, number):
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
        if self.identity is None:
            flags |= os.O_CREAT | os.O_EXCL
        fd = os.open(self.path, flags, 0o666)
        try:
            info = os.fstat(fd)
            if self.identity is None:
                self.identity = (info.st_dev, info.st_ino)
            elif self.identity != (info.st_dev, info.st_ino):
                raise OSError(errno.ESTALE, "another file is in its place")
            self._reserve(fd, number * self.chunk, info.st_size)
            memory = memoryview(_mapped(fd, self.chunk, number * self.chunk)).cast("Q")
        finally:
            os.close(fd)
        self.views.setdefault(number, memory)

    # Room on the disk: a page without any would be the end of the process (SIGBUS).
    def _reserve(self, fd, offset, size):
        try:
            os.posix_fallocate(fd, offset, self.chunk)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL):
                raise
            if size < offset + self.chunk:
                os.ftruncate(fd, offset + self.chunk)

    def lose(self, loss, number=0):
        head = self.views[0]
        if head[1] == 0:
            head[2] = number or 0
            head[1] = loss

    def put(self, word):
        slot = next(self.slots)
        number, place = divmod(slot, self.chunk_words)
        # One chunk more than is needed: it may be a while until a descriptor is free.
        if number + 1 not in self.views:
            try:
                self._map(number + 1)
            except (OSError, ValueError, MemoryError) as error:
                if number not in self.views:
                    return self.lose(LOST_GROWTH, getattr(error, "errno", 0))
        if number not in self.views:
            return self.lose(LOST_GROWTH)
        self.views[number][place] = word

    def put_name(self, text):
        fd = os.open(self.names, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW,
                     0o666)
        try:
            text += b"\0"
            if os.write(fd, text) != len(text):
                raise OSError(errno.ENOSPC, "no room")
        finally:
            os.close(fd)


# For the report. A program with Python in it, such as uWSGI, is sys.executable itself: it would start again.
def _interpreter():
    program = sys.executable or ""
    if os.path.basename(program).rstrip("0123456789.dmt") in ("python", "pypy"):
        return program
    version = "python%d.%d" % sys.version_info[:2]
    places = [sys.prefix + "/bin/" + version, sys.prefix + "/bin/python3"]
    if program:
        places.insert(0, os.path.dirname(program) + "/" + version)
    return next((place for place in places if os.access(place, os.X_OK)), "")


class Recorder:
    def __init__(self, folder, here, with_arcs):
        self.folder = folder
        self.with_arcs = with_arcs
        self.start_folder = os.getcwd()
        self.library = os.path.dirname(os.__file__) + os.sep
        library = os.path.dirname(os.path.realpath(os.__file__))
        self.left_out = (library + os.sep, os.path.realpath(here) + os.sep)
        if sys.prefix != sys.base_prefix:  # the scripts of a virtual environment
            self.left_out += (os.path.realpath(sys.prefix) + "/bin/",)
        self.numbers = {}  # by co_filename; 0: its lines are not recorded
        self.sources = []  # (number, text of its name), to be told again in a child
        self.next_number = itertools.count(1)
        self.seen = set()
        self.kept = []  # mapped files of our parents, never unmapped: see _mapped
        self.tracer = None  # what sys.settrace was given, before Python 3.12
        self.thread = get_ident()  # the first one, that of the tracer
        self.file = self._begin()
        # Also keeps all of this until the interpreter is gone.
        os.register_at_fork(before=self.see_tracer, after_in_child=self.after_fork)

    def _begin(self):
        file = _HitsFile(self.folder)
        version = "%d.%d.%d" % sys.version_info[:3]
        file.put_name(b"P %s %s" % (version.encode(), os.fsencode(_interpreter())))
        if self.with_arcs:
            file.put_name(b"A")
        for text in self.sources:
            file.put_name(text)
        return file

    def after_fork(self):
        parent = self.file
        if parent.pid == os.getpid():
            return
        self.kept.append(parent)
        try:
            self.file = self._begin()
        except Exception as error:
            parent.pid = os.getpid()  # no second try, and the slots of our parent stay its own
            parent.lose(LOST_FORK, getattr(error, "errno", 0))
            self.file = None
            return
        if self.tracer is not None and sys.gettrace() is self.tracer:
            self.thread = get_ident()
        # It is not traced if its parent was not any more.
        loss, number = parent.views[0][1], parent.views[0][2]
        if loss in (LOST_TRACER, LOST_FROM_OUTSIDE):
            self.file.lose(loss, number)

    def number_of(self, name):
        try:
            number = self._number_of(name)
        except Exception as error:
            if isinstance(error, RecursionError) and hasattr(sys, "monitoring"):
                raise  # the line is not executed, and comes again: a tracer would be given up
            number = 0
            if self.file is not None:
                self.file.lose(LOST_NAME, getattr(error, "errno", 0))
        self.numbers[name] = number
        return number

    def _number_of(self, name):
        # By its name as well: Debian's library has a link to a file in /etc.
        if name.startswith(("<", self.library)):
            return 0
        path = os.path.realpath(os.path.join(self.start_folder, name))
        if not os.path.isabs(name) and not os.path.exists(path):
            path = os.path.realpath(name)
        if path.startswith(self.left_out) or "/site-packages/" in path or "/dist-packages/" in path:
            return 0
        try:
            contents = self._contents_of(path)
        except NotADirectoryError:
            self._add_archive(path)
            return 0
        if contents is None:
            return 0
        number = next(self.next_number)
        if number > MOST_FILES:
            self.file.lose(LOST_TOO_MUCH)
            return 0
        self._add_name(b"F %d %d %d %s" % (number, *contents, os.fsencode(path)))
        return number

    def _add_name(self, text):
        self.sources.append(text)
        if self.file is not None:
            self.file.put_name(text)

    # "app.pyz" of "app.pyz/app/main.py".
    def _add_archive(self, path):
        while not os.path.lexists(path):
            path = os.path.dirname(path)
        text = b"X 1 %s" % os.fsencode(path)
        if text not in self.sources:
            self._add_name(text)

    # Size and checksum: whether the report sees the source that ran here. Nothing of what is no file.
    def _contents_of(self, path):
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        try:
            info = os.fstat(fd)
            if not stat.S_ISREG(info.st_mode):
                return None
            text = os.read(fd, LARGEST_SOURCE)
            while len(text) < info.st_size:
                more = os.read(fd, LARGEST_SOURCE)
                if not more:
                    break
                text += more
        finally:
            os.close(fd)
        return len(text), binascii.crc32(text)

    # From Python 3.11 on the code of a file without statements has the line 0, which no file has: that of
    # an empty __init__.py, say.
    def line(self, number, line):
        if line < 1:
            return
        if line > MOST_LINES:
            if self.file is not None:
                self.file.lose(LOST_TOO_MUCH)
            return
        self._note(number << 48 | line)

    # From one line to the one that comes next in the same code; or, if `target` is below zero, out of
    # the code that begins at that line.
    def arc(self, number, line, target):
        leaves = target < 0
        if leaves:
            target = -target
        if line < 1 or target == 0:
            return
        if line > MOST_LINES_OF_ARCS or target > MOST_LINES_OF_ARCS:
            if self.file is not None:
                self.file.lose(LOST_TOO_MUCH)
            return
        self._note(number << 48 | line << 24 | (LEAVES if leaves else 0) | target)

    def _note(self, word):
        if word in self.seen:
            return
        if self.file is None or self.file.pid != os.getpid():
            self.after_fork_unseen()
            if self.file is None:
                return
        # Here the stack may be full, or the handler of a signal may raise: what was not put comes again.
        self.file.put(word)
        self.seen.add(word)

    # Of a fork that was not Python's own.
    def after_fork_unseen(self):
        if self.file is not None:
            self.after_fork()

    def monitor(self):
        monitoring = sys.monitoring
        for tool in (4, 3):
            try:
                monitoring.use_tool_id(tool, "gentle")
                break
            except ValueError:
                if tool == 3:
                    return self.file.lose(LOST_TRACER)
        numbers, disable = self.numbers, monitoring.DISABLE

        def on_line(code, line):
            name = code.co_filename
            number = numbers.get(name)
            if number is None:
                number = self.number_of(name)
            if number:
                self.line(number, line)
            return disable

        monitoring.register_callback(tool, monitoring.events.LINE, on_line)
        monitoring.set_events(tool, monitoring.events.LINE)

    def trace(self):
        # By the identity of a code, which is kept, since equal ones of two sources are equal: it, and its
        # lines that were not executed yet; nothing: it need not be looked at.
        codes = {}

        def on_call(frame, event, argument):
            code = frame.f_code
            try:
                _, left = codes[id(code)]
            except KeyError:
                left = self._lines_to_see(code)
                codes[id(code)] = code, left
            if not left:
                return None
            number = self.numbers[code.co_filename]

            def on_line(frame, event, argument):
                line = frame.f_lineno
                if line in left:
                    if event == "line":
                        self.line(number, line)
                        left.discard(line)
                elif not left:
                    frame.f_trace_lines = False
                return on_line

            return self.guarded(frame, number, on_line)

        self.trace_by(on_call)

    # A tracer that leaves the variables of the frame as they would be without it. It returns nothing, which
    # keeps it: in a closure of its own it would keep them until the garbage collector comes.
    def guarded(self, frame, number, tracer):
        if not COPIES_VARIABLES:
            return tracer
        code = frame.f_code
        if code.co_flags & IS_FUNCTION:
            return _holding_variables(frame, tracer)
        if "__class__" in code.co_cellvars and "__class__" in code.co_names:
            return self.until_class_is_set(number, tracer)
        return tracer

    # A class may assign __class__, and a method of it use super(): then the copy (COPIES_VARIABLES)
    # removes what was assigned. So from there on nothing is traced; what surely comes is noted.
    def until_class_is_set(self, number, tracer):
        def on_event(frame, event, argument):
            tracer(frame, event, argument)
            rest = _lines_from_assigned_class(frame) if event == "line" else None
            if rest is not None:
                for line in rest:
                    self.line(number, line)
                frame.f_trace = None

        return on_event

    def trace_by(self, on_call):
        import threading

        set_trace = sys.settrace
        self.tracer = on_call

        # Whoever takes our place, such as a debugger: from then on nothing is recorded.
        def settrace(function):
            if function is None and _is_called_by_interpreter():
                return
            if function is not on_call and self.file is not None:
                self.file.lose(LOST_TRACER)
            set_trace(function)

        # Of threads that begin later. coverage.py does so before its tracer in C takes our place unseen.
        # An audit hook would see that, but each look at a frame's code then costs more than the call.
        def settrace_of_threads(function):
            if function is not on_call and self.file is not None:
                self.file.lose(LOST_TRACER)
            set_trace_of_threads(function)

        atexit.register(self.see_tracer)
        sys.settrace = settrace
        threading.settrace(on_call)
        set_trace_of_threads = threading.settrace
        threading.settrace = settrace_of_threads
        set_trace(on_call)

    # A tracer in C has taken our place, or Python has given it up, since it raised. Nobody is told when that
    # happens.
    # Threads that Python has not begun were never traced.
    def see_tracer(self):
        is_lost = self.tracer is not None and sys.gettrace() is not self.tracer and self.file is not None
        if is_lost and self.thread == get_ident():
            self.file.lose(LOST_FROM_OUTSIDE)

    def _lines_to_see(self, code):
        name = code.co_filename
        number = self.numbers.get(name)
        if number is None:
            number = self.number_of(name)
        if not number:
            return None
        if hasattr(code, "co_lines"):
            lines = {line for _, _, line in code.co_lines() if line}
        else:
            lines = set(_lines_of_table(code))
        if code.co_name != "<module>":
            lines.discard(code.co_firstlineno)  # that of its def, which the code around executes
        return lines


# PyPy ends the tracing behind the main program, in a frame that it does not show. What runs at exit
# counts as well.
def _is_called_by_interpreter():
    try:
        sys._getframe(2)
    except ValueError:
        return True
    return False


# An object that leaves the variables is in their copy until the next event, and would go when that is
# renewed, where nothing is traced: no line of its __del__ would be recorded. So we hold it, until
# we let it go traced.
def _holding_variables(frame, tracer):
    variables = frame.f_locals  # the copy: this dictionary as long as the frame lives
    held = dict(variables) if frame.f_lasti >= 0 else {}
    call_traced, update, given = sys.call_tracing, held.update, (variables,)
    has_cells = frame.f_code.co_cellvars or frame.f_code.co_freevars

    def on_event(frame, event, argument):
        tracer(frame, event, argument)
        if event == "return":
            call_traced(held.clear, ())
        else:
            call_traced(update, given)
            if len(held) > len(variables):
                for name in [name for name in held if name not in variables]:
                    call_traced(held.__delitem__, (name,))
        if has_cells:
            frame.f_locals  # copies again: what has run may have set them, and all is copied back

    return on_event


# The lines from here on, if the line that begins assigns __class__; those that surely come.
def _lines_from_assigned_class(frame):
    import dis

    line, lines, is_assigned, is_sure = frame.f_lineno, set(), False, True
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.offset < frame.f_lasti:
            continue
        line = instruction.starts_line or line
        lines.add(line)
        if line == frame.f_lineno and instruction.opname == "STORE_NAME":
            is_assigned = is_assigned or instruction.argval == "__class__"
        if instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs:
            is_sure = False
    if not is_assigned:
        return None
    return lines if is_sure else ()


# The lines of Python 3.9: Objects/lnotab_notes.txt of its sources.
def _lines_of_table(code):
    line = code.co_firstlineno
    yield line
    for delta in code.co_lnotab[1::2]:
        line += delta - 256 if delta > 127 else delta
        yield line


def start(folder, here, with_arcs):
    recorder = Recorder(folder, here, with_arcs)
    if with_arcs:
        import gentle_python_arcs
        gentle_python_arcs.start(recorder)
    elif hasattr(sys, "monitoring"):
        recorder.monitor()
    else:
        recorder.trace()
