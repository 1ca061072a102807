# Starts the recorder of gentle in a Python process, and steps aside: the sitecustomize that this
# one hides is imported in its place, or is as absent as it would be without us.
import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))
if sys.version_info >= (3, 9) and os.environ.get("GENTLE_PYTHON_HITS"):
    try:
        import gentle_python_recorder
        gentle_python_recorder.start(os.environ["GENTLE_PYTHON_HITS"], _here,
                                     bool(os.environ.get("GENTLE_PYTHON_BRANCHES")))
    except Exception as _error:
        # The process has no hits, which the stop of the service tells.
        sys.stderr.write("gentle: warning: record Python: %s, continuing\n" % _error)
sys.path[:] = [_path for _path in sys.path if os.path.abspath(_path or ".") != _here]
del sys.modules["sitecustomize"]
import sitecustomize  # noqa: E402,F401  without one, it raises what site expects
