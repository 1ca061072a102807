// A source in Java as processes have executed it: by JaCoCo's probes, which unite. Numbers of
// branches do not: of two runs that have each taken one branch of a line, nobody knows whether it
// was the same.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coverage/combine/packed.h"
#include "coverage/table/coverage_table.h"

namespace gentle {

// Numbers of probes of a class. What has them was executed if one of them was.
using ProbeSet = std::vector<std::uint32_t>;

struct ProbedLine {
  ProbeSet probes;
  std::vector<ProbeSet> branches;

  bool operator==(const ProbedLine&) const = default;
};

struct ProbedMethod {
  std::uint32_t line = 0;
  std::string name;
  ProbeSet probes;

  bool operator==(const ProbedMethod&) const = default;
};

struct ProbedClass {
  std::map<std::uint32_t, ProbedLine> lines = {};
  std::vector<ProbedMethod> methods = {};
  std::vector<bool> executed = {};  // by probe

  // Whether the probes stand for the same lines, branches and methods.
  bool has_probes_of(const ProbedClass& other) const;
};

// By the name of the class. Kotlin's inline functions have copies in other classes: "A;B" has the
// probes of B that stand for lines of A.
using ProbedSource = std::map<std::string, ProbedClass>;

// JaCoCo tells how many branches of a line were taken, and not which.
BranchGroup java_branches(std::uint32_t covered, std::uint32_t missed);
TableFunction java_method(const std::string& name, bool is_executed);

TableSource java_table_source(const ProbedSource& source);
// Whether two tables of a source in Java say the same.
bool are_same_counts(const TableSource& one, const TableSource& other);

// Whether the classes that both have are the same: a part of a run may know fewer.
bool fit_together(const ProbedSource& one, const ProbedSource& other);
// Those that fit.
void unite(ProbedSource& sum, const ProbedSource& more);

void pack_probed_source(const ProbedSource& source, Packer& packer);
// Throws Error, with a cause alone; takes memory in proportion to the bytes.
ProbedSource unpack_probed_source(Unpacker& unpacker);

}  // namespace gentle
