// The right pane: what happens behind the scenes, and what can be made to happen.

import { post } from "./api.js";
import { h, iconButton } from "./dom.js";
import { on, state } from "./store.js";
import { attempt, toast } from "./toasts.js";
import { privateChat } from "./views.js";
import { moment, t } from "./words.js";

const SHOWN = 150;
const FLOOD = 3;
const POLLING = "getUpdates";

const controls = h("div", { class: "controls" });
const log = h("ol", { class: "calls", tabindex: "0", aria: { label: t("API calls") } });

/** Begin; `toggle` closes the drawer. */
export function startDrawer(pane, toggle) {
  pane.setAttribute("aria-label", t("Behind the scenes"));
  const close = iconButton("close", t("Close the drawer"), toggle);
  pane.append(h("header", { class: "drawer-head" }, h("h2", {}, t("Behind the scenes")), close), h("section", { aria: { label: t("Try it") } }, controls), h("h3", {}, t("API calls"), h("small", {}, t("Polling is not shown"))), log);
  on("calls", drawCalls);
  for (const part of ["me", "chats", "open", "stage"]) on(part, drawControls);
}

function drawControls() {
  const chat = privateChat();
  if (!chat) return;
  const version = JSON.stringify([state.me, chat.blocked, state.stage]);
  if (controls.dataset.version === version) return;
  controls.dataset.version = version;
  controls.replaceChildren(...(state.stage ? stageControls() : []), blockControl(chat), floodControl(), ...(state.stage ? [restartControl()] : []));
}

function stageControls() {
  return [
    control("Next day's digest arrives", t("The clock goes to the next morning, and a digest is in the archive"), () => stage("next_day"), "A new day"),
    control("Correct today's digest", t("A headline in the archive is changed"), () => stage("correct_today"), "Today's digest was changed"),
  ];
}

const restartControl = () => control("Kill and restart the bot", t("kill -9, then a new start: nothing may be lost"), () => stage("restart"), "The bot was killed and started again");

const stage = (act) => post("stage", { act });

function blockControl(chat) {
  const person = state.people.get(state.me);
  const about = t("As {name}: what is sent to you is refused from now on", { name: person.first_name });
  const blocked = !chat.blocked;
  const act = () => post("block", { person: state.me, blocked });
  return control(chat.blocked ? "Unblock the bot" : "Block the bot", about, act, blocked ? "You blocked the bot" : "You unblocked the bot");
}

function floodControl() {
  const fault = { method: "sendMessage", retry_after: 2, times: FLOOD };
  return control("Flood", t("The next {n} messages are refused: too many requests", { n: FLOOD }), () => post("faults", fault, "/control"), "The next messages will be refused");
}

function control(name, about, act, done) {
  const onclick = async (event) => {
    const button = event.currentTarget;
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const worked = await attempt(act);
    button.setAttribute("aria-busy", "false");
    if (worked) toast(t(done));
  };
  return h("button", { type: "button", class: "control", onclick }, h("span", { class: "control-name" }, t(name)), h("span", { class: "control-about" }, about));
}

// Polls are many and say little; one that ends with the bot was not refused either.
const telling = (call) => call.method !== POLLING || (!call.ok && !call.error.startsWith("sandbox: the connection"));

let last = null;

/** Put new calls at the top, and let the oldest go. */
function drawCalls() {
  const calls = state.calls.filter(telling).slice(-SHOWN);
  const fresh = calls.slice(last ? calls.lastIndexOf(last) + 1 : 0);
  if (last && !calls.includes(last)) log.replaceChildren();
  last = calls.at(-1) ?? null;
  log.prepend(...fresh.reverse().map(entry));
  while (log.children.length > SHOWN) log.lastChild.remove();
}

function entry(call) {
  const refused = !call.ok && h("span", { class: "call-error" }, call.error);
  const summary = h("summary", {}, h("time", {}, moment("second", call.at)), h("span", { class: "call-method" }, call.method), h("span", { class: "call-gist" }, about(call.params)), refused);
  const details = h("details", { ontoggle: () => details.children.length > 1 || details.append(h("pre", { tabindex: "0" }, JSON.stringify(call.params, null, 2))) }, summary);
  return h("li", { class: call.ok ? "call" : "call refused" }, details);
}

function about(params) {
  const chat = params.chat_id ? nameOf(params.chat_id) : "";
  const words = String(params.text ?? params.caption ?? params.action ?? params.callback_query_id ?? "").replace(/<[^>]*>/g, "").replace(/\s+/g, " ").slice(0, 60);
  const scope = params.scope?.type ?? "";
  return [chat, words, scope, params.language_code].filter(Boolean).join(" · ");
}

const nameOf = (id) => state.chats.get(Number(id))?.name ?? String(id);
