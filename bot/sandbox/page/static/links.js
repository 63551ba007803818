// Where links lead: chats and messages open here, everything else outside, after a question.

import { post } from "./api.js";
import { ask, toast } from "./toasts.js";
import { state } from "./store.js";
import { privateChat } from "./views.js";
import { t } from "./words.js";

const SAFE = ["http:", "https:", "mailto:", "tel:", "tg:"];

/** Read an address; one that could run something is none. */
export function address(text) {
  try {
    const url = new URL(text);
    return SAFE.includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Read a link of Telegram's own: the name of a chat, and a message or start parameter. */
export function telegramLink(url) {
  if (url.protocol === "tg:") {
    const query = url.searchParams;
    return { name: query.get("domain"), start: query.get("start"), message: Number(query.get("post")) || null };
  }
  if (!["t.me", "telegram.me", "telegram.dog"].includes(url.hostname)) return null;
  const parts = url.pathname.split("/").filter(Boolean);
  const message = Number(parts.at(-1)) || null;
  if (parts[0] === "c") return { id: Number(`-100${parts[1]}`), message };
  return { name: parts[0], start: url.searchParams.get("start"), message: parts.length > 1 ? message : null };
}

/** Follow a link that was clicked; `plain` links show where they lead, others are asked about. */
export function follow(event, url, plain) {
  const place = telegramLink(url);
  event.preventDefault();
  if (place) return void openPlace(place);
  const open = () => window.open(url.href, "_blank", "noopener,noreferrer");
  if (plain || event.ctrlKey || event.metaKey) open();
  else ask(t("Open this link?"), url.href, t("Open"), open);
}

/** Open a chat in the page, and go to one of its messages. */
export function openChatAt(chat, message = null) {
  const target = `#/${chat.id}${message ? `/${message}` : ""}`;
  if (location.hash === target) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = target;
}

async function openPlace(place) {
  const name = (place.name ?? "").toLowerCase();
  if (name && name === state.bot.username.toLowerCase()) return startBot(place.start);
  const chat = [...state.chats.values()].find((one) => one.id === place.id || (name && one.username?.toLowerCase() === name));
  if (chat && !chat.private) openChatAt(chat, place.message);
  else toast(t("That chat is not here"));
}

/** Go to the bot; a start parameter is said to it, as Telegram does. */
export async function startBot(payload) {
  const chat = privateChat();
  openChatAt(chat);
  if (payload !== null && payload !== undefined)
    await post("send", { person: state.me, chat: chat.id, text: `/start ${payload}`.trim() });
}
