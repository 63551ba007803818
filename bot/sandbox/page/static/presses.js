// Pressing the buttons under messages.

import { post as tell } from "./api.js";
import { compose } from "./compose.js";
import { address, follow, startBot, telegramLink } from "./links.js";
import { state } from "./store.js";
import { alertBox, attempt, copy, toast } from "./toasts.js";
import { t } from "./words.js";

/** Do what a button does; while the bot is thinking, the button shows it. */
export async function press(node, message, button, row, column) {
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query;
  if (query !== undefined) return compose(`@${state.bot.username} ${query}`);
  if (button.copy_text) return copy(button.copy_text.text);
  if (button.url) return go(button.url);
  if (node.classList.contains("busy")) return undefined;
  node.classList.add("busy");
  const wish = { person: state.me, chat: message.chat.id, message_id: message.message_id, row, column };
  const found = await attempt(() => tell("press", wish));
  node.classList.remove("busy");
  return found && show(found.answer);
}

function show(answer) {
  if (answer === null) return toast(t("The bot does not answer"), "bad");
  if (answer.url) return go(answer.url);
  if (!answer.text) return undefined;
  return answer.alert ? alertBox(answer.text) : toast(answer.text);
}

function go(text) {
  const url = address(text.includes(":") ? text : `http://${text}`);
  if (!url) return undefined;
  const place = telegramLink(url);
  if (place?.start !== null && place?.name?.toLowerCase() === state.bot.username.toLowerCase()) return attempt(() => startBot(place.start));
  return follow(new Event("press"), url, false);
}
