// The page begins here.

import { edit, focusField, reply, sayCommand, startComposer } from "./composer.js";
import { startDrawer } from "./drawer.js";
import { goTo, startHistory } from "./history.js";
import { startMenu } from "./menu.js";
import { changed, on, start, state } from "./store.js";
import { startSide } from "./side.js";
import { startTalk } from "./talk.js";
import { attempt, toast } from "./toasts.js";
import { myChats, nameOf, openChat, unread } from "./views.js";
import { chinese, t } from "./words.js";

const app = document.getElementById("app");
const wide = matchMedia("(min-width: 720px)");
const veryWide = matchMedia("(min-width: 1180px)");

/** Go where the address says: `#/chat`, `#/chat/message` or `#/chat/topic/number`. */
function route() {
  const [, chatId, kind, number] = location.hash.split("/");
  const chat = state.chats.get(Number(chatId));
  const topic = kind === "topic" ? Number(number) : null;
  const message = kind && kind !== "topic" ? Number(kind) : null;
  state.open = chat?.id ?? null;
  state.topic = chat?.posts.get(message)?.message_thread_id ?? topic;
  app.dataset.pane = chat ? "talk" : "list";
  changed("open", "chats");
  if (chat && message) setTimeout(() => goTo(message), 40);
}

function openFirst() {
  const group = myChats().find((chat) => !chat.private) ?? myChats()[0];
  if (!location.hash && wide.matches && group) history.replaceState(null, "", `#/${group.id}`);
  route();
}

function title() {
  const count = myChats().reduce((sum, chat) => sum + unread(chat), 0);
  document.title = `${count ? `(${count}) ` : ""}${openChat() ? nameOf(openChat()) : t("Sandbox")} – digestbot`;
}

function toggleDrawer(button) {
  const open = app.classList.toggle("drawer-open");
  button.setAttribute("aria-expanded", open);
  button.setAttribute("aria-label", t(open ? "Close the drawer" : "Open the drawer"));
  document.getElementById("drawer").inert = !open;
  if (!open) button.focus();
}

/** Tell whether a key begins words that nothing else waits for. */
const isWord = (event) => event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, [role=menu]");

function keys(event) {
  // Escape closes what stands over everything first.
  const free = !event.defaultPrevented && !document.querySelector("dialog[open]");
  if (event.key === "Escape" && free && !wide.matches && app.dataset.pane === "talk") location.hash = "#/";
  if (free && isWord(event)) focusField();
  const step = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const ids = myChats().map((chat) => chat.id);
  location.hash = `#/${ids[(ids.indexOf(state.open) + step + ids.length) % ids.length]}`;
}

document.documentElement.lang = chinese ? "zh-CN" : "en";
const drawerPane = document.getElementById("drawer");
drawerPane.inert = true;
startSide(document.getElementById("side"));
const drawerButton = startTalk(document.getElementById("talk"), () => toggleDrawer(drawerButton));
startDrawer(drawerPane, () => toggleDrawer(drawerButton));
startHistory({ reply, edit, say: sayCommand });
startComposer();
startMenu();
for (const part of ["open", "me", "chats"]) on(part, title);
addEventListener("hashchange", route);
addEventListener("keydown", keys);

const started = await attempt(() => start().then(() => true));
if (started) openFirst();
else toast(t("The sandbox is gone. Trying again…"), "bad");
if (veryWide.matches) toggleDrawer(drawerButton);
app.dataset.ready = "true";
