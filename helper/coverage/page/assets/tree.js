// The folders of a report. A folder that holds only one other stands in its row.
"use strict";

gentle.tree = (function () {
  function folder(name, label) {
    return { name: name, label: label, folders: new Map(), files: [], shares: gentle.shares.empty(),
      count: 0, parent: null };
  }

  // "/usr/x.h" has the parts "/usr" and "x.h".
  function partsOf(name) {
    const parts = name.split("/");
    if (parts[0] === "" && parts.length > 1) parts.splice(0, 2, "/" + parts[1]);
    return parts;
  }

  function insert(root, file) {
    const parts = partsOf(file.name);
    let at = root;
    for (let i = 0; i + 1 < parts.length; ++i) {
      if (!at.folders.has(parts[i])) {
        const name = at.name === "" ? parts[i] : at.name + "/" + parts[i];
        const made = folder(name, parts[i]);
        made.parent = at;
        at.folders.set(parts[i], made);
      }
      at = at.folders.get(parts[i]);
    }
    file.label = parts[parts.length - 1];
    file.folder = at;
    at.files.push(file);
    for (let up = at; up; up = up.parent) {
      gentle.shares.add(up.shares, file.shares);
      ++up.count;
    }
  }

  function build(files) {
    const root = folder("", "");
    for (const file of files) insert(root, file);
    return root;
  }

  function find(root, name) {
    let at = root;
    if (name === "") return root;
    for (const part of partsOf(name)) {
      at = at.folders.get(part);
      if (!at) return null;
    }
    return at;
  }

  // The folder and those below it that stand in one row, as [last folder, label].
  function joined(first) {
    let last = first;
    let label = first.label;
    while (last.files.length === 0 && last.folders.size === 1) {
      last = last.folders.values().next().value;
      label += "/" + last.label;
    }
    return { folder: last, label: label };
  }

  return { build: build, find: find, joined: joined };
})();
