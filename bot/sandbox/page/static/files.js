// Files to be sent: shown first, with words; pictures may go as photos.

import { upload } from "./api.js";
import { h } from "./dom.js";
import { attempt, openWindow } from "./toasts.js";
import { t } from "./words.js";

// Telegram's clients make photos no larger than this, and JPEGs.
const LONGEST_SIDE = 1280;
const QUALITY = 0.87;

/** Show files and ask how to send them to a place; `sent` is called when that is done. */
export async function offerFiles(files, words, place, sent) {
  if (!files.length) return;
  const canvases = await Promise.all(files.map(drawn));
  const shown = files.map((file, number) => h("li", {}, canvases[number], h("span", { class: "file-name", dir: "auto" }, file.name)));
  const caption = h("input", { class: "caption", dir: "auto", value: words, placeholder: t("Caption"), aria: { label: t("Caption") } });
  const body = h("div", {}, h("h2", {}, t("Send files")), h("ul", { class: "chosen-files" }, shown), caption);
  const sending = (send) => async () => {
    sent();
    await attempt(() => send({ ...place, caption: caption.value.trim() }));
  };
  const choices = [[t("Cancel"), () => {}], [t("Send as file"), sending((query) => sendFiles(files, query))]];
  if (canvases.every(Boolean)) choices.push([t("Send as photo"), sending((query) => sendPhotos(canvases, query))]);
  openWindow(body, choices);
}

/** Draw a file as a photo, null where it is no picture. */
async function drawn(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = h("canvas", { width, height, role: "img", aria: { label: t("Photo") } });
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** Words go with the last file, as in Telegram's clients. */
async function sendFiles(files, query) {
  for (const [number, file] of files.entries()) {
    const caption = number === files.length - 1 ? query.caption : "";
    await upload("document", file, { ...query, caption, name: file.name });
  }
}

/** Encode a photo at once: `toBlob` waits until the page is idle, on a busy machine for seconds. */
function encoded(canvas) {
  const bytes = atob(canvas.toDataURL("image/jpeg", QUALITY).split(",")[1]);
  return new Blob([Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))], { type: "image/jpeg" });
}

/** Words go with the first photo: they are the album's. */
async function sendPhotos(canvases, query) {
  const album = canvases.length > 1 ? { album: Date.now() } : {};
  for (const [number, canvas] of canvases.entries()) {
    const { width, height } = canvas;
    const photo = encoded(canvas);
    await upload("photo", photo, { ...query, ...album, caption: number ? "" : query.caption, width, height });
  }
}
