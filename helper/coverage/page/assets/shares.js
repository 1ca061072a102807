// How much is covered: colours, bars and cards of lines, branches, functions and conditions.
"use strict";

gentle.shares = (function () {
  const all = ["lines", "branches", "functions", "conditions"];
  const titles = { lines: "Lines", branches: "Branches", functions: "Functions", conditions: "Conditions" };
  const verbs = { lines: "executed", branches: "taken", functions: "called", conditions: "decided" };

  // Conditions only where the compiler has told any.
  function kinds() {
    return gentle.index.hasConditions ? all : all.slice(0, -1);
  }

  function percent(share) {
    return share.all === 0 ? null : (100 * share.covered) / share.all;
  }

  // 100 % is said only where nothing is left, 0 % only where there is nothing.
  function text(share) {
    const value = percent(share);
    if (value === null) return "\u2013";
    let tenths = Math.round(value * 10);
    if (tenths === 1000 && share.covered < share.all) tenths = 999;
    if (tenths === 0 && share.covered > 0) tenths = 1;
    return (tenths / 10).toFixed(1) + "\u00a0%";
  }

  function level(share) {
    const value = percent(share);
    if (value === null) return "none";
    const limits = gentle.index.limits;
    return value >= limits[1] ? "high" : value >= limits[0] ? "medium" : "low";
  }

  function bar(share) {
    const filled = gentle.element("span", { class: "filled" });
    filled.style.width = (percent(share) || 0) + "%";
    return gentle.element("span", { class: "bar", "aria-hidden": "true" }, filled);
  }

  function numbers(share) {
    return gentle.shownCount(share.covered) + "\u2009/\u2009" + gentle.shownCount(share.all);
  }

  // Of these shares, in characters: as long as that of any part of them.
  function longestNumbers(shares) {
    return Math.max(...kinds().map(function (kind) { return numbers(shares[kind]).length; }));
  }

  // A cell of a table.
  function cell(share, role) {
    return gentle.element("td", { class: "share " + level(share), role: role || null },
      bar(share), gentle.element("span", { class: "percent" }, text(share)),
      gentle.element("span", { class: "numbers" }, share.all === 0 ? "" : numbers(share)));
  }

  function card(kind, share) {
    return gentle.element("div", { class: "card " + level(share) },
      gentle.element("dt", {}, titles[kind]),
      gentle.element("dd", {}, gentle.element("strong", {}, text(share)), " ",
        gentle.element("span", { class: "numbers" },
          share.all === 0 ? "none" : numbers(share) + " " + verbs[kind]), bar(share)));
  }

  function cards(shares) {
    const list = gentle.element("dl", { class: "cards" });
    for (const kind of kinds()) list.append(card(kind, shares[kind]));
    return list;
  }

  function empty() {
    const shares = {};
    for (const kind of all) shares[kind] = { covered: 0, all: 0 };
    return shares;
  }

  function add(sum, more) {
    for (const kind of all) {
      sum[kind].covered += more[kind].covered;
      sum[kind].all += more[kind].all;
    }
  }

  return { kinds: kinds, titles: titles, percent: percent, text: text, level: level, bar: bar,
    longestNumbers: longestNumbers, cell: cell, cards: cards, empty: empty, add: add };
})();
