// Link previews. Nothing is loaded from outside: a cover is drawn from the address alone.

import { calm, h, hue } from "./dom.js";
import { address, follow } from "./links.js";

/** Draw the preview that belongs to a message, null where it has none. */
export function preview(post) {
  const options = post.link_preview_options ?? {};
  if (options.is_disabled || !post.text) return null;
  const url = address(options.url ?? firstLink(post) ?? "");
  if (!url || !url.protocol.startsWith("http") || isTelegram(url)) return null;
  return card(url, Boolean(options.prefer_large_media), Boolean(options.url) && isPicture(options));
}

/** Tell whether the preview stands above the words. */
export const above = (post) => Boolean(post.link_preview_options?.show_above_text);

const isTelegram = (url) => ["t.me", "telegram.me"].includes(url.hostname);

// A large preview above the text is how bots show a cover: only the picture counts.
const isPicture = (options) => Boolean(options.prefer_large_media && options.show_above_text);

function firstLink(post) {
  const entity = (post.entities ?? []).find((one) => one.type === "text_link" || one.type === "url");
  if (!entity) return null;
  const text = entity.url ?? post.text.slice(entity.offset, entity.offset + entity.length);
  return /^[a-z][a-z+.-]*:/i.test(text) ? text : `http://${text}`;
}

function card(url, large, picture) {
  const site = url.hostname.replace(/^www\./, "");
  const title = picture ? null : pathWords(url);
  const words = h("span", { class: "preview-words" }, h("span", { class: "preview-site" }, site), title && h("span", { class: "preview-title" }, title));
  const props = {
    href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href,
    class: `preview ${large ? "large" : "small"}${picture ? " bare" : ""}`, style: { "--hue": hue(site) },
    onclick: (event) => follow(event, url, false),
  };
  return h("a", props, words, cover(url, site, large, picture));
}

/** Draw a calm picture in colours of the site's own. */
function cover(url, site, large, picture) {
  const style = { "--hue": calm(site), "--turn": `${Math.round(hue(url.href))}deg` };
  const named = picture ? [h("span", { class: "cover-site" }, site), h("span", { class: "cover-path" }, pathWords(url))] : [];
  return h("span", { class: "cover", style, aria: { hidden: "true" } }, large ? named : site[0].toUpperCase());
}

// Dashes stand for spaces in headlines, but not in names.
const spaced = (part) => (part.split(/[-_+]+/).length > 2 ? part.replace(/[-_+]+/g, " ") : part);

function pathWords(url) {
  const parts = url.pathname.split("/").filter((part) => part && !/^\d{4}(-\d\d-\d\d)?$|^\d\d$/.test(part));
  try {
    return decodeURIComponent(parts.slice(-2).map(spaced).join(" / ")).replace(/\.\w{2,5}$/, "");
  } catch {
    return "";
  }
}
