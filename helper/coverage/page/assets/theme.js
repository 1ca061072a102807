// Light or dark, before anything is painted: as the system, or as chosen here before.
"use strict";

var gentle = {};

gentle.theme = (function () {
  const kKey = "gentle-coverage-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  // Some browsers keep nothing for pages from disk.
  function chosen() {
    try {
      return localStorage.getItem(kKey);
    } catch (error) {
      return null;
    }
  }

  function isDark() {
    return document.documentElement.dataset.theme === "dark";
  }

  function apply(theme) {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button) button.setAttribute("aria-pressed", String(isDark()));
    document.dispatchEvent(new Event("theme"));
  }

  function follow() {
    apply(chosen() || (system.matches ? "dark" : "light"));
  }

  function toggle() {
    const theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(kKey, theme);
    } catch (error) {
      // Then it lasts as long as the page.
    }
    apply(theme);
  }

  follow();
  system.addEventListener("change", follow);
  return { apply: apply, isDark: isDark, toggle: toggle };
})();
