"""What `gcov --json-format` and read_gcov tell of an object, field by field."""

import collections
import json

# What a line, a branch or a function is compared by, as far as this gcov tells it.
LINE = ("line_number", "count", "unexecuted_block", "function_name")
BRANCH = ("count", "fallthrough", "throw", "source_block_id", "destination_block_id")
FUNCTION = ("name", "start_line", "start_column", "end_line", "end_column", "execution_count",
            "blocks", "blocks_executed")
CONDITION = ("count", "covered", "not_covered_true", "not_covered_false")

Totals = collections.Counter


def compare(gcov: dict, own: dict, totals: Totals) -> list[str]:
    """The disagreements, and in `totals` how many lines, branches and so on were compared."""
    found = []
    files = {entry["file"]: entry for entry in gcov["files"]}
    own_files = {entry["file"]: entry for entry in own["files"]
                 if entry["lines"] or entry["functions"] or entry["file"] in files}
    if gcov["files"] and gcov["current_working_directory"] != own["current_working_directory"]:
        found.append("the folder of the compiler differs")
    for name in sorted(files.keys() | own_files.keys()):
        if name not in files or name not in own_files:
            found.append(f"{name}: only {'gcov' if name in files else 'read_gcov'} has it")
            continue
        theirs = _shape(files[name])
        found += [f"{name}: {text}" for text in _differences(theirs, _shape(own_files[name], theirs))]
        totals["files"] += 1
        totals["lines"] += len(files[name]["lines"])
        totals["functions"] += len(files[name]["functions"])
        for line in files[name]["lines"]:
            totals["executed lines"] += line["count"] != 0
            totals["branches"] += len(line["branches"])
            totals["conditions"] += len(line.get("conditions", ()))
    return found


def _fields(names: tuple[str, ...], item: dict) -> dict:
    return {name: item[name] for name in names if name in item}


def _shape(entry: dict, like: dict | None = None) -> dict:
    """Lines and functions by what names them; of ours only the fields that gcov's have."""
    shaped = {"lines": collections.defaultdict(list), "functions": collections.defaultdict(list),
              "knows_blocks": False}
    for line in entry["lines"]:
        fields = _fields(LINE, line)
        fields["branches"] = [_fields(BRANCH, branch) for branch in line["branches"]]
        if line.get("conditions"):
            fields["conditions"] = [_fields(CONDITION, one) for one in line["conditions"]]
        if any("source_block_id" in branch for branch in line["branches"]):
            shaped["knows_blocks"] = True
        shaped["lines"][line["line_number"]].append(fields)
    if like and not like["knows_blocks"]:
        for lines in shaped["lines"].values():
            for branch in (branch for line in lines for branch in line["branches"]):
                del branch["source_block_id"], branch["destination_block_id"]
    for function in entry["functions"]:
        shaped["functions"][function["name"]].append(_fields(FUNCTION, function))
    for items in (*shaped["lines"].values(), *shaped["functions"].values()):
        items.sort(key=lambda item: json.dumps(item, sort_keys=True))
    return shaped


def _differences(theirs: dict, own: dict) -> list[str]:
    found = []
    for kind in ("lines", "functions"):
        for key in sorted(theirs[kind].keys() | own[kind].keys()):
            one, other = theirs[kind].get(key, []), own[kind].get(key, [])
            if one != other:
                gone = [item for item in one if item not in other]
                new = [item for item in other if item not in one]
                found.append(f"{kind} {key}: gcov {json.dumps(gone)}, read_gcov {json.dumps(new)}")
    return found
