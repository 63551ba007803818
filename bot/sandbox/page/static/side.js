// The left pane: who one is, and the list of chats.

import { avatar, h } from "./dom.js";
import { openChatAt } from "./links.js";
import { changed, now, on, state } from "./store.js";
import { faceOf, gist, mine, myChats, nameOf, newest, roleOf, unread } from "./views.js";
import { t, whenShort } from "./words.js";

const people = h("div", { class: "people", role: "radiogroup", aria: { label: t("You are") } });
const offline = h("div", { class: "offline", role: "alert", hidden: true }, t("The sandbox is gone. Trying again…"));
const list = h("ul", { class: "chats", aria: { label: t("Chats") } });

/** Begin. */
export function startSide(pane) {
  pane.setAttribute("aria-label", t("Chats"));
  pane.append(h("div", { class: "who" }, h("span", { class: "who-label" }, t("You are")), people), offline, list);
  for (const part of ["me", "chats", "open"]) on(part, drawChats);
  for (const part of ["me", "chats"]) on(part, drawPeople);
  on("online", () => {
    offline.hidden = state.online;
  });
  people.addEventListener("keydown", turn);
}

function drawPeople() {
  const shown = [...state.people.values()];
  const version = JSON.stringify([state.me, shown.map((person) => [person.id, person.first_name, roleOf(person.id), waiting(person)])]);
  if (people.dataset.version === version) return;
  const focused = people.contains(document.activeElement);
  people.dataset.version = version;
  people.replaceChildren(...shown.map(personButton));
  if (focused) people.querySelector("[aria-checked=true]")?.focus();
}

function personButton(person) {
  const me = person.id === state.me;
  const props = { type: "button", role: "radio", class: "person", tabindex: me ? "0" : "-1", aria: { checked: me }, onclick: () => become(person.id) };
  return h("button", props, avatar(person.id, person.first_name), badge(waiting(person)), h("span", { class: "person-words" }, h("span", { class: "person-name", dir: "auto" }, person.first_name), h("span", { class: "person-role" }, roleOf(person.id))));
}

/** Count what waits in the private chat of someone else: one does not see their list of chats. */
function waiting({ id }) {
  const chat = state.chats.get(id);
  return chat && id !== state.me ? unread(chat, id) : 0;
}

/** Be someone else; a private chat is left for one's own. */
function become(id) {
  const wasPrivate = state.chats.get(state.open)?.private;
  state.me = id;
  sessionStorage.setItem("me", id);
  changed("me", "chats", "commands");
  if (wasPrivate) openChatAt(state.chats.get(id));
}

function turn(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const ids = [...state.people.keys()];
  become(ids[(ids.indexOf(state.me) + step + ids.length) % ids.length]);
}

const rows = new Map();

function drawChats() {
  const shown = myChats().map((chat) => {
    const version = JSON.stringify([state.me, state.open === chat.id, nameOf(chat), newest(chat)?.version, unread(chat), chat.action, when(newest(chat))]);
    if (rows.get(chat.id)?.version !== version) rows.set(chat.id, { version, node: row(chat) });
    return rows.get(chat.id).node;
  });
  if (shown.length !== list.children.length || shown.some((node, place) => list.children[place] !== node)) {
    const focused = document.activeElement?.dataset?.chat;
    list.replaceChildren(...shown);
    if (focused) list.querySelector(`[data-chat="${focused}"]`)?.focus();
  }
}

function row(chat) {
  const post = newest(chat);
  const open = state.open === chat.id;
  const top = h("span", { class: "chat-top" }, h("span", { class: "chat-name", dir: "auto" }, nameOf(chat)), post && h("time", { class: "chat-time" }, when(post)));
  const bottom = h("span", { class: "chat-bottom" }, h("span", { class: "chat-gist" }, last(chat, post)), badge(unread(chat)));
  const props = { type: "button", class: "chat", data: { chat: chat.id }, aria: open ? { current: "true" } : {}, onclick: () => openChatAt(chat) };
  return h("li", {}, h("button", props, avatar(faceOf(chat), nameOf(chat)), h("span", { class: "chat-words" }, top, bottom)));
}

const badge = (count) => (count ? h("span", { class: "badge", aria: { label: t("{n} unread", { n: count }) } }, String(count)) : null);

function last(chat, post) {
  if (chat.action) return h("span", { class: "busy-words" }, t(chat.action === "typing" ? "typing…" : "sending a file…"));
  if (!post) return t("No messages here yet");
  const named = !chat.private && !post.service && post.by && chat.type !== "channel";
  const who = mine(post) ? state.people.get(state.me).first_name : post.by?.first_name;
  return h("span", { dir: "auto" }, named && h("span", { class: "chat-who" }, `${who}: `), gist(post));
}

const when = (post) => (post ? whenShort(post.date, now()) : "");
