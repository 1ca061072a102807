# Records the arcs of Python, from each line to the one that is executed next, as coverage.py does it
# to measure branches: which of them are branches it decides when it reports. Used instead of the
# recorder of lines alone if the project's configuration of coverage.py says `branch = true`.
import opcode
import sys

import gentle_python_arc_ends

OPCODES = opcode.opmap
RESUME = OPCODES.get("RESUME")  # from Python 3.11 on
YIELD_VALUE = OPCODES["YIELD_VALUE"]
YIELD_FROM = OPCODES.get("YIELD_FROM")
RETURN_VALUE = OPCODES["RETURN_VALUE"]
# A code is called so often before we look whether all of its arcs are there.
HOT = 32
OUT = 0  # in place of the next line
FROM = -1  # in the arcs of a line: the line itself


def start(recorder):
    if (3, 12) <= sys.version_info:
        import gentle_python_arc_monitor
        if gentle_python_arc_monitor.monitor(recorder):
            return
    _trace(recorder)


# Whether a frame begins, or goes on behind a yield.
def _begins(frame):
    if RESUME is None:
        return frame.f_lasti < 0
    return frame.f_code.co_code[frame.f_lasti + 1] == 0


# Whether the event "return" is the end of the frame, and no yield, nor that of one which is told to end
# while it waits at a yield, as coverage.py sees it: it stands at the yield or, from 3.13 on, behind.
def _ends(frame):
    code, last = frame.f_code.co_code, frame.f_lasti
    if RESUME is None:
        if code[last] == YIELD_VALUE:
            return False
        return code[last] == RETURN_VALUE or last + 2 >= len(code) or code[last + 2] != YIELD_FROM
    return RESUME not in code[last:last + 3:2]


# Of a code, by line: a dictionary with the same of each next line, and with the line itself at FROM.
class _Arcs(dict):
    def __init__(self, code, number):
        super().__init__()
        self.code = code  # kept: it is known by its identity
        self.number = number
        self.calls = 0
        self.next_look = HOT
        self.possible = ()

    def __missing__(self, line):
        targets = self[line] = {FROM: line}
        return targets

    def has_all(self):
        if sys.version_info >= (3, 12):  # whose instructions gentle_python_arc_monitor.py reads
            return False
        if not self.possible:
            self.possible = gentle_python_arc_ends.arcs_of(self.code)
        if self.possible is None:
            return False
        self.next_look *= 2
        lines = {line for targets in self.values() for line in targets}
        return all(target in (lines if line is None else self.get(line, ())) for line, target in self.possible)


def _trace(recorder):
    all_arcs = {}  # by the identity of a code
    done = set()  # identities of codes that need not be looked at: all of their arcs are there
    kept = []  # these codes
    numbers = recorder.numbers

    def arcs_of(code):
        number = numbers.get(code.co_filename)
        if number is None:
            number = recorder.number_of(code.co_filename)
        if not number:
            leave(code)
            return None
        all_arcs[id(code)] = arcs = _Arcs(code, number)
        return arcs

    def leave(code):
        kept.append(code)
        done.add(id(code))

    def on_call(frame, event, argument):
        code = frame.f_code
        if id(code) in done:
            return None
        arcs = all_arcs.get(id(code)) or arcs_of(code)
        if arcs is None:
            return None
        arcs.calls += 1
        # Each time it is twice as long until the next look.
        if arcs.calls == arcs.next_look and arcs.has_all():
            leave(code)
            return None
        targets = arcs[-code.co_firstlineno if _begins(frame) else frame.f_lineno]

        def on_event(frame, event, argument):
            nonlocal targets
            if event == "line":
                try:
                    targets = targets[frame.f_lineno]
                except KeyError:
                    line = frame.f_lineno
                    recorder.line(arcs.number, line)
                    if targets[FROM] > 0:
                        recorder.arc(arcs.number, targets[FROM], line)
                    targets[line] = arcs[line]
                    targets = arcs[line]
            elif event == "return" and OUT not in targets and _ends(frame):
                if targets[FROM] > 0:
                    recorder.arc(arcs.number, targets[FROM], -code.co_firstlineno)
                targets[OUT] = None
            return on_event

        return recorder.guarded(frame, arcs.number, on_event)

    recorder.trace_by(on_call)
