"""What a suite starts by itself counts with FIXTURES NONE, killed or not; without coverage it is a test like any other."""

from coverage_counts import check_agreement, counted
from small_project import HERE, Project, equal


def check(tools):
    for way in ("BY_ITS_TEST", "BY_ATTACHING"):
        kept = Project(tools, HERE / "coverage_none", tools.work / f"kept {way}")
        kept.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", "-DWITH_COVERAGE=ON", f"-DKEPT={way}")
        kept.ctest().passed()
        summary, _ = check_agreement(kept, "1 file")
        equal(f"lines, {way}", counted(summary, "server.cc"), (3, 5))

        without = Project(tools, HERE / "coverage_none", tools.work / f"without {way}")
        without.configured_and_built("-DWITH_COVERAGE=OFF", f"-DKEPT={way}")
        without.ctest().passed().says("1/1 Test")

    lost = Project(tools, HERE / "coverage_none", tools.work / "lost")
    lost.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", "-DWITH_COVERAGE=ON", "-DKEPT=")
    lost.ctest().failed().says("no process has written any data")
