# Which arcs a code can have, by its instructions, in Python 3.9 to 3.11: a code that has them all
# needs no tracer any more.
import dis
import sys

TELLS_OF_STARTS_ONLY = sys.version_info < (3, 10)
OUT = 0  # in place of the next line
ALWAYS_JUMP = ("JUMP_FORWARD", "JUMP_ABSOLUTE", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT")
ENDS = ("RETURN_VALUE", "RAISE_VARARGS", "RERAISE")
# Behind these comes a RERAISE if an exception is of another class, or a `with` lets it through. It is
# no way on that coverage.py counts.
ASKS_ABOUT_EXCEPTION = ("CHECK_EXC_MATCH", "WITH_EXCEPT_START")


def _lines_by_offset(code):
    lines = {}
    if hasattr(code, "co_lines"):
        for start, end, line in code.co_lines():
            lines.update(dict.fromkeys(range(start, end, 2), line))
        return lines
    line = None
    starts = dict(dis.findlinestarts(code))
    for offset in range(0, len(code.co_code), 2):
        line = lines[offset] = starts.get(offset, line)
    return lines


# Pairs of a line and the next one or OUT, as the tracer would see them, and for each line one of None
# and the line. None if an exception decides about some: nobody knows where it goes.
def arcs_of(code):
    instructions = list(dis.get_instructions(code))
    lines = _lines_by_offset(code)
    starts = dict(dis.findlinestarts(code))
    places = {instruction.offset: place for place, instruction in enumerate(instructions)}
    begin = max((place for place, instruction in enumerate(instructions[:8])
                 if instruction.opname in ("RESUME", "GEN_START")), default=-1) + 1
    arcs, raising, asserting = set(), set(), set()
    is_hidden = False

    def places_after(place):
        instruction = instructions[place]
        jumps = instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs
        if not jumps or instruction.opname.startswith("SETUP_"):  # whose target is a handler
            return [place + 1]
        target = places[instruction.argval]
        return [target] if instruction.opname in (*ALWAYS_JUMP, "SEND") else [place + 1, target]

    def add_arcs(line, place, passed):
        nonlocal is_hidden
        while place not in passed:
            passed.add(place)
            instruction = instructions[place]
            target = lines.get(instruction.offset)
            if target is not None:
                if target != line:
                    arcs.add((line, target))
                    # In Python 3.9 the tracer is not told of a jump into the middle of a line.
                    is_hidden = is_hidden or TELLS_OF_STARTS_ONLY and instruction.offset not in starts
                return
            if instruction.opname == "RETURN_VALUE":
                arcs.add((line, OUT))
            if instruction.opname in ENDS:
                return
            place, *others = places_after(place)
            for other in others:
                add_arcs(line, other, passed)

    for place, instruction in enumerate(instructions[begin:], begin):
        line = lines.get(instruction.offset)
        if line is None:
            continue
        arcs.add((None, line))
        if instruction.opname == "RETURN_VALUE":
            arcs.add((line, OUT))
        elif instruction.opname == "RAISE_VARARGS":
            raising.add(line)
        elif instruction.opname == "RERAISE":
            if not _is_asked_about(instructions, places_after, place):
                raising.add(line)
        elif instruction.opname == "LOAD_ASSERTION_ERROR":
            asserting.add(line)
        if instruction.opname not in ENDS:
            for other in places_after(place):
                add_arcs(line, other, set())
    is_hidden = is_hidden or any(line in raising - asserting for line, _ in arcs)
    return None if is_hidden else arcs


def _is_asked_about(instructions, places_after, place):
    asking = (other for other, instruction in enumerate(instructions)
              if instruction.opname == "JUMP_IF_NOT_EXC_MATCH" or
              other > 0 and instructions[other - 1].opname in ASKS_ABOUT_EXCEPTION)
    return any(place in places_after(other) for other in asking)
