// Shows what the address names: "#file=<name>&L=<line>[-<line>]", "#folder=<name>" or everything.
"use strict";

(function () {
  const overview = document.getElementById("overview");
  const file = document.getElementById("file");
  const problem = document.getElementById("problem");
  const heights = new Map(); // of each view, how far one had scrolled
  let shown = null;

  function rangeOf(text) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text || "");
    if (!match || Number(match[1]) < 1) return null;
    const first = Number(match[1]);
    return { first: first, last: Math.max(first, Number(match[2] || first)) };
  }

  function present(view, key, name, height) {
    for (const one of [overview, file, problem]) one.hidden = one !== view;
    document.title = name === "" ? gentle.index.title : name + " \u2013 " + gentle.index.title;
    if (shown !== key) {
      shown = key;
      window.scrollTo(0, height);
    }
  }

  function fail(text) {
    problem.textContent = text;
    present(problem, "problem", "", 0);
  }

  function showFile(name, range) {
    const wanted = gentle.index.byName.get(name);
    if (!wanted) return fail("This report has no file '" + name + "'.");
    const key = "file " + name;
    gentle.file.show(wanted, range, function () {
      present(file, key, name, heights.get(key) || 0);
    }, function (error) {
      fail("The file cannot be shown: " + error.message + ".");
    });
  }

  function showFolder(name) {
    if (!gentle.overview.show(name)) return fail("This report has no folder '" + name + "'.");
    const key = "folder " + name;
    present(overview, key, name, heights.get(key) || 0);
  }

  function route() {
    if (shown) heights.set(shown, window.scrollY);
    let wanted;
    try {
      wanted = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
    } catch (error) {
      wanted = new URLSearchParams();
    }
    if (wanted.has("file")) showFile(wanted.get("file"), rangeOf(wanted.get("L")));
    else showFolder(wanted.get("folder") || "");
  }

  function onClick(id, action) {
    document.getElementById(id).addEventListener("click", action);
  }

  if (!gentle.index) {
    problem.textContent = "The data of this report, page/index.js, cannot be read.";
    problem.hidden = false;
    return;
  }
  onClick("theme", gentle.theme.toggle);
  onClick("find", gentle.finder.show);
  onClick("keys", gentle.keys.show);
  onClick("skip", function () { document.getElementById("report").focus(); });
  gentle.theme.apply(gentle.theme.isDark() ? "dark" : "light");
  document.getElementById("made").textContent = [gentle.index.timestamp,
    gentle.index.root === "" ? "" : "Names are relative to " + gentle.index.root].filter(Boolean).join(" \u00b7 ");
  history.scrollRestoration = "manual";
  window.addEventListener("hashchange", route);
  route();
})();
