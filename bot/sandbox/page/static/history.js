// The messages of the open chat: a window on them that follows the newest, patched by id.

import { bubble } from "./bubble.js";
import { h, icon } from "./dom.js";
import { foldLongQuotes, rich } from "./entities.js";
import { itemsOf, reconcile } from "./items.js";
import { changed, loadOlder, on, state } from "./store.js";
import { toast } from "./toasts.js";
import { markRead, mine, openChat, unread, visible } from "./views.js";
import { t } from "./words.js";

// Messages that are drawn at first, more with each step, and at most at any time.
const FIRST = 30;
const STEP = 15;
const MOST = 100;
const NEAR = 60;
const FAR = 800;
// A scroll so long after a touch, key or wheel is no longer the person's.
const HAND_MS = 800;
const TOGETHER_MS = 5000;
const SCROLLING_MS = 1200;

const list = h("div", { class: "items", role: "log", aria: { label: t("Messages"), live: "polite" } });
const empty = h("div", { class: "no-messages", hidden: true });
const badge = h("span", { class: "badge" });
const down = h("button", { type: "button", class: "to-newest", title: t("Go to newest"), aria: { label: t("Go to newest") }, onclick: () => toNewest() }, icon("down"), badge);
const scroller = h("div", { class: "scroller", tabindex: "-1" }, h("div", { class: "filler" }), empty, list);

/** The part of the page with the messages. */
export const historyPane = h("div", { class: "history" }, scroller, down);

let act = null;
let shown = "";
let drawn = new Map();
let count = 0;
// The window on the messages; an end of null goes on with what is new.
let from = 0;
let to = null;
// Whether new messages are scrolled to, and the first unread one while nothing was touched yet.
let following = true;
let unseen = null;
// The first message that was unread when the chat was opened: a line stands above it.
let news = null;
let handAt = -Infinity;
let noticedAt = -Infinity;

/** Begin; `acts` does what messages ask for: reply and say. */
export function startHistory(acts) {
  act = { ...acts, tag: goToTag };
  for (const part of ["posts", "open", "me", "stage"]) on(part, draw);
  scroller.addEventListener("scroll", scrolled, { passive: true });
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"])
    scroller.addEventListener(kind, () => (handAt = performance.now()), { passive: true });
  const settle = new ResizeObserver(place);
  settle.observe(scroller);
  settle.observe(list);
  document.addEventListener("visibilitychange", look);
}

function draw() {
  const chat = openChat();
  const key = chat ? `${state.me}/${chat.id}/${state.topic}` : "";
  const posts = chat ? visible(chat, state.topic) : [];
  if (key !== shown) reset(key, chat, posts);
  if (!chat) return;
  // The answer to what one says may come together with it.
  const said = posts.findLastIndex(mine);
  if (said >= count) {
    follow(posts);
    count = said + 1;
  }
  if (posts.length > count && following) notice(posts);
  if (following && to === null) from = Math.max(from, posts.length - MOST);
  count = posts.length;
  paint(chat, posts);
  place();
  look();
}

function paint(chat, posts) {
  drawEmpty(chat, posts.length > 0 || chat.more);
  const items = itemsOf(posts.slice(from, to ?? undefined), news);
  if (chat.draft && state.topic === null && to === null) items.push(draftItem(chat));
  drawn = reconcile(list, drawn, items, (item) => bubble(item, act));
  foldLongQuotes(list);
}

function reset(key, chat, posts) {
  shown = key;
  drawn = new Map();
  list.replaceChildren();
  follow(posts);
  count = posts.length;
  const fresh = chat ? unread(chat) : 0;
  unseen = fresh && fresh < FIRST ? posts.filter((post) => !post.service).at(-fresh)?.message_id : null;
  news = chat?.read.has(state.me) ? unseen : null;
}

function follow(posts) {
  following = true;
  unseen = news = null;
  noticedAt = -Infinity;
  handAt = -Infinity;
  to = null;
  from = Math.max(0, posts.length - FIRST);
}

/** Show what is new from its beginning; what comes shortly after waits below it. */
function notice(posts) {
  const moment = performance.now();
  if (moment - noticedAt > TOGETHER_MS) unseen = posts[count].message_id;
  noticedAt = moment;
}

function drawEmpty(chat, any) {
  empty.hidden = any;
  scroller.classList.toggle("bare", !any);
  if (any) return;
  const { description } = state.bot;
  const words = chat.private && (description[navigator.language.slice(0, 2)] ?? description[""]);
  empty.replaceChildren(...(words ? [h("strong", {}, t("What can this bot do?")), words] : [t("No messages here yet")]));
}

function draftItem(chat) {
  const { text, entities, draft_id: id } = chat.draft;
  const words = () => h("div", { class: "words" }, rich(text, entities, "draft", act));
  return { key: "draft", version: `${id}/${text}`, draw: () => h("article", { class: "row draft" }, h("div", { class: "bubble first last" }, words())) };
}

/** Keep to the end while following: to the newest message, or to the first that was not seen. */
function place() {
  if (!following) return;
  const node = unseen === null ? null : list.querySelector(`[data-id="${unseen}"]`);
  const end = scroller.scrollHeight - scroller.clientHeight;
  scroller.scrollTop = node ? Math.min(end, node.offsetTop - scroller.offsetTop - 44) : end;
}

let rest = null;

/** A day that hides others' words is shown only while one scrolls. */
function showDay() {
  scroller.classList.add("scrolling");
  clearTimeout(rest);
  rest = setTimeout(() => scroller.classList.remove("scrolling"), SCROLLING_MS);
}

function markStuckDays() {
  // All is measured before anything is changed: each change between would lay the page out anew.
  const days = [...list.querySelectorAll(".day")].map((day) => [day, day.nextElementSibling]);
  const stuck = days.map(([day, next]) => Boolean(next) && next.offsetTop < day.offsetTop + day.offsetHeight);
  days.forEach(([day], place) => day.classList.toggle("stuck", stuck[place]));
}

function scrolled() {
  showDay();
  if (performance.now() - handAt < HAND_MS) {
    following = to === null && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    unseen = null;
  }
  if (scroller.scrollTop < FAR) showOlder();
  else if (to !== null && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < FAR) showNewer();
  look();
}

let growing = false;

async function showOlder() {
  const chat = openChat();
  if (!chat || growing || (from === 0 && !chat.more)) return;
  growing = true;
  try {
    const before = visible(chat, state.topic).length;
    if (from < STEP) await loadOlder(chat);
    const added = visible(chat, state.topic).length - before;
    count += added;
    const end = to === null ? before + added : to + added;
    from = Math.max(0, from + added - STEP);
    // While following, what comes must not be left below the window.
    to = to === null && (following || end - from <= MOST) ? null : Math.min(end, from + MOST);
    keepPlace(chat);
  } finally {
    growing = false;
  }
}

function showNewer() {
  const chat = openChat();
  const known = visible(chat, state.topic).length;
  to += STEP;
  from = Math.max(0, to - MOST);
  if (to >= known) to = null;
  keepPlace(chat);
}

/** Draw the window anew; what is looked at stays where it is, be it the end. */
function keepPlace(chat) {
  const top = scroller.getBoundingClientRect().top;
  const anchor = [...list.children].find((node) => node.getBoundingClientRect().bottom > top && node.dataset.id);
  const before = anchor?.getBoundingClientRect().top;
  paint(chat, visible(chat, state.topic));
  // It may have been drawn anew: the first of its person's messages may not be the first any more.
  const after = anchor && list.querySelector(`[data-id="${anchor.dataset.id}"]`);
  if (following) place();
  else if (after) scroller.scrollTop += after.getBoundingClientRect().top - before;
}

function toNewest() {
  follow(visible(openChat(), state.topic));
  draw();
}

/** Count as read what is looked at. */
function look() {
  const chat = openChat();
  if (!chat) return;
  if (following && document.visibilityState === "visible" && chat.read.get(state.me) !== chat.order.at(-1)) {
    markRead(chat);
    changed("chats");
  }
  badge.textContent = unread(chat) || "";
  const end = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  down.classList.toggle("shown", to !== null || end > NEAR * 2);
  markStuckDays();
}

/** Go to a message, and let it light up for a moment. */
export async function goTo(id) {
  const chat = openChat();
  while (chat && !chat.posts.has(id) && chat.more && id < chat.order[0]) await loadOlder(chat);
  const posts = chat ? visible(chat, state.topic) : [];
  const index = posts.findIndex((post) => post.message_id === id);
  if (index < 0) return toast(t("That message is not here"));
  following = false;
  unseen = null;
  count = posts.length;
  from = Math.max(0, index - FIRST);
  to = index + FIRST < posts.length ? index + FIRST : null;
  paint(chat, posts);
  return light(list.querySelector(`[data-id="${id}"]`));
}

function light(node) {
  node?.scrollIntoView({ block: "center" });
  node?.classList.add("lit");
  setTimeout(() => node?.classList.remove("lit"), 1600);
  look();
}

let lastTag = { tag: "", id: 0 };

/** Go from one message with a tag to the one before it. */
function goToTag(tag) {
  const chat = openChat();
  const before = lastTag.tag === tag ? lastTag.id : Infinity;
  const tagged = visible(chat, state.topic).filter((post) => (post.text ?? post.caption ?? "").includes(tag));
  const found = tagged.filter((post) => post.message_id < before).at(-1) ?? tagged.at(-1);
  if (tagged.length < 2) return void toast(t("No other message with {tag}", { tag }));
  lastTag = { tag, id: found.message_id };
  return void goTo(found.message_id);
}
