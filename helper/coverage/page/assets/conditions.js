// The conditions of a line (MC/DC): which terms of a decision have decided it alone, and how.
"use strict";

gentle.conditions = (function () {
  const kByTrue = 1;
  const kByFalse = 2;

  // A decision as it comes: a digit for each of its terms.
  function read(digits) {
    return Array.from(digits, function (digit) {
      return { byTrue: (digit & kByTrue) !== 0, byFalse: (digit & kByFalse) !== 0 };
    });
  }

  function shareOf(decisions) {
    const share = { covered: 0, all: 0 };
    for (const terms of decisions) {
      for (const term of terms) share.covered += Number(term.byTrue) + Number(term.byFalse);
      share.all += 2 * terms.length;
    }
    return share;
  }

  function text(term, number) {
    const start = "Term " + number + ": ";
    if (term.byTrue && term.byFalse) return start + "has decided, true and false";
    if (term.byTrue) return start + "has decided by true, never by false";
    if (term.byFalse) return start + "has decided by false, never by true";
    return start + "has never decided";
  }

  function element(terms) {
    const list = gentle.element("ul", {});
    terms.forEach(function (term, number) {
      const kind = term.byTrue && term.byFalse ? "taken" : "untaken";
      list.append(gentle.element("li", { class: kind }, text(term, number)));
    });
    return gentle.element("div", { class: "decision" }, gentle.element("p", {}, "Condition of " + terms.length +
      (terms.length === 1 ? " term" : " terms")), list);
  }

  return { read: read, shareOf: shareOf, element: element };
})();
