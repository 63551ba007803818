// What words could become: commands, or what the bot offers inline.

import { get, post } from "./api.js";
import { avatar, h } from "./dom.js";
import { on, state } from "./store.js";
import { attempt } from "./toasts.js";
import { openChat } from "./views.js";
import { t } from "./words.js";

const PAUSE_MS = 250;

/** The list above the line that is written. */
export const suggestions = h("div", { id: "suggestions", class: "suggestions", role: "listbox", hidden: true });

let options = [];
let chosen = 0;
let asked = 0;
let timer = null;
let menus = new Map();

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
  const { results } = (await attempt(() => post("inline", { person: state.me, text: words }))) ?? { results: [] };
  if (turn !== asked) return;
  const chat = openChat();
  show(t("Results"), results.map((result) => ({
    node: [h("span", { class: "option-words" }, h("span", { class: "option-title", dir: "auto" }, result.title ?? result.id), h("span", { class: "option-about", dir: "auto" }, result.description ?? ""))],
    take: async () => {
      hideSuggestions();
      write("");
      await attempt(() => post("choose", { person: state.me, chat: chat.id, result: result.id }));
    },
  })));
}

function show(label, found) {
  options = found;
  suggestions.hidden = found.length === 0;
  suggestions.setAttribute("aria-label", label);
  suggestions.replaceChildren(...found.map((option, number) => h("div", { id: `option-${number}`, class: "option", role: "option", onmousedown: (event) => event.preventDefault(), onclick: option.take }, option.node)));
  mark(0);
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
