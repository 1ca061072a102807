// Prism must not look for code in the page by itself.
"use strict";

window.Prism = { manual: true, disableWorkerMessageHandler: true };
