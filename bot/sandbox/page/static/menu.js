// The menu of a message: what one can do with it.

import { post as tell } from "./api.js";
import { h, icon } from "./dom.js";
import { openChatAt } from "./links.js";
import { state } from "./store.js";
import { ask, attempt, copy } from "./toasts.js";
import { gist, inCharge, mayWrite, mine, myChats, nameOf } from "./views.js";
import { t } from "./words.js";

const EMOJI = ["👍", "❤", "🔥", "🎉", "😁", "🤔", "👎"];
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

const menu = h("div", { class: "menu", role: "menu", popover: "manual", aria: { label: t("Message menu") } });

let opener = null;

/** Begin: a touch elsewhere closes the menu. */
export function startMenu() {
  document.body.append(menu);
  menu.addEventListener("keydown", keys);
  menu.addEventListener("focusout", (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && menu.hidePopover());
  document.addEventListener("pointerdown", (event) => menu.contains(event.target) || menu.hidePopover(), true);
}

/** Open the menu of a message, or of the messages of an album, where it was asked for. */
export function openMenu(event, posts, act) {
  event.preventDefault();
  opener = document.activeElement;
  const target = event.currentTarget.getBoundingClientRect();
  const place = event.clientX ? { x: event.clientX, y: event.clientY } : { x: target.left, y: target.bottom };
  const reactions = mayWrite(state.chats.get(posts[0].chat.id)) ? emojiRow(posts[0]) : null;
  fill([reactions, ...entries(posts, act).map(entry)], place);
}

function fill(nodes, { x, y }) {
  menu.replaceChildren(...nodes.filter(Boolean));
  menu.showPopover();
  menu.style.setProperty("left", `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`);
  menu.style.setProperty("top", `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`);
  menu.querySelector(".menu-entry")?.focus();
}

function emojiRow(post) {
  return h("div", { class: "menu-reactions", role: "group", aria: { label: t("React") } }, EMOJI.map((emoji) => {
    const props = { type: "button", role: "menuitemcheckbox", tabindex: "-1", aria: { checked: reacted(post, emoji), label: emoji }, onclick: closing(() => react(post, emoji)) };
    return h("button", props, emoji);
  }));
}

const reacted = (post, emoji) => post.reactions.some((one) => one.by === state.me && one.emoji === emoji);

/** React with an emoji, or take it back. */
export const react = (post, emoji) => attempt(() => tell("react", wish(post, { emoji: reacted(post, emoji) ? null : emoji })));

const wish = (post, more = {}) => ({ person: state.me, chat: post.chat.id, message_id: post.message_id, ...more });

/** List what can be done: an icon, a name, an act. */
function entries(posts, act) {
  const [post] = posts;
  const chat = state.chats.get(post.chat.id);
  const worded = posts.find((one) => one.caption) ?? post;
  const words = worded.text ?? worded.caption;
  const pinned = chat.pinned.some((one) => one.message_id === post.message_id);
  const charge = inCharge(chat);
  return [
    mayWrite(chat) && ["reply", t("Reply"), () => act.reply(post)],
    mine(post) && words && !post.forward_origin && !post.via_bot && ["edit", t("Edit"), () => act.edit(worded)],
    words && ["copy", t("Copy text"), () => copy(words)],
    chat.username && ["link", t("Copy link"), () => copy(`https://t.me/${chat.username}/${post.message_id}`)],
    charge && ["pin", t(pinned ? "Unpin" : "Pin"), () => attempt(() => tell("pin", wish(post, { pinned: !pinned })))],
    ["forward", t("Forward"), () => chooseChat(posts)],
    (mine(post) || charge) && ["trash", t("Delete"), () => askToDelete(posts)],
  ].filter(Boolean);
}

function entry([sign, name, act]) {
  return h("button", { type: "button", role: "menuitem", class: "menu-entry", tabindex: "-1", onclick: closing(act) }, icon(sign), h("span", { dir: "auto" }, name));
}

const closing = (act) => () => {
  close();
  act();
};

function close() {
  menu.hidePopover();
  opener?.focus();
}

/** Ask in the menu's own place where a message shall go. */
function chooseChat(posts) {
  const place = menu.getBoundingClientRect();
  const chats = myChats().filter(mayWrite);
  fill(chats.map((chat) => entry(["forward", nameOf(chat), () => forward(posts, chat)])), { x: place.x || innerWidth / 2, y: place.y || innerHeight / 2 });
}

async function forward(posts, chat) {
  for (const post of posts) await attempt(() => tell("forward", wish(post, { to: chat.id })));
  openChatAt(chat);
}

function askToDelete(posts) {
  ask(t("Delete this message?"), gist(posts[0]), t("Delete"), async () => {
    for (const post of posts) await attempt(() => tell("delete", wish(post)));
  });
}

function keys(event) {
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    return void close();
  }
  const step = STEPS[event.key];
  if (!step) return undefined;
  event.preventDefault();
  const all = [...menu.querySelectorAll("button")];
  return void all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
}
