// Questions about the state: who sees what, what is unread, what a message says in short.

import { state } from "./store.js";
import { t } from "./words.js";

/** Tell whether the person at the page sees a chat in their list. */
export const seen = (chat) => (chat.private ? chat.id === state.me : true);

/** List the chats of the person at the page, the liveliest first. */
export function myChats() {
  const last = (chat) => newest(chat)?.date ?? 0;
  return [...state.chats.values()].filter(seen).sort((a, b) => last(b) - last(a) || a.id - b.id);
}

/** Find the chat that is open. */
export const openChat = () => state.chats.get(state.open) ?? null;

/** Find the private chat of the person at the page. */
export const privateChat = () => state.chats.get(state.me);

/** Name a chat as the person at the page sees it. */
export const nameOf = (chat) => (chat.private ? state.bot.first_name : chat.name);

/** Give the id that a chat's picture is coloured by. */
export const faceOf = (chat) => (chat.private ? state.bot.id : chat.id);

/** Find the newest message of a chat. */
export const newest = (chat) => chat.posts.get(chat.order.at(-1));

/** Tell whether a message is of the person at the page. */
export const mine = (post) => isBy(post, state.me);

const isBy = (post, person) => post.by?.id === person && post.chat.type !== "channel";

/** Tell whether the person at the page can write into a chat. */
export const mayWrite = (chat) => (chat.private ? chat.started && !chat.blocked : chat.type !== "channel" && Boolean(chat.members[state.me]));

/** Tell whether the person at the page may do with all messages of a chat as with their own. */
export const inCharge = (chat) => chat.private || ["creator", "administrator"].includes(chat.members[state.me]);

/** List the messages of a chat, or of its open topic. */
export function visible(chat, topic) {
  const posts = chat.order.map((id) => chat.posts.get(id));
  return chat.is_forum ? posts.filter((post) => (post.message_thread_id ?? null) === topic) : posts;
}

/** Count the messages that someone has not seen: what one has answered one has seen. */
export function unread(chat, person = state.me) {
  const read = chat.read.get(person) ?? 0;
  let count = 0;
  for (let place = chat.order.length - 1; place >= 0 && chat.order[place] > read; place -= 1) {
    const post = chat.posts.get(chat.order[place]);
    if (isBy(post, person)) break;
    if (!post.service) count += 1;
  }
  return count;
}

/** Find a message as it is now, where it is known: another message may show it as it was. */
export const current = (post) => state.chats.get(post.chat.id)?.posts.get(post.message_id) ?? post;

/** Remember that a chat was looked at, up to its newest message. */
export function markRead(chat) {
  chat.read.set(state.me, chat.order.at(-1) ?? 0);
}

/** Tell what someone is in a group. */
export function roleOf(person) {
  const standings = [...state.chats.values()].filter((chat) => !chat.private).map((chat) => chat.members[person]);
  if (standings.includes("creator")) return t("owner");
  return t(standings.includes("administrator") ? "administrator" : "member");
}

const KINDS = [
  ["photo", "Photo"], ["video", "Video"], ["animation", "Animation"], ["document", "File"], ["audio", "Audio"],
  ["voice", "Voice"], ["video_note", "Video"], ["sticker", "Sticker"], ["poll", "Poll"], ["venue", "Place"],
  ["location", "Place"], ["contact", "Contact"],
];

/** Say in a few words what a message is. */
export function gist(post) {
  if (post.service) return serviceLine(post);
  const kind = KINDS.find(([key]) => post[key]);
  const words = veiled(post).replace(/\s+/g, " ").trim();
  const label = kind ? t(kind[1]) : "";
  if (post.dice) return `${post.dice.emoji} ${post.dice.value}`;
  const detail = words || post.document?.file_name || post.poll?.question || post.venue?.title || "";
  return (kind && detail ? `${label} · ${detail}` : label || startless(detail)).slice(0, 200);
}

/** Give a message's words with its spoilers made unreadable. */
function veiled(post) {
  let words = post.text ?? post.caption ?? "";
  for (const { type, offset, length } of post.entities ?? post.caption_entities ?? [])
    if (type === "spoiler") words = words.slice(0, offset) + "▒".repeat(length) + words.slice(offset + length);
  return words;
}

/** Show `/start` alone, as Telegram does: what comes with it is for the bot. */
export const startless = (text) => (/^\/start \S+$/.test(text) ? "/start" : text);

/** Say what a service line tells. */
export function serviceLine(post) {
  const name = post.by?.first_name ?? post.chat.title ?? "";
  const lines = {
    new_chat_members: ([other]) =>
      other.id === post.by?.id ? t("{name} joined the group", { name }) : t("{name} added {other}", { name, other: other.first_name }),
    left_chat_member: (user) => t("{name} left the group", { name: user.first_name }),
    pinned_message: (pinned) => {
      const text = veiled(pinned).split("\n")[0].slice(0, 40);
      return t(text ? "{name} pinned “{text}”" : "{name} pinned a message", { name, text });
    },
    new_chat_title: (text) => t("{name} changed the group name to “{text}”", { name, text }),
    forum_topic_created: (topic) => t("Topic “{text}” was opened", { text: topic.name }),
    forum_topic_edited: (topic) => t("The topic was named “{text}”", { text: topic.name ?? "" }),
    forum_topic_closed: () => t("The topic was closed"),
    forum_topic_reopened: () => t("The topic was reopened"),
    migrate_to_chat_id: () => t("This group became a supergroup"),
    migrate_from_chat_id: () => t("This group became a supergroup"),
  };
  const kind = Object.keys(lines).find((key) => post[key] !== undefined);
  return kind ? lines[kind](post[kind]) : "…";
}
