// Makes elements. Whatever comes from a report becomes text of one, never HTML.
"use strict";

// element("a", {class: "name", href: "#"}, "text", another)
gentle.element = function (name, attributes) {
  const made = document.createElement(name);
  for (const key in attributes) {
    if (attributes[key] === null) continue;
    if (key === "class") made.className = attributes[key];
    else made.setAttribute(key, attributes[key]);
  }
  for (let i = 2; i < arguments.length; ++i) {
    if (arguments[i] !== null && arguments[i] !== undefined) made.append(arguments[i]);
  }
  return made;
};

gentle.button = function (text, action, attributes) {
  const made = gentle.element("button", Object.assign({ type: "button" }, attributes), text);
  made.addEventListener("click", action);
  return made;
};

// A button whose key stands beside its text.
gentle.keyButton = function (text, key, action) {
  const made = gentle.button(text + " ", action);
  made.append(gentle.element("kbd", {}, key));
  return made;
};

// Tells people who do not see the page what happened.
gentle.say = function (text) {
  document.getElementById("said").textContent = text;
};

// Links to a place of the report, as they stand in the address.
gentle.link = (function () {
  function encoded(text) {
    return encodeURIComponent(text).replace(/%2F/g, "/");
  }
  return {
    file: function (name, lines) {
      return "#file=" + encoded(name) + (lines ? "&L=" + lines : "");
    },
    folder: function (name) {
      return name === "" ? "#" : "#folder=" + encoded(name);
    },
  };
})();
