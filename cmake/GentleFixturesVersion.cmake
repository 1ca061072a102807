# The one place that holds the version: the top level, the helper and the installed package include it.
set(GentleFixtures_VERSION 0.1.0)
