// The colours of a source's words, by Prism.
"use strict";

gentle.colours = (function () {
  const kLongest = 2000000; // characters; beyond that nobody waits for colours
  const rust = /\.rs$/i;

  function grammarOf(name) {
    return rust.test(name) ? Prism.languages.rust : Prism.languages.cpp;
  }

  // Adds [type, text] pairs to `lines`, a new line at each line feed.
  function flatten(tokens, type, lines) {
    for (const token of tokens) {
      if (typeof token === "string") {
        token.split("\n").forEach(function (text, i) {
          if (i > 0) lines.push([]);
          if (text !== "") lines[lines.length - 1].push([type, text]);
        });
      } else {
        const inner = Array.isArray(token.content) ? token.content : [token.content];
        flatten(inner, token.type, lines);
      }
    }
  }

  // For each line its words as [type or "", text]; null if there are to be no colours.
  function linesOf(text, name) {
    if (text.length > kLongest) return null;
    const lines = [[]];
    flatten(Prism.tokenize(text, grammarOf(name)), "", lines);
    return lines;
  }

  function fill(cell, words) {
    const part = document.createDocumentFragment();
    for (const word of words) {
      part.append(word[0] === "" ? word[1] : gentle.element("span", { class: "t-" + word[0] }, word[1]));
    }
    cell.replaceChildren(part);
  }

  return { linesOf: linesOf, fill: fill };
})();
