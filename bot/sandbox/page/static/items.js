// The history as a list of items: a line for each new day, albums as one, a person's messages together.

import { now } from "./store.js";
import { moment, t } from "./words.js";
import { h } from "./dom.js";
import { current } from "./views.js";

// Messages of one person within this many seconds stand together.
const TOGETHER = 600;

/** Group messages into items, each with a key and a version that tells whether it changed; a line
 * stands above the message *news*. */
export function itemsOf(posts, news = null) {
  const items = [];
  let day = null;
  for (const post of posts) {
    const today = moment("day", post.date);
    if (today !== day) items.push(dayItem((day = today), post));
    if (post.message_id === news) items.push(newsItem());
    add(items, post);
  }
  for (const item of items) item.version ??= `${item.posts.map(versionOf)}/${item.first}/${item.last}`;
  return items;
}

/** What a message shows of the one that it answers changes with that one. */
function versionOf(post) {
  const original = post.reply_to_message;
  return `${post.version}.${original ? current(original).version : ""}`;
}

function add(items, post) {
  const before = items.at(-1);
  if (post.media_group_id && before.posts?.[0].media_group_id === post.media_group_id) return void before.posts.push(post);
  const together = follows(before, post);
  if (together) before.last = false;
  return void items.push({ key: `m${post.message_id}`, posts: [post], first: !together, last: true });
}

function follows(before, post) {
  const last = before.posts?.at(-1);
  return Boolean(last) && !last.service && !post.service && last.by?.id === post.by?.id && post.date - last.date < TOGETHER;
}

function newsItem() {
  return { key: "news", version: "", draw: () => h("div", { class: "news", role: "separator" }, t("Unread messages")) };
}

function dayItem(day, post) {
  const label = day === moment("day", now()) ? t("Today") : day === moment("day", now() - 86400) ? t("Yesterday") : day;
  return { key: `d${day}`, version: label, draw: () => h("div", { class: "day", role: "separator" }, h("time", { title: moment("full", post.date) }, label)) };
}

/** Make a list show the items, touching only what differs; `drawn` maps the keys of what it shows. */
export function reconcile(list, drawn, items, draw) {
  const kept = new Map();
  let cursor = list.firstChild;
  for (const item of items) {
    const old = drawn.get(item.key);
    const node = old?.version === item.version ? old.node : item.draw?.() ?? draw(item);
    kept.set(item.key, { version: item.version, node });
    if (old && old.node === cursor) cursor = cursor.nextSibling;
    if (old?.node !== node) old?.node.remove();
    if (node.nextSibling !== cursor || node.parentNode !== list) list.insertBefore(node, cursor);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
  return kept;
}
