// The branches of a line: how many were taken, and what became of each; its conditions stand below them.
"use strict";

gentle.branches = (function () {
  const kFallThrough = 1;
  const kThrow = 2;
  const kExceptional = 4;

  // The groups of a line as they come: [line of the function, column, count, flags, ...].
  function read(group) {
    const branches = [];
    for (let i = 2; i < group.length; i += 2) {
      branches.push({ count: group[i], isTaken: gentle.isCovered(group[i]),
        isFallThrough: (group[i + 1] & kFallThrough) !== 0, isThrow: (group[i + 1] & kThrow) !== 0,
        isExceptional: (group[i + 1] & (kThrow | kExceptional)) !== 0 });
    }
    return { line: group[0], column: group[1], branches: branches };
  }

  function isCounted(branch) {
    return !branch.isExceptional || gentle.index.throwBranches;
  }

  function shareOf(groups) {
    const share = { covered: 0, all: 0 };
    for (const group of groups) {
      for (const branch of group.branches.filter(isCounted)) {
        ++share.all;
        if (branch.isTaken) ++share.covered;
      }
    }
    return share;
  }

  function text(branch, number) {
    let result = "Branch " + number + ": ";
    result += branch.isTaken ? "taken " + gentle.shownCount(branch.count) + (branch.count === 1 ? " time" : " times")
      : "never taken";
    if (branch.isFallThrough) result += ", falls through";
    if (branch.isThrow) result += ", by an exception";
    if (branch.isExceptional && !branch.isThrow) result += ", without an exception";
    if (!isCounted(branch)) result += ", not counted";
    return result;
  }

  function groupElement(group, names) {
    const list = gentle.element("ul", {});
    group.branches.forEach(function (branch, number) {
      const kind = !isCounted(branch) ? "uncounted" : branch.isTaken ? "taken" : "untaken";
      list.append(gentle.element("li", { class: kind }, text(branch, number)));
    });
    const name = names.get(group.line);
    const where = group.line === 0 ? null
      : gentle.element("p", {}, "In " + (name || "the function") + ", which begins at line " + group.line);
    return gentle.element("div", {}, where, list);
  }

  // What stands below a line when its branches are opened.
  function details(groups, decisions, names) {
    const made = gentle.element("div", { class: "details", role: "cell" });
    for (const group of groups) made.append(groupElement(group, names));
    for (const terms of decisions) made.append(gentle.conditions.element(terms));
    return made;
  }

  return { read: read, shareOf: shareOf, details: details };
})();
