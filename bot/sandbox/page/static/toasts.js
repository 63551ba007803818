// Short words over everything: toasts that pass, and windows that want an answer.

import { h } from "./dom.js";
import { why } from "./reasons.js";
import { t } from "./words.js";

const LASTS_MS = 3200;

/** Show words for a moment. */
export function toast(words, kind = "") {
  const node = h("div", { class: `toast ${kind}`, dir: "auto" }, words);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), LASTS_MS + 40 * words.length);
}

/** Show words until they are dismissed. */
export function alertBox(words) {
  openWindow(h("p", { dir: "auto" }, words), [[t("OK"), () => {}]]);
}

/** Ask before something is done. */
export function ask(title, words, yes, act) {
  const body = h("div", {}, h("h2", {}, title), h("p", { class: "address" }, words));
  openWindow(body, [[t("Cancel"), () => {}], [yes, act]]);
}

/** Show a window with buttons; Enter presses the last. */
export function openWindow(body, choices) {
  const onkeydown = (event) => event.key === "Enter" && event.target.tagName === "INPUT" && !event.isComposing && buttons.at(-1).click();
  const dialog = h("dialog", { class: "window", onclose: () => dialog.remove(), onkeydown }, body);
  const buttons = choices.map(([label, act]) => {
    const onclick = () => {
      dialog.close();
      act();
    };
    return h("button", { type: "button", onclick }, label);
  });
  (body.querySelector("input") ?? buttons.at(-1)).autofocus = true;
  dialog.append(h("div", { class: "window-buttons" }, buttons));
  document.body.append(dialog);
  dialog.showModal();
}

/** Show a picture alone; a click or Escape closes it. */
export function openPicture(src, alt) {
  const close = h("button", { type: "button", title: t("Close"), onclick: () => dialog.close() }, h("img", { src, alt }));
  const dialog = h("dialog", { class: "viewer", onclose: () => dialog.remove() }, close);
  document.body.append(dialog);
  dialog.showModal();
}

/** Do something that may fail, and say why it did. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(why(error.message), "bad");
    return null;
  }
}

/** Copy words, and say so. */
export const copy = (words) => attempt(async () => {
  await navigator.clipboard.writeText(words);
  toast(t("Copied"));
});
