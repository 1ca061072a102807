// The first view: how much is covered, and the tree of folders and files.
"use strict";

gentle.overview = (function () {
  const kRowsAtOnce = 400;
  const kRowsAtFirst = 60;
  const place = document.getElementById("overview");
  const open = new Set(); // names of the folders whose contents are shown
  const sort = { by: "name", down: false };
  let top = null;
  let here = null;
  let query = "";
  let level = "";
  let flat = false;
  let rows = [];
  let shown = 0;
  let body = null;
  let more = null;

  function compareNames(left, right) {
    return left < right ? -1 : left > right ? 1 : 0;
  }

  function compare(left, right) {
    let result = 0;
    if (sort.by !== "name") {
      const of = function (item) {
        const percent = gentle.shares.percent(item.shares[sort.by]);
        return percent === null ? 101 : percent; // nothing to cover comes after all
      };
      result = of(left) - of(right);
      if (result === 0) {
        const missing = function (item) {
          return item.shares[sort.by].all - item.shares[sort.by].covered;
        };
        result = missing(right) - missing(left);
      }
    }
    if (result === 0) result = compareNames(left.name, right.name);
    return sort.down ? -result : result;
  }

  // Every word has to be somewhere in the name.
  function isWanted(file) {
    const name = file.name.toLowerCase();
    const words = query.toLowerCase().split(/\s+/);
    return words.every(function (word) { return name.includes(word); }) &&
      (level === "" || gentle.shares.level(file.shares.lines) === level);
  }

  function filesBelow(folder, found) {
    for (const below of folder.folders.values()) filesBelow(below, found);
    for (const file of folder.files) found.push(file);
    return found;
  }

  function addTreeRows(folder, depth) {
    const folders = Array.from(folder.folders.values(), gentle.tree.joined);
    folders.sort(function (left, right) { return compare(left.folder, right.folder); });
    for (const one of folders) {
      rows.push({ folder: one.folder, label: one.label, depth: depth });
      if (open.has(one.folder.name)) addTreeRows(one.folder, depth + 1);
    }
    for (const file of folder.files.slice().sort(compare)) {
      rows.push({ file: file, label: file.label, depth: depth });
    }
  }

  function collect() {
    rows = [];
    if (query === "" && level === "" && !flat) {
      addTreeRows(here, 1);
    } else {
      for (const file of filesBelow(here, []).filter(isWanted).sort(compare)) {
        rows.push({ file: file, label: file.name, depth: 1 });
      }
    }
  }

  function nameCell(row) {
    const made = gentle.element("td", { class: "name", role: "gridcell" });
    made.style.setProperty("--depth", String(row.depth - 1));
    if (row.folder) {
      const isOpen = open.has(row.folder.name);
      made.append(gentle.element("span", { class: "twist" + (isOpen ? " open" : ""), "aria-hidden": "true" }),
        gentle.element("a", { href: gentle.link.folder(row.folder.name), tabindex: "-1" }, row.label + "/"),
        gentle.element("span", { class: "numbers" }, " " + row.folder.count));
    } else {
      made.append(gentle.element("a", { href: gentle.link.file(row.file.name), tabindex: "-1" }, row.label));
    }
    return made;
  }

  function rowElement(row, number) {
    const item = row.folder || row.file;
    const made = gentle.element("tr", { role: "row", "aria-level": row.depth, tabindex: "-1",
      class: row.folder ? "folder" : "file",
      "aria-expanded": row.folder ? String(open.has(row.folder.name)) : null }, nameCell(row));
    made.dataset.row = String(number);
    for (const kind of gentle.shares.kinds()) made.append(gentle.shares.cell(item.shares[kind], "gridcell"));
    return made;
  }

  function showRows(end) {
    const part = document.createDocumentFragment();
    for (; shown < Math.min(end, rows.length); ++shown) part.append(rowElement(rows[shown], shown));
    body.append(part);
    more.hidden = shown === rows.length;
    more.textContent = "Show the other " + gentle.shownCount(rows.length - shown);
  }

  function refresh(focused) {
    collect();
    body.replaceChildren();
    shown = 0;
    showRows(Math.max(kRowsAtOnce, (focused || 0) + 1));
    const none = place.querySelector(".nothing");
    none.hidden = rows.length > 0;
    none.textContent = gentle.index.files.length === 0 ? "No source was counted." : "No file is like that.";
    const first = body.rows[focused || 0];
    if (first) first.tabIndex = 0;
    if (first && focused !== undefined) first.focus();
    for (const header of place.querySelectorAll("th")) {
      const isSorted = header.dataset.by === sort.by;
      header.setAttribute("aria-sort", !isSorted ? "none" : sort.down ? "descending" : "ascending");
    }
  }

  function toggle(number) {
    const name = rows[number].folder.name;
    if (!open.delete(name)) open.add(name);
    refresh(number);
  }

  function sortBy(kind) {
    sort.down = sort.by === kind && !sort.down;
    sort.by = kind;
    refresh();
  }

  function openAll(isOpen) {
    open.clear();
    const visit = function (folder) {
      open.add(folder.name);
      for (const below of folder.folders.values()) visit(below);
    };
    if (isOpen) visit(here);
    refresh();
  }

  function focusRow(number) {
    if (number < 0 || number >= rows.length) return;
    if (number >= shown) showRows(number + kRowsAtOnce);
    for (const row of body.querySelectorAll("tr[tabindex='0']")) row.tabIndex = -1;
    const row = body.rows[number];
    row.tabIndex = 0;
    row.focus();
  }

  function parentOf(number) {
    let at = number;
    while (at >= 0 && rows[at].depth >= rows[number].depth) --at;
    return at;
  }

  function activate(number) {
    const row = rows[number];
    if (row.folder) toggle(number);
    else location.hash = gentle.link.file(row.file.name);
  }

  function onKey(event) {
    const element = event.target.closest("tr[data-row]");
    if (!element || event.ctrlKey || event.altKey || event.metaKey) return;
    const number = Number(element.dataset.row);
    const folder = rows[number].folder;
    const isOpen = folder && open.has(folder.name);
    const actions = {
      ArrowDown: function () { focusRow(number + 1); },
      ArrowUp: function () { focusRow(number - 1); },
      Home: function () { focusRow(0); },
      End: function () { focusRow(rows.length - 1); },
      Enter: function () { activate(number); },
      " ": function () { activate(number); },
      ArrowRight: function () {
        if (folder && !isOpen) toggle(number);
        else if (folder) focusRow(number + 1);
      },
      ArrowLeft: function () {
        if (isOpen) toggle(number);
        else focusRow(parentOf(number));
      },
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  function onClick(event) {
    const element = event.target.closest("tr[data-row]");
    if (!element || event.target.closest("a")) return;
    if (window.getSelection().toString() === "") activate(Number(element.dataset.row));
  }

  function header(by, title) {
    return gentle.element("th", { scope: "col", "data-by": by, role: "columnheader" },
      gentle.button(title, function () { sortBy(by); }));
  }

  function grid() {
    const head = gentle.element("tr", { role: "row" }, header("name", "Name"));
    for (const kind of gentle.shares.kinds()) head.append(header(kind, gentle.shares.titles[kind]));
    body = gentle.element("tbody", { role: "rowgroup" });
    body.addEventListener("keydown", onKey);
    body.addEventListener("click", onClick);
    const table = gentle.element("table", { role: "treegrid", class: "tree", "aria-label": "Folders and files" },
      gentle.element("thead", { role: "rowgroup" }, head), body);
    table.classList.toggle("crowded", gentle.shares.kinds().length > 3);
    table.style.setProperty("--digits", gentle.shares.longestNumbers(here.shares));
    return table;
  }

  function search() {
    const input = gentle.element("input", { type: "search", id: "search", placeholder: "Filter by path",
      "aria-label": "Filter by path", autocomplete: "off", spellcheck: "false" });
    input.value = query;
    input.addEventListener("input", function () {
      query = input.value.trim();
      refresh();
      gentle.say(rows.length + " files");
    });
    input.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowDown" && event.key !== "Enter") return;
      event.preventDefault();
      focusRow(0);
    });
    return input;
  }

  function levels() {
    const limits = gentle.index.limits;
    const names = [["", "All files"], ["low", "Low: below " + limits[0] + " %"],
      ["medium", "Medium: below " + limits[1] + " %"], ["high", "High"]];
    const select = gentle.element("select", { "aria-label": "Coverage of lines", id: "level" });
    for (const name of names) select.append(gentle.element("option", { value: name[0] }, name[1]));
    select.value = level;
    select.addEventListener("change", function () {
      level = select.value;
      refresh();
    });
    return select;
  }

  function flatButton() {
    const made = gentle.button("Flat list", function () {
      flat = !flat;
      made.setAttribute("aria-pressed", String(flat));
      refresh();
    }, { "aria-pressed": String(flat), id: "flat" });
    return made;
  }

  function controls() {
    return gentle.element("div", { class: "controls" }, search(), levels(), flatButton(),
      gentle.button("Open all", function () { openAll(true); }, { id: "open-all" }),
      gentle.button("Close all", function () { openAll(false); }));
  }

  function build() {
    more = gentle.button("", function () { showRows(shown + 10 * kRowsAtOnce); }, { class: "more" });
    place.replaceChildren(gentle.trail(here, null),
      gentle.element("h2", { class: "unseen" }, here.name === "" ? "All files" : here.name),
      gentle.shares.cards(here.shares), controls(), grid(),
      gentle.element("p", { class: "nothing", hidden: "" }), more);
    refresh();
  }

  // A report of few files is shown whole; of many, the folders that stand on top.
  function start() {
    top = gentle.tree.build(gentle.index.files);
    let left = kRowsAtFirst;
    let level = [top];
    while (level.length > 0) {
      const below = [];
      for (const folder of level) {
        left -= folder.folders.size + folder.files.length;
        if (left < 0) return;
        open.add(folder.name);
        for (const one of folder.folders.values()) below.push(gentle.tree.joined(one).folder);
      }
      level = below;
    }
  }

  // False if there is no such folder.
  function show(name) {
    if (!top) start();
    const folder = gentle.tree.find(top, name);
    if (!folder) return false;
    if (folder !== here) {
      here = folder;
      build();
    }
    return true;
  }

  window.addEventListener("beforeprint", function () {
    if (here && !place.hidden) showRows(rows.length);
  });

  return { show: show, top: function () { if (!top) start(); return top; } };
})();

// Where one is: links to the folders above a folder or a file.
gentle.trail = function (folder, file) {
  const list = gentle.element("ol", {});
  const folders = [];
  for (let at = folder; at; at = at.parent) folders.unshift(at);
  for (const one of folders) {
    const isLast = one === folder && !file;
    list.append(gentle.element("li", {}, gentle.element("a", { href: gentle.link.folder(one.name),
      "aria-current": isLast ? "page" : null }, one.name === "" ? "All files" : one.label)));
  }
  if (file) list.append(gentle.element("li", {}, gentle.element("span", { "aria-current": "page" }, file.label)));
  return gentle.element("nav", { class: "trail", "aria-label": "Folders above" }, list);
};
