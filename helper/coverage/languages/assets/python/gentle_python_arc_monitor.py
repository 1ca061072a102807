# Records arcs as gentle_python_arcs.py does, by the events of sys.monitoring, from Python 3.12 on.
# It costs little once the ways of a program are known: a place that an event has told of all there is
# to tell is asked no more.
#
# An arc is the end of a *stretch*: of instructions of one line that run one after the other, from the
# first one of the line, or from where a conditional jump went, up to the next line, to another
# conditional jump (whose own stretches go on), or out of the code. Where a stretch ends its
# instructions tell, so its first execution tells the arc, without looking at what comes after. (Of a
# line that raises the arc is not true, but the report leaves out those to lines that never ran.) Only
# if an exception could end it elsewhere, and the line has other ends too, its frame is watched until
# the next line. Of each exception an event of its own tells, and the table of handlers where it goes.
import bisect
import dis
import sys
from sys import _getframe as frame_at

OPCODES = dis.opmap
JUMPS = {*dis.hasjrel, *dis.hasjabs}
CACHE = OPCODES["CACHE"]
EXTENDED_ARG = OPCODES["EXTENDED_ARG"]
SEND = OPCODES["SEND"]
RESUME = OPCODES["RESUME"]
TAKES_STOP = SEND, OPCODES["FOR_ITER"]  # a StopIteration there is the end of what they go through
END_ASYNC_FOR = OPCODES["END_ASYNC_FOR"]


def _named(*names):
    return {OPCODES[name] for name in names if name in OPCODES}


JUMPS_BACK = _named("JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
GOES_ON_ELSEWHERE = {OPCODES["JUMP_FORWARD"], SEND, *JUMPS_BACK}
RETURNS = _named("RETURN_VALUE", "RETURN_CONST")
RAISES = _named("RAISE_VARARGS", "RERAISE")
# They neither raise nor call anything.
QUIET = _named("EXTENDED_ARG", "NOP", "POP_TOP", "COPY", "SWAP", "PUSH_NULL", "END_FOR", "END_SEND", "LOAD_CONST",
               "LOAD_FAST", "STORE_FAST", "POP_EXCEPT", "PUSH_EXC_INFO", "RESUME")

# From 3.13 on the first line of a function has no event of its own if it is that of its `def`.
NO_LINE_AT_START = sys.version_info >= (3, 13)
# To watch a code costs less from then on than to begin and end with it each time.
OFTEN = 32
# In place of where a conditional jump went.
BOTH_WAYS = -1


# What the instructions of a code tell, and what of it is settled: its arc needs no further look.
class Code:
    def __init__(self, code, number):
        self.code = code  # kept: it is known by its identity
        self.number = number
        self.text = code.co_code
        self.settled_lines = set()  # offsets of first instructions
        self.settled_raises = set()  # offsets, and whether an `async for` ended there
        self.settled_ways = {}  # by offset of a conditional jump: where it went, or BOTH_WAYS
        self.watched_frames = set()
        self.stays_watched = False
        self.raised = 0  # so often was a stretch left by an exception
        # No event tells where this instruction goes. So all lines of its code are looked at.
        self.has_hidden_ways = END_ASYNC_FOR in self.text[::2]
        self._handlers = None
        self._starts, self._lines = [], []
        parts, before = {}, None
        for start, _, line in code.co_lines():
            self._starts.append(start)
            self._lines.append(line)
            if line != before:
                parts[line] = parts.get(line, 0) + 1
            before = line
        self.lines_in_parts = {line for line, count in parts.items() if count > 1}

    def line_at(self, offset):
        return self._lines[bisect.bisect_right(self._starts, offset) - 1]

    # Of the stretch of a line from this offset on: the next line or -first, or 0 in a conditional jump;
    # and whether something may raise before its end, if that is not what ends it.
    def end_of_stretch(self, offset, line):
        text, may_raise, raises, more, passed = self.text, False, False, 0, set()
        while offset is not None and offset < len(text) and offset not in passed:
            passed.add(offset)
            instruction, argument = text[offset], more | text[offset + 1]
            next_line = self.line_at(offset)
            if instruction == CACHE:
                offset += 2
                continue
            if next_line and next_line != line:
                return next_line, may_raise and not raises
            more = argument << 8 if instruction == EXTENDED_ARG else 0
            if instruction in RETURNS:
                break
            if instruction in RAISES:
                raises = True
                offset = self._handler_of(offset)
            elif instruction in GOES_ON_ELSEWHERE:
                may_raise = may_raise or instruction == SEND
                offset = self._behind(offset) + (-2 if instruction in JUMPS_BACK else 2) * argument
            elif instruction in JUMPS:
                return 0, False
            else:
                may_raise = may_raise or instruction not in QUIET
                offset += 2
        return -self.code.co_firstlineno, may_raise and not raises

    # As coverage.py sees it, who is told to end while it waits at a yield does not leave. The end of an
    # `async for` lets go on what is not its own exception.
    def end_of_raise(self, offset, line, ends_async_for):
        handler = self._handler_of(offset)
        if handler is not None and self.text[handler] == END_ASYNC_FOR and not ends_async_for:
            handler = self._handler_of(handler)
        target = -self.code.co_firstlineno if handler is None else self.end_of_stretch(handler, line)[0]
        return 0 if target < 0 and RESUME in self.text[offset:offset + 3:2] else target

    def _behind(self, offset):
        offset += 2
        while offset < len(self.text) and self.text[offset] == CACHE:
            offset += 2
        return offset

    # The innermost one, by Objects/exception_handling_notes.txt of Python's sources; None: the caller's.
    def _handler_of(self, offset):
        if self._handlers is None:
            self._handlers = list(_handlers_in(self.code.co_exceptiontable))
        return next((target for start, end, target in self._handlers if start <= offset < end), None)


def _handlers_in(table):
    numbers, number = [], 0
    for byte in table:
        number = number << 6 | byte & 63
        if not byte & 64:
            numbers.append(2 * number)
            number = 0
    for start, length, target, _ in zip(*[iter(numbers)] * 4):
        yield start, start + length, target


# A frame in a stretch: its next line, or its end, is looked at.
class Watch:
    __slots__ = "known", "line", "target", "place"

    def __init__(self, known, line, target, place):
        self.known = known
        self.line = line
        self.target = target  # where the stretch ends unless something raises; 0: that is not known
        self.place = place  # the stretch: offset of a line, or of a conditional jump and where it went


class Monitor:
    # Of the two tools, the first one asks at each place until it is settled. The second one asks at all
    # lines of the codes that have watched frames.
    def __init__(self, recorder, tool, watcher):
        self.recorder = recorder
        self.tool = tool
        self.watcher = watcher
        self.codes = {}  # those of sources that count, by identity: they are kept
        self.watches = {}  # by identity of the frame
        monitoring = sys.monitoring
        events = self.events = monitoring.events
        self.disable = monitoring.DISABLE
        # From 3.14 on each way of a jump has an event of its own, which ends with its first one.
        self.has_event_of_each_way = hasattr(events, "BRANCH_LEFT")
        ways = (events.BRANCH_LEFT, events.BRANCH_RIGHT) if self.has_event_of_each_way else (events.BRANCH,)
        self.branches = sum(ways)
        on_branch = self.branch_callback()
        for number, event, callback in (
                (watcher, events.LINE, self.on_watched_line), (watcher, events.PY_START, self.on_watched_start),
                (watcher, events.PY_RETURN, self.on_watched_return), (tool, events.RAISE, self.on_raise),
                (tool, events.LINE, self.on_line), (tool, events.PY_START, self.on_start),
                *((tool, way, on_branch) for way in ways)):
            monitoring.register_callback(number, event, callback)
        monitoring.set_events(tool, events.LINE | events.RAISE | (events.PY_START if NO_LINE_AT_START else 0))

    def known(self, code):
        name = code.co_filename
        number = self.recorder.numbers.get(name)
        if number is None:
            number = self.recorder.number_of(name)
        if not number:
            return None
        known = self.codes[id(code)] = Code(code, number)
        try:
            if known.has_hidden_ways:
                known.stays_watched = True
                self.switch_watching(known)
            else:
                sys.monitoring.set_local_events(self.tool, code, self.branches)
        except BaseException:  # the stack is full, or the handler of a signal raises: another time
            del self.codes[id(code)]
            raise
        return known

    def on_line(self, code, line):
        known = self.codes.get(id(code)) or self.known(code)
        if known is None:
            return self.disable
        self.recorder.line(known.number, line)
        frame = frame_at(1)
        if self.watches:
            self.reach(frame, line)
        if known.has_hidden_ways:
            self.watches[id(frame)] = Watch(known, line, 0, None)
            return self.disable
        place = frame.f_lasti
        if place in known.settled_lines or \
                self.look(known, frame, line, place, place, line in known.lines_in_parts):
            return self.disable
        return None

    def on_start(self, code, offset):
        known = self.codes.get(id(code)) or self.known(code)
        if known and not known.has_hidden_ways:
            line = known.line_at(offset)
            if line and line == known.line_at(offset + 2):
                self.look(known, frame_at(1), line, offset, offset, False)
        return self.disable

    # In loops it is called each time until both ways were taken, so the usual case comes first.
    def branch_callback(self):
        codes = self.codes
        known_way = self.disable if self.has_event_of_each_way else None

        def on_branch(code, offset, destination):
            known = codes.get(id(code))
            if known is None:
                return self.disable
            settled = known.settled_ways.get(offset)
            if settled == destination:
                return known_way
            if settled != BOTH_WAYS:
                line = known.line_at(offset)
                place = offset, destination
                if not line:
                    self.settle(known, place)
                else:
                    self.look(known, frame_at(1), line, place, destination, True)
                settled = known.settled_ways.get(offset)
            return self.disable if settled == BOTH_WAYS else known_way if settled == destination else None

        return on_branch

    # Notes the arc of a stretch, now or when its frame has come to its end. Returns whether it is settled.
    def look(self, known, frame, line, place, offset, has_other_ends):
        target, may_raise = known.end_of_stretch(offset, line)
        if not may_raise or not has_other_ends:
            if target != 0:
                self.recorder.arc(known.number, line, target)
            self.settle(known, place)
            return True
        self.watches[id(frame)] = Watch(known, line, target, place)
        known.watched_frames.add(id(frame))
        self.switch_watching(known)
        return False

    def settle(self, known, place):
        if isinstance(place, int):
            known.settled_lines.add(place)
            return
        offset, destination = place
        if known.settled_ways.setdefault(offset, destination) != destination:
            known.settled_ways[offset] = BOTH_WAYS

    # Another thread may add a frame meanwhile: who adds one switches on after that.
    def switch_watching(self, known):
        events = self.events
        for _ in range(2):
            is_watched = bool(known.watched_frames) or known.stays_watched
            wanted = events.LINE | events.PY_START | events.PY_RETURN if is_watched else 0
            if sys.monitoring.get_local_events(self.watcher, known.code) != wanted:
                sys.monitoring.set_local_events(self.watcher, known.code, wanted)
            if is_watched:
                return

    def on_watched_line(self, code, line):
        frame = frame_at(1)
        self.reach(frame, line)
        known = self.codes[id(code)]
        if known.has_hidden_ways:
            self.watches[id(frame)] = Watch(known, line, 0, None)

    # The identity may have been that of a generator that nobody has ended.
    def on_watched_start(self, code, offset):
        watch = self.watches.pop(id(frame_at(1)), None)
        if watch:
            watch.known.watched_frames.discard(id(frame_at(1)))

    def on_watched_return(self, code, offset, result):
        self.reach(frame_at(1), -code.co_firstlineno)

    def on_raise(self, code, offset, exception):
        known = self.codes.get(id(code))
        if known is None or isinstance(exception, StopIteration) and known.text[offset] in TAKES_STOP:
            return
        if self.watches and not known.has_hidden_ways:
            watch = self.watches.pop(id(frame_at(1)), None)
            if watch:
                known.watched_frames.discard(id(frame_at(1)))
                known.raised += 1
                known.stays_watched = known.raised >= OFTEN
                self.switch_watching(known)
        ends_async_for = isinstance(exception, StopAsyncIteration)
        if (offset, ends_async_for) not in known.settled_raises:
            line = known.line_at(offset)
            target = line and known.end_of_raise(offset, line, ends_async_for)
            if target:
                self.recorder.arc(known.number, line, target)
            known.settled_raises.add((offset, ends_async_for))

    def reach(self, frame, target):
        watch = self.watches.get(id(frame))
        if watch is None or watch.line == target or watch.known.code is not frame.f_code:
            return
        known = watch.known
        del self.watches[id(frame)]
        self.recorder.arc(known.number, watch.line, target)
        if watch.target == target:
            self.settle(known, watch.place)
        known.watched_frames.discard(id(frame))
        if not known.watched_frames and not known.stays_watched:
            self.switch_watching(known)


# Whether there was room for it among the tools of the process.
def monitor(recorder):
    tools = []
    for tool in (4, 3):
        try:
            sys.monitoring.use_tool_id(tool, "gentle")
            tools.append(tool)
        except ValueError:
            for other in tools:
                sys.monitoring.free_tool_id(other)
            return False
    Monitor(recorder, *tools)
    return True
