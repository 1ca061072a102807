"""What a suite starts by itself counts with FIXTURES NONE, killed or not; without coverage it is a test like any other."""

from coverage_counts import check_agreement, counted
from harness import HERE, Project, equal


def check(tools):
    kept = Project(tools, HERE / "coverage_none", tools.work / "kept")
    kept.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", "-DWITH_COVERAGE=ON", "-DKEPT=ON")
    kept.ctest().passed()
    summary, _ = check_agreement(kept, "1 file")
    equal("lines", counted(summary, "server.cc"), (3, 5))

    lost = Project(tools, HERE / "coverage_none", tools.work / "lost")
    lost.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", "-DWITH_COVERAGE=ON", "-DKEPT=OFF")
    lost.ctest().failed().says("no process has written any data")

    without = Project(tools, HERE / "coverage_none", tools.work / "without")
    without.configured_and_built("-DWITH_COVERAGE=OFF", "-DKEPT=ON")
    without.ctest().passed().says("1/1 Test")
