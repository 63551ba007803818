// Where one writes: words, files, replies, the bot's keyboard, and the buttons that stand in for them.

import { post, upload } from "./api.js";
import { takesWords } from "./compose.js";
import { h, iconButton } from "./dom.js";
import { on, state } from "./store.js";
import { hasSuggestions, hideSuggestions, suggest, suggestions, suggestKey } from "./suggest.js";
import { attempt } from "./toasts.js";
import { gist, openChat, privateChat } from "./views.js";
import { t } from "./words.js";

const field = h("textarea", { class: "field", rows: "1", dir: "auto", "enterkeyhint": "send", placeholder: t("Write a message"), aria: { label: t("Write a message"), autocomplete: "list", controls: "suggestions" } });
const file = h("input", { type: "file", hidden: true, multiple: true, tabindex: "-1", aria: { hidden: "true" } });
const menu = h("button", { type: "button", class: "menu-button", onclick: () => write("/") }, t("Menu"));
const attach = iconButton("attach", t("Attach a file"), () => file.click());
const keys = iconButton("keyboard", t("Keyboard"), () => board.toggleAttribute("hidden"), { class: "icon-button keys", hidden: true });
const send = iconButton("send", t("Send"), () => say(), { class: "icon-button send" });
const replyBar = h("div", { class: "reply-bar", hidden: true });
const board = h("div", { class: "board", hidden: true, role: "group", aria: { label: t("Keyboard") } });
const line = h("div", { class: "line" }, menu, attach, field, keys, send, file);
const instead = h("button", { type: "button", class: "instead", hidden: true });

/** The part of the page where one writes. */
export const composerPane = h("footer", { class: "composer" }, suggestions, replyBar, line, instead, board);

let replying = null;
const drafts = new Map();
let place = "";

/** Begin. */
export function startComposer() {
  field.addEventListener("input", () => {
    fit();
    suggest(field.value, write, say);
  });
  field.addEventListener("keydown", typed);
  file.addEventListener("change", () => sendFiles([...file.files]));
  field.addEventListener("paste", (event) => event.clipboardData.files.length && sendFiles([...event.clipboardData.files]));
  composerPane.addEventListener("dragover", (event) => event.preventDefault());
  composerPane.addEventListener("drop", (event) => {
    event.preventDefault();
    sendFiles([...event.dataTransfer.files]);
  });
  takesWords(write);
  for (const part of ["open", "me", "chats", "posts"]) on(part, draw);
  on("commands", () => suggest(field.value, write, say));
}

function draw() {
  const chat = openChat();
  if (!chat) return;
  const key = `${state.me}/${chat.id}/${state.topic}`;
  if (key !== place) change(key);
  menu.hidden = !chat.private;
  drawInstead(chat);
  drawBoard(chat);
}

/** Come into another chat: what was begun here waits, what was begun there goes on. */
function change(key) {
  drafts.set(place, field.value);
  place = key;
  field.value = drafts.get(key) ?? "";
  reply(null);
  hideSuggestions();
  fit();
}

function drawInstead(chat) {
  const label = chat.private ? (chat.blocked ? "UNBLOCK AND START" : chat.started ? null : "START") : chat.members[state.me] || chat.type === "channel" ? null : "JOIN GROUP";
  line.hidden = label !== null || chat.type === "channel";
  instead.hidden = label === null;
  if (label === null) return;
  instead.textContent = t(label);
  instead.onclick = () => attempt(() => (label === "JOIN GROUP" ? post("join", { person: state.me, chat: chat.id }) : post("send", { person: state.me, chat: chat.id, text: "/start" })));
}

/** Show the reply keyboard that the bot put up last. */
function drawBoard(chat) {
  const newest = chat.posts.get(chat.order.findLast((id) => chat.posts.get(id).keyboard));
  const shown = newest?.keyboard.keyboard ? newest : null;
  const version = shown ? `${chat.id}/${shown.message_id}/${shown.version}` : "";
  field.placeholder = newest?.keyboard.input_field_placeholder || t("Write a message");
  if (board.dataset.version === version) return;
  board.dataset.version = version;
  keys.hidden = board.hidden = !shown;
  board.replaceChildren(...(shown?.keyboard.keyboard ?? []).map((row) => h("div", { class: "keyboard-row" }, row.map((one) => boardKey(one, shown.keyboard)))));
}

function boardKey(one, keyboard) {
  const words = one.text ?? one;
  const onclick = () => {
    if (keyboard.one_time_keyboard) board.hidden = true;
    say(words);
  };
  return h("button", { type: "button", class: "key", dir: "auto", onclick }, words);
}

function typed(event) {
  if (event.isComposing) return;
  if (hasSuggestions() && suggestKey(event)) return void event.preventDefault();
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    say();
  } else if (event.key === "Escape" && replying) reply(null);
}

/** Put words into the line, and look at what they could become. */
function write(words) {
  field.value = words;
  fit();
  field.focus();
  suggest(words, write, say);
}

function fit() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  send.classList.toggle("ready", Boolean(field.value.trim()));
}

/** Say what stands in the line, or other words. */
export async function say(words = null) {
  const chat = openChat();
  const text = words ?? field.value.trim();
  if (!text || !chat) return;
  const wish = { person: state.me, chat: chat.id, text, reply_to: replying?.message_id ?? null, thread: state.topic };
  if (words === null) field.value = "";
  hideSuggestions();
  reply(null);
  fit();
  await attempt(() => post("send", wish));
}

/** Choose a message to reply to, or none. */
export function reply(message) {
  replying = message;
  replyBar.hidden = !message;
  if (!message) return;
  const words = h("div", { class: "reply-words-bar" }, h("span", { class: "reply-name", dir: "auto" }, message.by?.first_name ?? message.chat.title), h("span", { class: "reply-words", dir: "auto" }, gist(message)));
  replyBar.replaceChildren(h("div", { class: "reply-line" }, words), iconButton("close", t("Cancel reply"), () => reply(null)));
  field.focus();
}

async function sendFiles(files) {
  const chat = openChat();
  const caption = field.value.trim();
  file.value = "";
  for (const one of files) await attempt(() => upload(one, { person: state.me, chat: chat.id, caption, ...(state.topic ? { thread: state.topic } : {}) }));
  if (files.length && caption) field.value = "";
  fit();
}

/** Say a command that was clicked in a message. */
export const sayCommand = (words) => say(openChat() === privateChat() ? words.split("@")[0] : words);
