// Elements, made without HTML: whatever is put into them is text.

/** Make an element; `on…` properties are listeners, `data`, `style` and `aria` are objects. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "style") for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  else if (name === "aria") for (const [key, text] of Object.entries(value)) node.setAttribute(`aria-${key}`, text);
  else node.setAttribute(name, value === true ? "" : value);
}

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12z",
  attach: "M8 12.5l6.2-6.2a3.2 3.2 0 0 1 4.5 4.5l-8.4 8.4a5 5 0 0 1-7-7L11 4.5",
  close: "M6 6l12 12M18 6L6 18",
  panel: "M4 5h16v14H4zM14.5 5v14",
  down: "M6 9.5l6 6 6-6",
  reply: "M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1.5 10 5-0.5-6-4-9.5-10-9.5z",
  pin: "M9 4h6l-1 6 3.5 3.5h-11L10 10zM12 13.5V20",
  keyboard: "M3.5 6.5h17v11h-17zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  link: "M8 16L16 8M9.5 8H16v6.5",
  copy: "M8.5 8.5h10v10h-10zM5.5 15.5v-10h10",
  inline: "M4 12h12M11 7l5 5-5 5",
  play: "M8 5.5l10 6.5-10 6.5z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  edit: "M5 19l1-4L16.5 4.5l3 3L9 18l-4 1z",
  forward: "M14 6l6 5.5-6 5.5v-3.5c-5 0-8 1.5-10 5 0.5-6 4-9.5 10-9.5z",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7",
  place: "M12 21c4-4.5 6-7.6 6-10.5a6 6 0 1 0-12 0C6 13.4 8 16.5 12 21zM12 12.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
};

/** Draw one of the few icons; it says nothing to screen readers, its button does. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Make a button that shows an icon alone. */
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", title: label, aria: { label }, onclick, ...props }, icon(name));
}

/** Spread ids and names over the colours of the circle, always in the same way, neighbours far apart. */
export function hue(text) {
  let sum = 7;
  for (const sign of String(text)) sum = (sum * 31 + sign.codePointAt(0)) % 100_003;
  return (sum * 137.508) % 360;
}

const HUES = [172, 188, 202, 216, 232, 254, 274, 330];

/** Give a colour for a picture: one of few that are calm in both schemes. */
export const calm = (text) => HUES[Math.floor(hue(text)) % HUES.length];

/** Draw someone's picture: their first letter on a colour of their own. */
export function avatar(id, name) {
  const first = [...new Intl.Segmenter().segment(name.trim() || "?")][0].segment;
  return h("span", { class: "avatar", style: { "--hue": hue(id) }, aria: { hidden: "true" } }, first.toUpperCase());
}
