// Where one writes: words, files, replies, the bot's keyboard, and the buttons that stand in for them.

import { post } from "./api.js";
import { takesWords } from "./compose.js";
import { h, icon, iconButton } from "./dom.js";
import { offerFiles } from "./files.js";
import { on, state } from "./store.js";
import { hasSuggestions, hideSuggestions, suggest, suggestions, suggestKey } from "./suggest.js";
import { attempt } from "./toasts.js";
import { gist, mayWrite, mine, openChat, privateChat, visible } from "./views.js";
import { t } from "./words.js";

const field = h("textarea", { class: "field", rows: "1", dir: "auto", "enterkeyhint": "send", placeholder: t("Write a message"), aria: { label: t("Write a message"), autocomplete: "list", controls: "suggestions" } });
const file = h("input", { type: "file", hidden: true, multiple: true, tabindex: "-1", aria: { hidden: "true" } });
const menu = h("button", { type: "button", class: "menu-button", onclick: () => write("/") }, t("Menu"));
const attach = iconButton("attach", t("Attach a file"), () => file.click());
const keys = iconButton("keyboard", t("Keyboard"), () => board.toggleAttribute("hidden"), { class: "icon-button keys", hidden: true });
const send = iconButton("send", t("Send"), () => say(), { class: "icon-button send" });
const aimBar = h("div", { class: "aim-bar", hidden: true });
const board = h("div", { class: "board", hidden: true, role: "group", aria: { label: t("Keyboard") } });
const line = h("div", { class: "line" }, menu, attach, field, keys, send, file);
const instead = h("button", { type: "button", class: "instead", hidden: true });

/** The part of the page where one writes. */
export const composerPane = h("footer", { class: "composer" }, suggestions, aimBar, line, instead, board);

// The message that the words are to answer or to replace.
let aim = null;
const drafts = new Map();
let place = "";

/** Begin. */
export function startComposer() {
  field.addEventListener("input", () => {
    fit();
    suggest(field.value, write, say);
  });
  field.addEventListener("keydown", typed);
  file.addEventListener("change", () => offer(file.files));
  field.addEventListener("paste", (event) => offer(event.clipboardData.files));
  composerPane.addEventListener("dragover", (event) => event.preventDefault());
  composerPane.addEventListener("drop", (event) => {
    event.preventDefault();
    offer(event.dataTransfer.files);
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
  aimAt(null);
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
  } else if (event.key === "Escape" && (aim || field.value)) {
    // Neither a message in the making nor a late list of suggestions makes one leave the chat.
    event.preventDefault();
    hideSuggestions();
    if (aim) cancelAim();
  } else if (event.key === "ArrowUp" && !field.value) editLast();
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

/** Let what is typed next go into the line. */
export const focusField = () => field.focus();

/** Say what stands in the line, or other words. */
export async function say(words = null) {
  const chat = openChat();
  const text = words ?? field.value.trim();
  if (!text || !chat) return;
  const wish = { person: state.me, chat: chat.id, text };
  const number = aim?.message.message_id ?? null;
  const ask = aim?.edits && words === null ? () => post("edit", { ...wish, message_id: number }) : () => post("send", { ...wish, reply_to: number, thread: state.topic });
  if (words === null) field.value = "";
  hideSuggestions();
  aimAt(null);
  fit();
  if (!(await attempt(ask)) && words === null && !field.value) write(text);
}

/** Answer a message with what is written next. */
export const reply = (message) => aimAt({ message, edits: false });

/** Replace the words of a message by what is written next. */
export function edit(message) {
  aimAt({ message, edits: true });
  write(message.text ?? message.caption);
}

function aimAt(found) {
  aim = found;
  aimBar.hidden = !aim;
  if (!aim) return;
  const { message, edits } = aim;
  const name = edits ? t("Edit") : message.by?.first_name ?? message.chat.title;
  const words = h("div", { class: "aim-words" }, h("span", { class: "reply-name", dir: "auto" }, name), h("span", { class: "reply-words", dir: "auto" }, gist(message)));
  aimBar.replaceChildren(icon(edits ? "edit" : "reply"), words, iconButton("close", t(edits ? "Cancel edit" : "Cancel reply"), cancelAim));
  field.focus();
}

function cancelAim() {
  if (aim.edits) write("");
  aimAt(null);
}

function editLast() {
  const own = visible(openChat(), state.topic).findLast((one) => mine(one) && one.text && !one.forward_origin && !one.via_bot);
  if (own) edit(own);
}

function offer(files) {
  const chat = openChat();
  if (!mayWrite(chat)) return;
  const place = { person: state.me, chat: chat.id, ...(state.topic ? { thread: state.topic } : {}) };
  offerFiles([...files], field.value.trim(), place, () => {
    field.value = "";
    fit();
  });
  file.value = "";
}

/** Say a command that was clicked in a message. */
export const sayCommand = (words) => say(openChat() === privateChat() ? words.split("@")[0] : words);
