// The view of one file: how much of it is covered, its functions and its source.
"use strict";

gentle.file = (function () {
  const kFunctionsAtOnce = 300;
  const place = document.getElementById("file");
  let file = null;
  let canvas = null;

  function functionRow(one) {
    const isCalled = gentle.isCovered(one[2]);
    const blocks = { covered: one[5], all: one[4] };
    return gentle.element("tr", { class: isCalled ? "hit" : "miss" },
      gentle.element("th", { scope: "row" }, gentle.element("code", {}, one[0])),
      gentle.element("td", {}, gentle.element("a", { href: gentle.link.file(file.name, one[1]) }, String(one[1]))),
      gentle.element("td", { class: "calls" }, isCalled ? gentle.shownCount(one[2]) : "never"),
      gentle.element("td", {}, gentle.shownCount(one[3])),
      gentle.element("td", {}, gentle.shares.text(blocks)));
  }

  // By a column of the data; a second time, the other way round.
  function sorted(functions, by, down) {
    const value = function (one) {
      if (by === 4) return one[4] === 0 ? 2 : one[5] / one[4];
      return by === 0 ? one[0] : Number(one[by]);
    };
    return functions.slice().sort(function (left, right) {
      const a = value(left);
      const b = value(right);
      const result = a < b ? -1 : a > b ? 1 : left[1] - right[1];
      return down ? -result : result;
    });
  }

  function functionTable(functions) {
    const body = gentle.element("tbody", {});
    const more = gentle.button("", function () { fill(functions.length); }, { class: "more" });
    const sort = { by: 1, down: false };
    const heads = [];

    function fill(limit) {
      body.replaceChildren();
      for (const one of sorted(functions, sort.by, sort.down).slice(0, limit)) body.append(functionRow(one));
      more.hidden = limit >= functions.length;
      more.textContent = "Show all " + functions.length + " functions";
      for (const head of heads) {
        head.setAttribute("aria-sort", Number(head.dataset.by) !== sort.by ? "none"
          : sort.down ? "descending" : "ascending");
      }
    }

    const row = gentle.element("tr", {});
    for (const column of [["Function", 0], ["Line", 1], ["Calls", 2], ["Returned", 3], ["Blocks", 4]]) {
      const head = gentle.element("th", { scope: "col", "data-by": column[1] }, gentle.button(column[0], function () {
        sort.down = sort.by === column[1] && !sort.down;
        sort.by = column[1];
        fill(kFunctionsAtOnce);
      }));
      heads.push(head);
      row.append(head);
    }
    fill(kFunctionsAtOnce);
    return gentle.element("div", { class: "functions" },
      gentle.element("table", {}, gentle.element("thead", {}, row), body), more);
  }

  // Made when they are opened: a header of templates may have thousands.
  function functionList(functions) {
    const share = file.shares.functions;
    const made = gentle.element("details", { class: "function-list", id: "functions" },
      gentle.element("summary", {}, gentle.element("h3", {}, "Functions: " + share.covered + " of " + share.all + " called")));
    made.addEventListener("toggle", function () {
      if (made.open && made.childElementCount === 1) made.append(functionTable(functions));
    });
    return made;
  }

  function steps() {
    return gentle.element("div", { class: "controls" },
      gentle.keyButton("Next uncovered", "n", function () { next("misses", 1); }),
      gentle.keyButton("Previous", "p", function () { next("misses", -1); }),
      gentle.keyButton("Next branch", "b", function () { next("partials", 1); }),
      gentle.keyButton("All branches", "e", gentle.source.toggleAll),
      gentle.keyButton("Previous file", "[", function () { neighbour(-1); }),
      gentle.keyButton("Next file", "]", function () { neighbour(1); }));
  }

  function namesOf(functions) {
    const names = new Map();
    for (const one of functions) {
      names.set(one[1], names.has(one[1]) ? "one of several functions" : one[0]);
    }
    return names;
  }

  // Where in the source the lines are that nobody executed.
  function drawRuler() {
    const ruler = gentle.source.ruler();
    if (!canvas || !ruler || place.hidden) return;
    const style = getComputedStyle(document.documentElement);
    const colours = { miss: style.getPropertyValue("--low"), partial: style.getPropertyValue("--medium") };
    canvas.width = 12;
    canvas.height = canvas.clientHeight;
    const context = canvas.getContext("2d");
    const height = Math.min(4, Math.max(2, canvas.height / ruler.length));
    for (const state of ["partial", "miss"]) {
      context.fillStyle = colours[state];
      for (let line = 1; line <= ruler.length; ++line) {
        if (ruler.states[line] !== state) continue;
        context.fillRect(0, ((line - 1) / ruler.length) * canvas.height, 12, height);
      }
    }
  }

  function makeRuler() {
    canvas = gentle.element("canvas", { class: "ruler", "aria-hidden": "true" });
    canvas.addEventListener("click", function (event) {
      const ruler = gentle.source.ruler();
      const line = Math.ceil((event.offsetY / canvas.clientHeight) * ruler.length);
      gentle.source.goTo({ first: Math.max(1, line), last: Math.max(1, line) }, true);
    });
    return canvas;
  }

  function build(data, range) {
    const table = gentle.source.show(file.name, data, namesOf(data.functions), range);
    gentle.overview.top();
    place.replaceChildren(
      gentle.element("div", { class: "head" }, gentle.trail(file.folder, file),
        gentle.element("h2", { id: "name" }, file.name), steps()),
      gentle.shares.cards(file.shares),
      data.functions.length > 0 ? functionList(data.functions) : "",
      data.text === null ? gentle.element("p", { class: "note" },
        "The source could not be read; these are the lines that were counted.") : "",
      gentle.element("h3", { class: "unseen" }, "Source"), table, makeRuler());
  }

  // Calls `ready` when all is there to be shown at once, or `failed`.
  function show(wanted, range, ready, failed) {
    if (file === wanted) {
      ready();
      if (range) gentle.source.goTo(range, false);
      return;
    }
    file = wanted;
    gentle.loadSource(wanted).then(function (data) {
      if (file !== wanted) return;
      build(data, range);
      ready();
      gentle.source.begin();
      drawRuler();
    }).catch(function (error) {
      if (file !== wanted) return;
      file = null;
      failed(error);
    });
  }

  function next(kind, step) {
    const found = gentle.source.next(kind, step);
    const what = kind === "misses" ? "uncovered" : "with a branch that was not taken";
    if (!found) {
      gentle.say("No other line of this file is " + what + " in this direction");
      return;
    }
    history.replaceState(null, "", gentle.link.file(file.name, found.line));
    gentle.source.goTo({ first: found.line, last: found.line }, false);
    gentle.say("Line " + found.line + ", " + what + ", " + found.number + " of " + found.all);
  }

  function neighbour(step) {
    const other = gentle.index.files[file.number + step];
    if (other) location.hash = gentle.link.file(other.name);
  }

  function up() {
    location.hash = gentle.link.folder(file.folder.name);
  }

  function toggleFunctions() {
    const list = document.getElementById("functions");
    if (!list) return;
    list.open = !list.open;
    list.querySelector("summary").focus();
  }

  // A range of lines: a second line, with the shift key.
  place.addEventListener("click", function (event) {
    const link = event.target.closest(".number a");
    if (!link || !event.shiftKey) return;
    event.preventDefault();
    const from = document.querySelector(".line.target");
    const lines = [Number(link.textContent), from ? Number(from.id.slice(1)) : Number(link.textContent)];
    location.hash = gentle.link.file(file.name, Math.min(...lines) + "-" + Math.max(...lines));
  });
  window.addEventListener("resize", drawRuler);
  document.addEventListener("theme", drawRuler);

  return { show: show, next: next, neighbour: neighbour, up: up, toggleFunctions: toggleFunctions,
    isShown: function () { return !place.hidden && file !== null; } };
})();
