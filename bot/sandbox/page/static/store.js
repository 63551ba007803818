// What the page knows: people, chats and messages, patched by what happens.

import { get, listen } from "./api.js";
import { setZone } from "./words.js";

export const state = {
  bot: null,
  people: new Map(),
  chats: new Map(),
  calls: [],
  me: null,
  open: null,
  topic: null,
  stage: false,
  online: true,
  now: 0,
};

const KINDS = ["message", "edited", "deleted", "pinned", "reaction", "action", "draft", "member", "commands", "call", "stage", "reset"];
const CALLS_KEPT = 300;
const TYPING_MS = 5000;

const listeners = new Map();
const dirty = new Set();
let timer = null;
let source = null;
let versions = 0;
let skew = 0;

/** Call a function when a part of the state has changed: at most once a frame. */
export function on(part, listener) {
  listeners.set(part, [...(listeners.get(part) ?? []), listener]);
}

/** Say that a part has changed. */
export function changed(...parts) {
  for (const part of parts) dirty.add(part);
  timer ??= setTimeout(flush, 16);
}

function flush() {
  timer = null;
  const parts = [...dirty];
  dirty.clear();
  for (const part of parts) for (const listener of listeners.get(part) ?? []) listener();
}

/** Load everything, then follow what happens. */
export async function start() {
  source?.close();
  const found = await get("overview");
  setZone(found.zone);
  skew = found.now - Date.now() / 1000;
  state.bot = found.bot;
  state.stage = found.stage;
  state.calls = found.calls;
  state.people = new Map(found.people.map((person) => [person.id, person]));
  state.chats = new Map(found.chats.map((chat) => [chat.id, known(chat)]));
  const before = Number(sessionStorage.getItem("me"));
  state.me = state.people.has(before) ? before : found.people[0]?.id ?? null;
  source = listen(found.number, KINDS, receive, (online) => {
    if (online !== state.online) {
      state.online = online;
      changed("online");
    }
  });
  changed("me", "chats", "open", "posts", "calls");
}

/** Tell the sandbox's time, in seconds. */
export const now = () => Date.now() / 1000 + skew;

function known(chat) {
  const old = state.chats.get(chat.id);
  const posts = new Map(chat.posts.map((post) => [post.message_id, versioned(post)]));
  return { ...chat, posts, order: [...posts.keys()], read: old?.read ?? new Map(), action: null, draft: null };
}

function versioned(post) {
  post.version = ++versions;
  return post;
}

/** Load what chats are, without touching their messages: members, topics and names have changed. */
async function refresh() {
  const found = await get("overview");
  state.people = new Map(found.people.map((person) => [person.id, person]));
  for (const chat of found.chats) {
    const old = state.chats.get(chat.id);
    if (!old) state.chats.set(chat.id, known(chat));
    else for (const key of ["name", "members", "topics", "started", "blocked", "is_forum", "pinned"]) old[key] = chat[key];
  }
  changed("chats", "open", "posts");
}

let refreshing = null;
const refreshSoon = () => {
  refreshing ??= setTimeout(() => {
    refreshing = null;
    refresh().catch(() => {});
  }, 50);
};

function receive(kind, data) {
  if (kind === "reset") return void start();
  if (kind === "call") return addCall(data);
  if (kind === "stage") return moveClock(data);
  if (kind === "commands") return changed("commands");
  const chat = state.chats.get(data.chat);
  if (!chat) return refreshSoon();
  handlers[kind]?.(chat, data);
  changed("posts", "chats");
}

const handlers = {
  message(chat, { message }) {
    place(chat, message);
    if (message.by?.id === state.bot.id) chat.action = chat.draft = null;
    if (message.service || !chat.started) refreshSoon();
  },
  edited(chat, { message }) {
    if (chat.posts.has(message.message_id)) chat.posts.set(message.message_id, versioned(message));
    chat.pinned = chat.pinned.map((post) => (post.message_id === message.message_id ? message : post));
  },
  deleted(chat, { message_id }) {
    if (chat.posts.delete(message_id)) chat.order.splice(chat.order.lastIndexOf(message_id), 1);
    chat.pinned = chat.pinned.filter((post) => post.message_id !== message_id);
  },
  pinned(chat, { posts }) {
    chat.pinned = posts;
  },
  reaction(chat, { message }) {
    if (message) handlers.edited(chat, { message });
  },
  action(chat, { action }) {
    chat.action = action;
    clearTimeout(chat.actionTimer);
    chat.actionTimer = setTimeout(() => {
      chat.action = null;
      changed("chats");
    }, TYPING_MS);
  },
  draft(chat, data) {
    chat.draft = data.text ? data : null;
  },
  member: refreshSoon,
};

function place(chat, message) {
  const id = message.message_id;
  if (!chat.posts.has(id)) chat.order.push(id);
  chat.posts.set(id, versioned(message));
}

function addCall(call) {
  state.calls.push(call);
  if (state.calls.length > 2 * CALLS_KEPT) state.calls.splice(0, CALLS_KEPT);
  changed("calls");
}

function moveClock({ now: instant }) {
  skew = instant - Date.now() / 1000;
  state.stage = true; // Whoever opened the page before the stage was there learns of it now.
  changed("stage", "posts");
}

/** Load older messages of a chat; tell whether there were any. */
export async function loadOlder(chat) {
  if (!chat.more || chat.loading) return false;
  chat.loading = true;
  try {
    const found = await get("history", { chat: chat.id, before: chat.order[0] });
    const posts = found.posts.filter((post) => !chat.posts.has(post.message_id)).map(versioned);
    chat.posts = new Map([...posts.map((post) => [post.message_id, post]), ...chat.posts]);
    chat.order = [...posts.map((post) => post.message_id), ...chat.order];
    chat.more = found.more;
    return posts.length > 0;
  } finally {
    chat.loading = false;
  }
}
