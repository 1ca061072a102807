// The keys, as they act and as the help shows them.
"use strict";

gentle.keys = (function () {
  const help = document.getElementById("help");
  const inFile = function (action) {
    return function () {
      if (gentle.file.isShown()) action();
    };
  };
  const next = function (kind, step) {
    return inFile(function () { gentle.file.next(kind, step); });
  };

  const keys = [
    ["n", "Next uncovered lines", next("misses", 1)],
    ["p", "Previous uncovered lines", next("misses", -1)],
    ["b", "Next line with a branch that was not taken", next("partials", 1)],
    ["B", "Previous line with a branch that was not taken", next("partials", -1)],
    ["e", "Open or close the branches of all lines", inFile(gentle.source.toggleAll)],
    ["c", "Open or close the list of functions", inFile(gentle.file.toggleFunctions)],
    ["]", "Next file", inFile(function () { gentle.file.neighbour(1); })],
    ["[", "Previous file", inFile(function () { gentle.file.neighbour(-1); })],
    ["u", "Up to the folder", inFile(gentle.file.up)],
    ["f", "Find a file", gentle.finder.show],
    ["/", "Filter the files of the overview", filter],
    ["d", "Dark or light", gentle.theme.toggle],
    ["?", "These keys", show],
  ];
  const inTree = [
    ["\u2191 \u2193", "In the tree: the row above or below"],
    ["\u2190 \u2192", "In the tree: close or open a folder"],
    ["Enter", "In the tree: open"],
    ["Esc", "Close what is open above the page"],
  ];

  function filter() {
    if (gentle.file.isShown()) gentle.file.up();
    // After the view has changed.
    setTimeout(function () {
      const search = document.getElementById("search");
      search.focus();
      search.select();
    }, 0);
  }

  function show() {
    const list = gentle.element("dl", { class: "keys" });
    for (const key of keys.concat(inTree)) {
      list.append(gentle.element("dt", {}, gentle.element("kbd", {}, key[0])), gentle.element("dd", {}, key[1]));
    }
    const text = "A line's number is a link to it; with the shift key a second one makes a range. " +
      "A star after a count: some of the line was not executed.";
    help.replaceChildren(gentle.element("h2", { id: "help-title" }, "Keys"), list, gentle.element("p", {}, text),
      gentle.button("Close", function () { help.close(); }));
    help.showModal();
  }

  function isTyping(element) {
    return element.matches("input, select, textarea") || document.querySelector("dialog[open]") !== null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    const key = keys.find(function (one) { return one[0] === event.key; });
    if (!key) return;
    event.preventDefault();
    key[2]();
  });

  return { show: show };
})();
