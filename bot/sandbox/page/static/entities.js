// Text and its entities, as elements. Offsets count UTF-16 units, as JavaScript's strings do.

import { h, icon } from "./dom.js";
import { address, follow } from "./links.js";
import { moment, t } from "./words.js";

// What was unfolded or revealed stays so when its message is drawn anew.
const opened = new Set();

/** Draw text; `key` names the message, `act` does what commands and tags ask for. */
export function rich(text, entities, key, act) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return piece({ text, key, act }, sorted, 0, text.length);
}

function piece(whole, entities, start, end) {
  const nodes = [];
  let place = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const last = Math.min(entity.offset + entity.length, end);
    const inner = [];
    for (index += 1; index < entities.length && entities[index].offset < last; index += 1) inner.push(entities[index]);
    if (entity.offset < place) continue;
    if (entity.offset > place) nodes.push(whole.text.slice(place, entity.offset));
    nodes.push(element(whole, entity, piece(whole, inner, entity.offset, last), whole.text.slice(entity.offset, last)));
    place = last;
    if (isBlock(entity) && whole.text[place] === "\n") place += 1;
  }
  if (place < end) nodes.push(whole.text.slice(place, end));
  return nodes;
}

const isBlock = (entity) => ["pre", "blockquote", "expandable_blockquote"].includes(entity.type);

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

function element(whole, entity, inner, text) {
  if (TAGS[entity.type]) return h(TAGS[entity.type], {}, inner);
  return (KINDS[entity.type] ?? (() => h("span", {}, inner)))({ whole, entity, inner, text, key: `${whole.key}/${entity.offset}` });
}

const KINDS = {
  pre: ({ entity, inner }) =>
    h("pre", { tabindex: "0" }, entity.language && h("span", { class: "language" }, entity.language), h("code", {}, inner)),
  blockquote: ({ inner }) => h("blockquote", {}, inner),
  expandable_blockquote: folding,
  spoiler,
  text_link: ({ entity, inner, text }) => link(entity.url, inner, text),
  url: ({ inner, text }) => link(/^[a-z][a-z+.-]*:/i.test(text) ? text : `http://${text}`, inner, text),
  email: ({ inner, text }) => link(`mailto:${text}`, inner, text),
  phone_number: ({ inner, text }) => link(`tel:${text.replace(/[^\d+]/g, "")}`, inner, text),
  mention: ({ inner, text }) => link(`https://t.me/${text.slice(1)}`, inner, text),
  hashtag: ({ whole, inner, text }) => tap(inner, () => whole.act.tag(text)),
  cashtag: ({ whole, inner, text }) => tap(inner, () => whole.act.tag(text)),
  bot_command: ({ whole, inner, text }) => tap(inner, () => whole.act.say(text)),
  date_time: ({ entity, inner }) => instant(entity, inner),
};

function link(url, inner, text) {
  const checked = address(url);
  if (!checked) return h("span", {}, inner);
  const onclick = (event) => follow(event, checked, checked.href.includes(text));
  return h("a", { href: checked.href, target: "_blank", rel: "noopener noreferrer", title: checked.href, onclick }, inner);
}

function tap(inner, onclick) {
  return h("button", { type: "button", class: "tap", onclick }, inner);
}

function instant(entity, inner) {
  const seconds = entity.unix_time ?? entity.date ?? entity.unix;
  const title = Number.isFinite(seconds) ? moment("full", seconds) : null;
  return h("time", { class: "instant", title }, inner);
}

function spoiler({ inner, key }) {
  if (opened.has(key)) return h("span", { class: "spoiler open" }, inner);
  const reveal = (event) => {
    event.preventDefault();
    event.stopPropagation();
    opened.add(key);
    node.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    node.removeEventListener("click", reveal, true);
  };
  const onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") reveal(event);
  };
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", aria: { label: t("Hidden text") }, onkeydown }, inner);
  node.addEventListener("click", reveal, true);
  return node;
}

function folding({ inner, key }) {
  const words = h("div", { class: "folded-words" }, inner);
  const toggle = h("button", { type: "button", class: "fold", onclick: () => turn(!opened.has(key)) }, icon("down"));
  const quote = h("blockquote", { class: "expandable" }, words, toggle);
  const turn = (open) => {
    opened[open ? "add" : "delete"](key);
    quote.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", open);
    toggle.setAttribute("aria-label", t(open ? "Show less" : "Show more"));
  };
  words.addEventListener("click", (event) => {
    const elsewhere = event.target.closest("a, button, .spoiler") || String(getSelection());
    if (!elsewhere && quote.classList.contains("long")) turn(!opened.has(key));
  });
  turn(opened.has(key));
  return quote;
}

/** Find out which quotes are long enough to be folded: they must stand in the page already. */
export function foldLongQuotes(root) {
  const quotes = [...root.querySelectorAll("blockquote.expandable:not(.long)")];
  const long = quotes.filter((quote) => {
    const words = quote.firstElementChild;
    return quote.classList.contains("open") || words.scrollHeight > words.clientHeight + 4;
  });
  for (const quote of long) quote.classList.add("long");
}
