// What words could become: commands, or what the bot offers inline.

import { get, post } from "./api.js";
import { avatar, h } from "./dom.js";
import { startBot } from "./links.js";
import { on, state } from "./store.js";
import { attempt } from "./toasts.js";
import { openChat } from "./views.js";
import { t } from "./words.js";

const PAUSE_MS = 250;
const NEAR = 80;

/** The list above the line that is written. */
export const suggestions = h("div", { id: "suggestions", class: "suggestions", role: "listbox", hidden: true });

let options = [];
let chosen = 0;
let asked = 0;
let timer = null;
let menus = new Map();
// What gets further results, where there are any.
let goesOn = null;

suggestions.addEventListener("scroll", () => {
  if (suggestions.scrollHeight - suggestions.scrollTop - suggestions.clientHeight < NEAR) goesOn?.();
}, { passive: true });

// A new map: an answer that is on its way still fills the old one.
on("commands", () => (menus = new Map()));

/** Tell whether there is anything to choose from. */
export const hasSuggestions = () => !suggestions.hidden;

/** Look what words could become; `write` puts other words in their place, `send` says some at once. */
export function suggest(words, write, send) {
  const turn = (asked += 1);
  clearTimeout(timer);
  const inline = words.match(new RegExp(`^@${state.bot.username}\\s([\\s\\S]*)$`, "i"));
  if (inline) timer = setTimeout(() => offer(inline[1], turn, write), PAUSE_MS);
  else if (/^\/\w*$/.test(words)) complete(words.slice(1), turn, write, send);
  else hideSuggestions();
}

async function complete(start, turn, write, send) {
  const chat = openChat();
  const key = `${state.me}/${chat.id}`;
  const known = menus;
  if (!known.has(key)) known.set(key, (await get("commands", { chat: chat.id, person: state.me })).commands);
  if (turn !== asked) return;
  const name = chat.private ? "" : `@${state.bot.username}`;
  const found = known.get(key).filter((one) => one.command.startsWith(start.toLowerCase()));
  show(t("Commands"), found.map((one) => ({
    node: [avatar(state.bot.id, state.bot.first_name), h("span", { class: "option-name" }, `/${one.command}`), h("span", { class: "option-about", dir: "auto" }, one.description)],
    take: () => {
      write("");
      send(`/${one.command}${name}`);
    },
    complete: () => write(`/${one.command}${name} `),
  })));
}

async function offer(words, turn, write) {
  const wish = { person: state.me, chat: openChat().id };
  const found = await attempt(() => post("inline", { ...wish, text: words }));
  if (turn !== asked || !found) return;
  const { results, button, more } = found;
  const start = button?.start_parameter === undefined ? [] : [starting(button, write)];
  show(t("Results"), [...start, ...results.map((result) => choosing(result, wish, write))]);
  goesOn = more ? () => scrollOn(turn, wish, write) : null;
  // The button above the results is no result: Enter takes the first of those.
  if (start.length && results.length) mark(1);
}

const starting = (button, write) => ({
  node: [h("span", { class: "option-start", dir: "auto" }, button.text)],
  take: () => {
    write("");
    attempt(() => startBot(button.start_parameter));
  },
});

const choosing = (result, wish, write) => ({
  node: [h("span", { class: "option-words" }, h("span", { class: "option-title", dir: "auto" }, result.title ?? result.id), h("span", { class: "option-about", dir: "auto" }, result.description ?? ""))],
  take: async () => {
    write("");
    await attempt(() => post("choose", { ...wish, result: result.id }));
  },
});

/** Get what comes after the results that are shown, once. */
async function scrollOn(turn, wish, write) {
  goesOn = null;
  const found = await attempt(() => post("more", wish));
  if (turn !== asked || !found) return;
  add(found.results.map((result) => choosing(result, wish, write)));
  goesOn = found.more ? () => scrollOn(turn, wish, write) : null;
}

function show(label, found) {
  options = [];
  goesOn = null;
  suggestions.hidden = found.length === 0;
  suggestions.setAttribute("aria-label", label);
  suggestions.replaceChildren();
  add(found);
  mark(0);
}

function add(found) {
  const nodes = found.map((option, place) => h("div", { id: `option-${options.length + place}`, class: "option", role: "option", aria: { selected: false }, onmousedown: (event) => event.preventDefault(), onclick: option.take }, option.node));
  options.push(...found);
  suggestions.append(...nodes);
}

function mark(number) {
  chosen = number;
  for (const [place, node] of [...suggestions.children].entries()) node.setAttribute("aria-selected", place === number);
  suggestions.children[number]?.scrollIntoView({ block: "nearest" });
  document.querySelector(".field")?.setAttribute("aria-activedescendant", options.length ? `option-${number}` : "");
}

/** Hide the list. */
export function hideSuggestions() {
  asked += 1;
  clearTimeout(timer);
  if (!suggestions.hidden) show("", []);
}

/** Do what a key means for the list; tell whether it meant anything. */
export function suggestKey(event) {
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (moves[event.key]) mark((chosen + moves[event.key] + options.length) % options.length);
  else if (event.key === "Enter") options[chosen].take();
  else if (event.key === "Tab") (options[chosen].complete ?? options[chosen].take)();
  else if (event.key === "Escape") hideSuggestions();
  else return false;
  return true;
}
