# The kinds of readiness, a row each: the one place of the CMake functions that knows them all. A row is
#
#   <keyword of READY> none|one|path|many [<option>...]
#
# and says what values the kind takes: a path is below the folder that the service starts in. FOREIGN, STATUS and TIMES may stand
# beside them. AT_PORT: its value may hold the number of a port that the service chooses itself.
# helper/model/ready_kinds.h has the rows for the helper; tests/house/ready_kinds.py sees that both tables say the same.
function(_gentle_ready_rows out_rows)
  set(${out_rows}
    "TCP one FOREIGN"
    "HTTP one FOREIGN STATUS AT_PORT"
    "UNIX path"
    "LOG one TIMES"
    "FILE path"
    "COMMAND many AT_PORT"
    "NOTIFY none"
    "EXIT none"
    PARENT_SCOPE)
endfunction()
