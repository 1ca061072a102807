// Takes in the data files: the index at the start, sources when one is opened.
"use strict";

(function () {
  const chunks = new Map(); // number: promise of its sources
  const takers = new Map(); // number: what is called with them

  gentle.takeIndex = function (index) {
    index.byName = new Map();
    index.files = index.files.map(function (entry, place) {
      const file = {
        name: entry[0],
        chunk: entry[1],
        place: entry[2],
        shares: {
          lines: { covered: entry[3], all: entry[4] },
          branches: { covered: entry[5], all: entry[6] },
          functions: { covered: entry[7], all: entry[8] },
          conditions: { covered: entry[9], all: entry[10] },
        },
        number: place,
      };
      index.byName.set(file.name, file);
      return file;
    });
    index.hasConditions = index.files.some(function (file) { return file.shares.conditions.all > 0; });
    gentle.index = index;
  };

  gentle.takeSources = function (chunk, sources) {
    const take = takers.get(chunk);
    if (take) take(sources);
  };

  function load(chunk) {
    return new Promise(function (resolve, reject) {
      takers.set(chunk, resolve);
      const script = document.createElement("script");
      script.src = "page/sources/" + chunk + ".js?" + document.body.dataset.version;
      script.onerror = function () {
        reject(new Error("page/sources/" + chunk + ".js cannot be read"));
      };
      script.onload = function () {
        script.remove();
      };
      document.head.append(script);
    });
  }

  // A promise of what is in the file's source.
  gentle.loadSource = function (file) {
    if (!chunks.has(file.chunk)) chunks.set(file.chunk, load(file.chunk));
    return chunks.get(file.chunk).then(function (sources) {
      return sources[file.place];
    });
  };

  // Counts above what a script can hold exactly come as text.
  gentle.isCovered = function (count) {
    return typeof count === "string" ? !count.startsWith("-") : count > 0;
  };

  gentle.shownCount = function (count) {
    return String(count).replace(/\B(?=(\d{3})+$)/g, "\u2009");
  };
})();
