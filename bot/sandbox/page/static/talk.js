// The middle pane: the open chat's head, topics, pinned bar, messages and composer.

import { avatar, h, icon, iconButton } from "./dom.js";
import { composerPane } from "./composer.js";
import { goTo, historyPane } from "./history.js";
import { on, state } from "./store.js";
import { faceOf, gist, nameOf, openChat } from "./views.js";
import { t } from "./words.js";

const face = h("span", {});
const title = h("h1", { class: "talk-name", dir: "auto" });
const about = h("p", { class: "talk-about", aria: { live: "polite" } });
const topics = h("div", { class: "topics", role: "tablist", aria: { label: t("Topics") }, hidden: true });
const pinned = h("div", { class: "pinned", hidden: true });
const nothing = h("p", { class: "nothing" }, t("Choose a chat"));

/** Begin; `toggle` opens and closes the drawer. */
export function startTalk(pane, toggle) {
  const back = iconButton("back", t("Back"), () => {
    location.hash = "#/";
  }, { class: "icon-button back" });
  const drawer = iconButton("panel", t("Open the drawer"), toggle, { class: "icon-button drawer-button", "aria-expanded": "false" });
  const head = h("header", { class: "talk-head" }, back, face, h("div", { class: "talk-words" }, title, about), drawer);
  pane.append(h("div", { class: "talk-top" }, head, topics, pinned), historyPane, composerPane, nothing);
  for (const part of ["open", "me", "chats", "posts"]) on(part, () => draw(pane));
  topics.addEventListener("keydown", turn);
  return drawer;
}

function draw(pane) {
  const chat = openChat();
  pane.classList.toggle("closed", !chat);
  if (!chat) return;
  title.textContent = nameOf(chat);
  about.textContent = subtitle(chat);
  about.classList.toggle("busy-words", Boolean(chat.action));
  if (face.dataset.id !== String(chat.id)) {
    face.dataset.id = chat.id;
    face.replaceChildren(avatar(faceOf(chat), nameOf(chat)));
  }
  drawTopics(chat);
  drawPinned(chat);
}

function subtitle(chat) {
  if (chat.action) return t(chat.action === "typing" ? "typing…" : "sending a file…");
  if (chat.private) return t("bot");
  const n = Object.keys(chat.members).length;
  return t(chat.type === "channel" ? "{n} subscribers" : "{n} members", { n });
}

function drawTopics(chat) {
  topics.hidden = !chat.is_forum;
  const tabs = chat.is_forum ? [{ id: null, name: t("General") }, ...chat.topics] : [];
  const version = JSON.stringify([chat.id, state.topic, tabs]);
  if (topics.dataset.version === version) return;
  topics.dataset.version = version;
  const focused = topics.contains(document.activeElement);
  topics.replaceChildren(...tabs.map((topic) => tab(chat, topic)));
  if (focused) topics.querySelector("[aria-selected=true]")?.focus();
}

function tab(chat, topic) {
  const open = topic.id === state.topic;
  const props = { type: "button", role: "tab", class: "topic", tabindex: open ? "0" : "-1", aria: { selected: open }, onclick: () => openTopic(chat, topic.id) };
  return h("button", props, h("span", { dir: "auto" }, topic.name), topic.closed && h("span", {}, " 🔒"));
}

function openTopic(chat, id) {
  location.hash = `#/${chat.id}${id === null ? "" : `/topic/${id}`}`;
}

function turn(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...topics.children];
  const place = tabs.findIndex((one) => one.getAttribute("aria-selected") === "true");
  tabs[(place + step + tabs.length) % tabs.length].click();
}

let place = 0;

function drawPinned(chat) {
  const posts = chat.pinned.filter((post) => !chat.is_forum || (post.message_thread_id ?? null) === state.topic);
  pinned.hidden = posts.length === 0;
  const version = JSON.stringify([chat.id, posts.map((post) => [post.message_id, gist(post)])]);
  if (pinned.dataset.version === version || posts.length === 0) return;
  pinned.dataset.version = version;
  place = posts.length - 1;
  showPinned(posts);
}

/** Show one pinned message; a click goes to it, and shows the one before. */
function showPinned(posts) {
  const post = posts[place];
  const onclick = () => {
    goTo(post.message_id);
    place = (place - 1 + posts.length) % posts.length;
    showPinned(posts);
  };
  const label = posts.length > 1 ? `${t("Pinned message")} ${place + 1}/${posts.length}` : t("Pinned message");
  pinned.replaceChildren(h("button", { type: "button", class: "pinned-button", onclick }, icon("pin"), h("span", { class: "pinned-words" }, h("span", { class: "pinned-label" }, label), h("span", { class: "pinned-gist", dir: "auto" }, gist(post)))));
}
