// What is neither words nor buttons: pictures, files, polls, places.

import { fileUrl, post } from "./api.js";
import { calm, h, icon } from "./dom.js";
import { rich } from "./entities.js";
import { state } from "./store.js";
import { attempt, openPicture } from "./toasts.js";
import { t } from "./words.js";

/** Draw what a message carries besides words, null where it carries nothing. */
export function media(message, act) {
  const kind = Object.keys(DRAW).find((name) => message[name]);
  return kind ? DRAW[kind](message, act) : null;
}

/** Draw an album: its pictures in a grid, its files one below the other. */
export function album(messages, act) {
  const pictures = messages.every((message) => message.photo || message.video);
  return h("div", { class: pictures ? "album" : "files", role: "group", aria: { label: t("Album") } }, messages.map((message) => media(message, act)));
}

const DRAW = {
  photo: picture,
  video: (message) => film(message, "Video"),
  animation: (message) => film(message, "Animation"),
  video_note: (message) => film(message, "Video"),
  sticker: (message) => h("div", { class: "big-sign" }, message.sticker.emoji ?? t("Sticker")),
  document: (message) => file(message.document, message.document.file_name ?? t("File")),
  audio: (message) => file(message.audio, message.audio.title ?? message.audio.file_name ?? t("Audio")),
  voice: (message) => file(message.voice, t("Voice")),
  poll,
  dice: (message) => h("div", { class: "big-sign" }, message.dice.emoji, h("small", {}, String(message.dice.value))),
  venue: (message) => place(message.venue.title, message.venue.address),
  location: ({ location }) => place(t("Place"), `${location.latitude}, ${location.longitude}`),
  contact: ({ contact }) => place([contact.first_name, contact.last_name].filter(Boolean).join(" "), contact.phone_number),
};

function picture(message) {
  const size = message.photo.at(-1);
  const label = message.caption ?? t("Photo");
  const src = fileUrl(size.file_id);
  const inner = message.picture
    ? h("button", { type: "button", class: "picture-open", onclick: () => openPicture(src, label) }, h("img", { src, alt: label, loading: "lazy" }))
    : h("span", { class: "cover", style: { "--hue": calm(size.file_unique_id) }, role: "img", aria: { label } }, h("span", { class: "cover-site" }, t("Photo")));
  return veiled(message, h("div", { class: "picture" }, inner));
}

function veiled(message, node) {
  if (!message.has_media_spoiler) return node;
  node.classList.add("veiled");
  const veil = h("button", { type: "button", class: "veil", aria: { label: t("Hidden text") }, onclick: () => {
    node.classList.remove("veiled");
    veil.remove();
  } });
  node.append(veil);
  return node;
}

function film(message, label) {
  const cover = h("span", { class: "cover", style: { "--hue": calm(message.message_id) }, role: "img", aria: { label: t(label) } }, icon("play"));
  return h("div", { class: "picture" }, cover);
}

function file(stored, name) {
  const words = h("span", { class: "file-words" }, h("span", { class: "file-name", dir: "auto" }, name), h("span", { class: "file-size" }, size(stored.file_size)));
  return h("a", { class: "file", href: fileUrl(stored.file_id), download: name }, h("span", { class: "file-icon" }, icon("file")), words);
}

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

function place(title, detail) {
  return h("div", { class: "file" }, h("span", { class: "file-icon" }, icon("place")), h("span", { class: "file-words" }, h("span", { class: "file-name", dir: "auto" }, title), h("span", { class: "file-size" }, detail)));
}

// What the person at the page chose in which poll: the Bot API does not show it.
const chosen = new Map();

function poll(message, act) {
  const { poll: about } = message;
  const key = `${state.me}/${about.id}`;
  const mine = chosen.get(key) ?? [];
  const showing = mine.length > 0 || about.is_closed;
  const kind = about.is_closed ? "Final results" : about.is_anonymous ? "Anonymous poll" : "Public poll";
  const count = about.total_voter_count;
  const vote = (options) => attempt(async () => {
    chosen.set(key, options);
    await post("vote", { person: state.me, chat: message.chat.id, message_id: message.message_id, options });
  });
  const question = h("div", { class: "poll-question", dir: "auto" }, rich(about.question, about.question_entities, `poll${about.id}`, act));
  const options = about.options.map((option, number) => (showing ? bar(option, count, mine.includes(number)) : choice(about, option, number, vote)));
  const foot = h("div", { class: "poll-foot" }, count ? t("Votes: {n}", { n: count }) : t("No votes yet"));
  if (showing && !about.is_closed) foot.append(" · ", h("button", { type: "button", class: "tap", onclick: () => vote([]) }, t("Retract vote")));
  return h("div", { class: "poll", role: "group", aria: { label: t("Poll") } }, question, h("div", { class: "poll-kind" }, t(kind)), options, manyButton(about, showing, vote), foot);
}

function bar(option, count, mine) {
  const share = count ? Math.round((100 * option.voter_count) / count) : 0;
  return h("div", { class: "poll-bar", style: { "--share": `${share}%` } }, h("span", { class: "poll-share" }, `${share}%`), h("span", { dir: "auto" }, option.text), mine && icon("check"));
}

function choice(about, option, number, vote) {
  if (!about.allows_multiple_answers)
    return h("button", { type: "button", class: "poll-option", onclick: () => vote([number]) }, h("span", { class: "dot" }), h("span", { dir: "auto" }, option.text));
  return h("label", { class: "poll-option" }, h("input", { type: "checkbox", value: number }), h("span", { dir: "auto" }, option.text));
}

function manyButton(about, showing, vote) {
  if (showing || !about.allows_multiple_answers) return null;
  const onclick = (event) => {
    const boxes = [...event.target.closest(".poll").querySelectorAll("input:checked")];
    if (boxes.length) vote(boxes.map((box) => Number(box.value)));
  };
  return h("button", { type: "button", class: "tap poll-vote", onclick }, t("Vote"));
}
