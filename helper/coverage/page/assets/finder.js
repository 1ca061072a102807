// Finds a file by some letters of its name.
"use strict";

gentle.finder = (function () {
  const kShown = 30;
  const dialog = document.getElementById("finder");
  const input = gentle.element("input", { type: "text", role: "combobox", "aria-expanded": "true",
    "aria-controls": "found", "aria-label": "Name of a file", "aria-autocomplete": "list",
    placeholder: "Name of a file", autocomplete: "off", spellcheck: "false" });
  const list = gentle.element("ul", { role: "listbox", id: "found", "aria-label": "Files" });
  let found = [];
  let chosen = 0;

  function holdsInOrder(name, letters) {
    let at = 0;
    for (const letter of letters) {
      at = name.indexOf(letter, at) + 1;
      if (at === 0) return false;
    }
    return true;
  }

  // The less, the better; null: not this one.
  function rank(name, letters) {
    const base = name.slice(name.lastIndexOf("/") + 1);
    if (base === letters) return 0;
    if (base.startsWith(letters)) return 1;
    if (base.includes(letters)) return 2;
    if (name.includes(letters)) return 3;
    return holdsInOrder(base, letters) ? 4 : holdsInOrder(name, letters) ? 5 : null;
  }

  function search() {
    const letters = input.value.trim().toLowerCase();
    const ranked = [];
    for (const file of gentle.index.files) {
      const value = rank(file.name.toLowerCase(), letters);
      if (value !== null) ranked.push([value, file.name.length, file]);
    }
    ranked.sort(function (a, b) { return a[0] - b[0] || a[1] - b[1] || a[2].number - b[2].number; });
    found = ranked.slice(0, kShown).map(function (one) { return one[2]; });
    chosen = 0;
    show();
  }

  function show() {
    list.replaceChildren();
    found.forEach(function (file, number) {
      const share = file.shares.lines;
      const item = gentle.element("li", { role: "option", id: "found-" + number,
        "aria-selected": String(number === chosen) },
        gentle.element("span", { class: "found-name" }, file.name), " ",
        gentle.element("span", { class: "share " + gentle.shares.level(share) },
          gentle.element("span", { class: "percent" }, gentle.shares.text(share))));
      item.addEventListener("click", function () { open(file); });
      list.append(item);
    });
    if (found.length > 0) input.setAttribute("aria-activedescendant", "found-" + chosen);
    else input.removeAttribute("aria-activedescendant");
    if (found.length > 0) list.children[chosen].scrollIntoView({ block: "nearest" });
  }

  function open(file) {
    dialog.close();
    location.hash = gentle.link.file(file.name);
  }

  input.addEventListener("input", search);
  input.addEventListener("keydown", function (event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      chosen = (chosen + step + found.length) % found.length;
      show();
    } else if (event.key === "Enter" && found[chosen]) {
      event.preventDefault();
      open(found[chosen]);
    }
  });
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog) dialog.close();
  });
  dialog.append(input, list);

  return {
    show: function () {
      input.value = "";
      search();
      dialog.showModal();
      input.focus();
    },
  };
})();
