// The lines of one source. They are put into the page in blocks: those that one looks at now, then,
// between other work, the rest. A browser lays out only the blocks that are in sight.
"use strict";

gentle.source = (function () {
  const kBlock = 100; // lines
  const kSlice = 8; // milliseconds
  const kLineHeight = 1.25; // rem, as in page.css
  let view = null;

  function read(data) {
    const text = data.text === null ? [] : data.text.split("\n");
    if (text.length > 0 && text[text.length - 1] === "") text.pop();
    const counts = new Map();
    for (let i = 0; i < data.lines.length; i += 2) counts.set(data.lines[i], data.lines[i + 1]);
    const branches = new Map();
    for (const line of data.branches) branches.set(line[0], line.slice(1).map(gentle.branches.read));
    const decisions = new Map();
    for (const line of data.conditions) decisions.set(line[0], line.slice(1).map(gentle.conditions.read));
    const last = data.lines.length === 0 ? 0 : data.lines[data.lines.length - 2];
    return { text: text, counts: counts, branches: branches, decisions: decisions, partial: new Set(data.partial),
      excluded: new Set(data.excluded), length: Math.max(text.length, last) };
  }

  // Of its branches and of its conditions.
  function sharesOf(source, line) {
    return [gentle.branches.shareOf(source.branches.get(line) || []),
      gentle.conditions.shareOf(source.decisions.get(line) || [])];
  }

  function isPartial(share) {
    return share.covered < share.all;
  }

  function canOpen(source, line) {
    return source.branches.has(line) || source.decisions.has(line);
  }

  function stateOf(source, line) {
    if (source.excluded.has(line)) return "excluded";
    if (!source.counts.has(line)) return "plain";
    if (!gentle.isCovered(source.counts.get(line))) return "miss";
    return sharesOf(source, line).some(isPartial) ? "partial" : "hit";
  }

  function countText(source, line, state) {
    if (state === "excluded") return "excluded";
    if (state === "plain") return "";
    return gentle.shownCount(source.counts.get(line)) + (state !== "miss" && source.partial.has(line) ? "*" : "");
  }

  function branchCell(line) {
    const cell = gentle.element("span", { class: "branches", role: "cell" });
    if (!canOpen(view.source, line)) return cell;
    const shares = sharesOf(view.source, line);
    const branches = shares[0];
    const conditions = shares[1];
    let text = branches.all === 0 ? "throw" : branches.covered + "/" + branches.all;
    let label = branches.all === 0 ? "Branches of exceptions" : branches.covered + " of " + branches.all + " branches taken";
    if (conditions.all > 0) {
      text += " " + conditions.covered + "/" + conditions.all;
      label += ", " + conditions.covered + " of " + conditions.all + " outcomes of conditions decided";
    }
    cell.append(gentle.button(text, function () { toggle(line); }, { "aria-expanded": "false", "aria-label": label,
      title: label, class: shares.some(isPartial) ? "some" : "all" }));
    return cell;
  }

  function rowElement(line) {
    const source = view.source;
    const state = source.states[line];
    const code = gentle.element("code", { class: "code", role: "cell" });
    const words = view.words && view.words[line - 1];
    if (words) gentle.colours.fill(code, words);
    else code.textContent = (source.text[line - 1] || "").replace(/\r$/, "");
    const count = gentle.element("span", { class: "count", role: "cell" }, countText(source, line, state));
    if (count.textContent.endsWith("*")) count.title = "Some of this line was not executed";
    return gentle.element("div", { class: "line " + state, role: "row", id: "L" + line, tabindex: "-1" },
      gentle.element("span", { class: "number", role: "rowheader" },
        gentle.element("a", { href: gentle.link.file(view.name, line), tabindex: "-1" }, String(line))),
      count, branchCell(line), code);
  }

  function fill(block) {
    if (block.isFilled) return;
    block.isFilled = true;
    block.isColoured = view.words !== null;
    const part = document.createDocumentFragment();
    for (let line = block.first; line <= block.last; ++line) part.append(rowElement(line));
    block.element.append(part);
    mark(block);
  }

  // Colours come when all words are known, to the blocks near what is in sight.
  function colour(block) {
    if (block.isColoured || !block.isFilled || !view.words) return;
    block.isColoured = true;
    for (let line = block.first; line <= block.last; ++line) {
      const words = view.words[line - 1];
      if (words) gentle.colours.fill(document.getElementById("L" + line).querySelector(".code"), words);
    }
  }

  function blockOf(line) {
    return view.blocks[Math.floor((line - 1) / kBlock)];
  }

  function mark(block) {
    if (!view.range) return;
    const last = Math.min(view.range.last, block.last);
    for (let line = Math.max(view.range.first, block.first); line <= last; ++line) {
      document.getElementById("L" + line).classList.add("target");
    }
  }

  function makeBlocks(place) {
    for (let first = 1; first <= view.source.length; first += kBlock) {
      const last = Math.min(first + kBlock - 1, view.source.length);
      const element = gentle.element("div", { class: "block", role: "rowgroup" });
      element.style.containIntrinsicSize = "auto " + (last - first + 1) * kLineHeight + "rem";
      const block = { first: first, last: last, element: element, isFilled: false, isColoured: false };
      view.blocks.push(block);
      view.byElement.set(element, block);
      place.append(element);
    }
  }

  // Works on what is left, as long as this view is shown.
  function goOn(mine, work) {
    setTimeout(function () {
      if (mine !== view) return;
      const end = performance.now() + kSlice;
      while (performance.now() < end) if (!work()) return;
      goOn(mine, work);
    }, 0);
  }

  function fillRest() {
    let next = 0;
    goOn(view, function () {
      if (next === view.blocks.length) {
        colourSoon();
        return false;
      }
      fill(view.blocks[next++]);
      return true;
    });
  }

  function colourSoon() {
    if (view.source.text.length === 0) return;
    const mine = view;
    setTimeout(function () {
      if (mine !== view) return;
      if (!view.words) view.words = gentle.colours.linesOf(view.text, view.name);
      const near = new IntersectionObserver(function (entries) {
        if (mine !== view) return near.disconnect();
        for (const entry of entries) if (entry.isIntersecting) colour(view.byElement.get(entry.target));
      }, { rootMargin: "1500px" });
      for (const block of view.blocks) near.observe(block.element);
    }, 0);
  }

  function columns() {
    const row = gentle.element("div", { class: "line columns", role: "row" });
    for (const name of [["number", "Line"], ["count", "Count"], ["branches", "Branches"], ["code", "Source"]]) {
      row.append(gentle.element("span", { class: name[0], role: "columnheader" }, name[1]));
    }
    return gentle.element("div", { role: "rowgroup" }, row);
  }

  // Runs of lines of one state; lines without code do not end one.
  function runsOf(source, state) {
    const runs = [];
    let before = "";
    for (let line = 1; line <= source.length; ++line) {
      const now = source.states[line];
      if (now === "plain") continue;
      if (now === state && (before !== state || state === "partial")) runs.push(line);
      before = now;
    }
    return runs;
  }

  const kFirstPaint = 20000; // characters whose words are known before anything is shown

  function show(name, data, names, range) {
    const source = read(data);
    source.states = [""];
    for (let line = 1; line <= source.length; ++line) source.states.push(stateOf(source, line));
    const text = (data.text || "").replace(/\r\n/g, "\n");
    view = { name: name, source: source, text: text, names: names, blocks: [], byElement: new Map(), words: null,
      range: range, misses: runsOf(source, "miss"), partials: runsOf(source, "partial"), at: range ? range.first : 0 };
    if (text.length <= kFirstPaint) view.words = gentle.colours.linesOf(text, name);
    const table = gentle.element("div", { class: "source" + (gentle.index.hasConditions ? " wide" : ""), role: "table", "aria-label": "Source of " + name,
      "aria-rowcount": source.length + 1 }, columns());
    makeBlocks(table);
    return table;
  }

  // After the table stands in the page.
  function begin() {
    if (view.blocks.length === 0) return;
    fill(view.blocks[0]);
    if (view.range) goTo(view.range, true);
    fillRest();
  }

  function isInSight(element) {
    const box = element.getBoundingClientRect();
    return box.top > 120 && box.bottom < window.innerHeight - 20;
  }

  function goTo(range, isNew) {
    const first = Math.min(range.first, view.source.length);
    if (first < 1) return;
    for (const old of document.querySelectorAll(".line.target")) old.classList.remove("target");
    view.range = range;
    view.at = first;
    // Its neighbours too, so that nothing moves when they are filled.
    const number = Math.floor((first - 1) / kBlock);
    for (const block of view.blocks.slice(Math.max(0, number - 1), number + 2)) fill(block);
    for (const block of view.blocks) if (block.isFilled) mark(block);
    const row = document.getElementById("L" + first);
    if (isNew || !isInSight(row)) row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  }

  function toggle(line, wanted) {
    const row = document.getElementById("L" + line);
    const button = row.querySelector(".branches button");
    const isOpen = button.getAttribute("aria-expanded") === "true";
    if (wanted === isOpen) return;
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) row.nextElementSibling.remove();
    else row.after(gentle.element("div", { class: "line opened", role: "row" },
      gentle.branches.details(view.source.branches.get(line) || [], view.source.decisions.get(line) || [], view.names)));
  }

  function fillAll() {
    for (const block of view.blocks) fill(block);
    if (!view.words) view.words = gentle.colours.linesOf(view.text, view.name);
    for (const block of view.blocks) colour(block);
  }

  function toggleAll() {
    fillAll();
    view.areOpen = !view.areOpen;
    for (let line = 1; line <= view.source.length; ++line) {
      if (canOpen(view.source, line)) toggle(line, view.areOpen);
    }
  }

  // The next or previous line of "misses" or "partials", or null.
  function next(kind, step) {
    const lines = view[kind];
    const at = view.at;
    const found = step > 0 ? lines.find(function (line) { return line > at; })
      : lines.filter(function (line) { return line < at; }).pop();
    return found === undefined ? null : { line: found, number: lines.indexOf(found) + 1, all: lines.length };
  }

  function ruler() {
    return view === null ? null : { states: view.source.states, length: view.source.length };
  }

  function close() {
    view = null;
  }

  // On paper a link is only its text, and a browser takes minutes to place thousands of them.
  function setLinks(areLinks) {
    for (const link of document.querySelectorAll(".number a")) {
      if (areLinks) link.href = gentle.link.file(view.name, link.textContent);
      else link.removeAttribute("href");
    }
  }

  window.addEventListener("beforeprint", function () {
    if (!view) return;
    fillAll();
    setLinks(false);
  });
  window.addEventListener("afterprint", function () {
    if (view) setLinks(true);
  });

  return { show: show, begin: begin, goTo: goTo, next: next, toggleAll: toggleAll, ruler: ruler, close: close };
})();
