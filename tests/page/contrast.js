// The texts in sight whose contrast to what they stand on is below 4.5 (WCAG 2.2, 1.4.3), as a list.
(() => {
  const parts = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);

  // The first background that is not transparent; elements here have opaque ones or none.
  function backOf(element) {
    for (let at = element; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  }

  function luminance(colour) {
    const linear = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }

  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let looked = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || element.closest("script, noscript, .unseen, option")) continue;
    if (element.getClientRects().length === 0) continue;
    const front = parts(getComputedStyle(element).color);
    const back = backOf(element);
    const [dark, light] = [luminance(front), luminance(back)].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    ++looked;
    if (contrast < 4.5) found.add(`${contrast.toFixed(2)} '${walker.currentNode.data.trim().slice(0, 20)}' ${front} on ${back}`);
  }
  if (looked < 10) found.add("no text was looked at");
  return Array.from(found);
})()
