// One message as a bubble, with its buttons below.

import { avatar, h, hue, icon, iconButton } from "./dom.js";
import { rich } from "./entities.js";
import { openChatAt } from "./links.js";
import { album, media } from "./media.js";
import { openMenu, react } from "./menu.js";
import { press } from "./presses.js";
import { above, preview } from "./preview.js";
import { state } from "./store.js";
import { current, gist, mine, serviceLine, startless } from "./views.js";
import { moment, t } from "./words.js";

/** Draw one item of the history: a service line, a message, or the messages of an album. */
export function bubble(item, act) {
  const [post] = item.posts;
  return post.service ? service(post) : message(item, act);
}

function service(post) {
  const pinned = post.pinned_message;
  const words = h("span", { dir: "auto" }, serviceLine(post));
  const onclick = () => openChatAt(post.chat, pinned.message_id);
  return h("div", { class: "service", data: { id: post.message_id } }, pinned ? h("button", { type: "button", class: "tap", onclick }, words) : words);
}

function message({ posts, first, last }, act) {
  const [post] = posts;
  const own = mine(post);
  const group = post.chat.type === "supergroup" || post.chat.type === "group";
  const sender = post.by?.first_name ?? post.chat.title;
  const label = `${sender}, ${moment("time", post.date)}`;
  const body = h("div", { class: `bubble${own ? " own" : ""}${first ? " first" : ""}${last ? " last" : ""}` }, contents(posts, act, group && !own && first));
  const column = h("div", { class: "column" }, body, keyboard(post));
  const open = (event) => openMenu(event, posts, act);
  const more = iconButton("more", t("Message menu"), open, { class: "icon-button more", "aria-haspopup": "menu" });
  const face = group && !own && h("span", { class: "face" }, last && post.by ? avatar(post.by.id, sender) : null);
  const marks = { own, last, keyed: column.querySelector(".keyboard"), covered: column.querySelector(".preview.large"), pictured: column.querySelector(".picture"), wordless: column.querySelector(".words.empty"), ended: post.reactions.length === 0 };
  const classes = Object.keys(marks).filter((mark) => marks[mark]).join(" ");
  const touched = { oncontextmenu: (event) => plain(event) && open(event), onclick: (event) => tapped(event) && open(event), ondblclick: (event) => event.target.closest(".bubble") || act.reply(post) };
  return h("article", { class: `row ${classes}`, data: { id: post.message_id }, aria: { label }, ...touched }, face, column, more);
}

const fingers = matchMedia("(pointer: coarse)");

// Links have the browser's own menu, and so has text that is selected.
const plain = (event) => !event.target.closest("a") && !String(getSelection());

/** Tell whether a finger meant the message as a whole. */
const tapped = (event) => fingers.matches && event.target.closest(".bubble") && !event.target.closest("a, button, label, input, .spoiler, blockquote.long");

function contents(posts, act, named) {
  const [post] = posts;
  const carried = posts.length > 1 ? album(posts, act) : media(post, act);
  const captioned = posts.find((one) => one.caption) ?? post;
  const shown = preview(post);
  const words = text(captioned, act, posts);
  return [named && name(post), via(post), forwarded(post), quote(post), ...arranged(post, carried, words, shown, captioned), reactions(post)];
}

/** Put cover, pictures and words in their order; the time stands with whatever comes last. */
function arranged(post, carried, words, shown, captioned) {
  if (carried && !words.textContent) return [carried, words];
  if (captioned.show_caption_above_media) return [words, carried];
  if (!shown || above(post)) return [shown, carried, words];
  return [carried, words, shown, h("div", { class: "foot" }, words.querySelector(".meta"))];
}

function name(post) {
  return h("div", { class: "sender", style: { "--hue": hue(post.by?.id ?? post.chat.id) }, dir: "auto" }, post.by?.first_name ?? post.chat.title);
}

function via(post) {
  return post.via_bot ? h("div", { class: "via" }, t("via @{name}", { name: post.via_bot.username })) : null;
}

function forwarded(post) {
  const origin = post.forward_origin;
  if (!origin) return null;
  const from = origin.sender_user?.first_name ?? origin.chat?.title ?? origin.sender_user_name ?? "";
  return h("div", { class: "via", dir: "auto" }, t("Forwarded from {name}", { name: from }));
}

function quote(post) {
  if (!post.reply_to_message) return null;
  const original = current(post.reply_to_message);
  const who = original.from ?? original.sender_chat ?? {};
  const words = post.quote?.text ?? gist({ ...original, service: false });
  const onclick = () => openChatAt(post.chat, original.message_id);
  return h("button", { type: "button", class: "reply", style: { "--hue": hue(who.id ?? 0) }, onclick }, h("span", { class: "reply-name", dir: "auto" }, who.first_name ?? who.title ?? ""), h("span", { class: "reply-words", dir: "auto" }, words || t("Deleted message")));
}

function text(post, act, posts) {
  const words = post.text !== undefined ? startless(post.text) : post.caption ?? "";
  const entities = post.entities ?? post.caption_entities;
  const shown = words ? rich(words, entities, `${post.chat.id}/${post.message_id}`, act) : [];
  return h("div", { class: words ? "words" : "words empty" }, h("span", { class: "flow", dir: "auto" }, shown), meta(posts[0]));
}

function meta(post) {
  const marks = [post.edit_date && h("span", { class: "edited" }, t("edited")), h("time", { title: moment("full", post.date) }, moment("time", post.date))];
  return h("span", { class: "meta" }, marks, mine(post) && icon("check"));
}

function reactions(post) {
  if (post.reactions.length === 0) return null;
  const counts = new Map();
  for (const { emoji } of post.reactions) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  return h("div", { class: "reactions" }, [...counts].map(([emoji, count]) => {
    const own = post.reactions.some((one) => one.by === state.me && one.emoji === emoji);
    return h("button", { type: "button", class: "reaction", aria: { pressed: own }, onclick: () => react(post, emoji) }, `${emoji} ${count}`);
  }));
}

const MARKS = { url: "link", switch_inline_query: "inline", switch_inline_query_current_chat: "inline", copy_text: "copy", web_app: "panel" };

function keyboard(post) {
  const rows = post.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return h("div", { class: "keyboard" }, rows.map((buttons, row) => h("div", { class: "keyboard-row" }, buttons.map((button, column) => key(post, button, row, column)))));
}

function key(post, button, row, column) {
  const mark = Object.keys(MARKS).find((kind) => button[kind] !== undefined);
  const onclick = (event) => press(event.currentTarget, post, button, row, column);
  return h("button", { type: "button", class: "key", onclick }, h("span", { dir: "auto" }, button.text), mark && icon(MARKS[mark]));
}
