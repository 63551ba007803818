// Short words over everything: toasts that pass, and windows that want an answer.

import { h } from "./dom.js";
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
  window_(h("p", { dir: "auto" }, words), [[t("OK"), () => {}]]);
}

/** Ask before something is done. */
export function ask(title, words, yes, act) {
  const body = h("div", {}, h("h2", {}, title), h("p", { class: "address" }, words));
  window_(body, [[t("Cancel"), () => {}], [yes, act]]);
}

function window_(body, choices) {
  const dialog = h("dialog", { class: "window", onclose: () => dialog.remove() }, body);
  const buttons = choices.map(([label, act]) => {
    const onclick = () => {
      dialog.close();
      act();
    };
    return h("button", { type: "button", onclick }, label);
  });
  buttons.at(-1).autofocus = true;
  dialog.append(h("div", { class: "window-buttons" }, buttons));
  document.body.append(dialog);
  dialog.showModal();
}

/** Do something that may fail, and say why it did. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message, "bad");
    return null;
  }
}
