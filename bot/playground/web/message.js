// One message: its bubble, what is attached, its buttons.

import { h, icon } from "./dom.js";
import { wordsOf } from "./text.js";
import { timeOf } from "./times.js";
import { voicePlayer } from "./voice.js";

const REST = {
  video: ["film", "Video"], video_note: ["film", "Video message"], animation: ["film", "GIF"], audio: ["voice", "Music"],
  poll: ["poll", "Poll"], contact: ["person", "Contact"], location: ["pin", "Location"], dice: ["smile", "Dice"],
};

/** What stays while a message is edited: opened spoilers and unfolded quotes. */
export function freshState() {
  return { opened: false, spoilers: [], unfolded: new Set() };
}

/** The element of a message. `does` holds what can be done: tap, follow, command, menu, lookAt. */
export function messageElement(message, phone, state, does) {
  state.spoilers = [];
  const who = message.mine ? phone.name : "Side by Side";
  const element = h("article", { class: `message ${message.mine ? "mine" : "bot"}`, tabindex: "-1", "aria-label": `${who}, ${timeOf(message.at, phone)}`, data: { number: message.id } });
  element.append(bubble(message, phone, state, does));
  const menu = h("button", { type: "button", class: "round act", tabindex: "-1", "aria-label": "More about this message", onclick: () => does.menu(message) }, icon("more"));
  element.append(menu);
  if (message.rows.length) element.append(buttons(message, does));
  return element;
}

function bubble(message, phone, state, does) {
  const parts = [];
  if (message.reply) parts.push(h("span", { class: "reply-to" }, message.reply.text));
  if (message.media) parts.push(attachment(message.media, does));
  if (message.text) parts.push(h("div", { class: "words", dir: "auto" }, wordsOf(message.text, message.entities, { state, ...does })));
  if (message.reactions.length) parts.push(h("div", { class: "reactions", "aria-label": "Reactions" }, message.reactions.map((each) => h("span", {}, `${each}\ufe0f`))));
  parts.push(meta(message, phone));
  return h("div", { class: "bubble" }, parts);
}

function meta(message, phone) {
  return h("div", { class: "meta" },
    message.silent && named("quiet", "Sent without a sound"),
    message.protected && named("shield", "Cannot be forwarded or saved"),
    message.edited && h("span", {}, "edited"),
    h("time", { datetime: new Date(message.at).toISOString() }, timeOf(message.at, phone)),
    message.mine && named("check", "Sent"));
}

function named(sign, words) {
  return h("span", { title: words }, icon(sign), h("span", { class: "unseen" }, words));
}

function buttons(message, does) {
  const lines = message.rows.map((row) => h("div", { class: "line" }, row.map((button) => inlineButton(message, button, does))));
  return h("div", { class: "rows" }, lines);
}

function inlineButton(message, button, does) {
  const mark = button.copy_text ? "copy" : button.url ? (isShare(button.url) ? "share" : "link") : null;
  const element = h("button", { type: "button", class: button.style ?? null, data: { label: button.text } }, button.text, mark && icon(mark));
  element.addEventListener("click", () => {
    element.classList.add("waits");
    setTimeout(() => element.classList.remove("waits"), 1200);
    does.tap(message, button);
  });
  return element;
}

export function isShare(address) {
  return /^https?:\/\/(t|telegram)\.me\/share\/url\b/.test(address);
}

function attachment(media, does) {
  const source = `/files/${encodeURIComponent(media.file)}`;
  switch (media.kind) {
    case "voice": return voicePlayer(source, media.duration ?? 0, does.complain);
    case "photo": return photo(media, source);
    case "document": return file(media, source);
    case "sticker": return h("div", { class: "sticker", role: "img", "aria-label": "Sticker" }, media.emoji ?? "");
    default: return other(media);
  }
}

function photo(media, source) {
  const image = h("img", { src: source, alt: "Picture", width: media.width ?? null, height: media.height ?? null });
  const frame = h("span", { class: media.spoiler ? "photo covered" : "photo" }, image);
  image.addEventListener("error", () => frame.replaceChildren(tile("picture", "Picture")));
  if (media.spoiler) {
    const uncover = h("button", { type: "button", "aria-label": "Hidden picture. Touch to see." });
    uncover.addEventListener("click", () => {
      frame.classList.remove("covered");
      uncover.remove();
    });
    frame.append(uncover);
  }
  return frame;
}

function file(media, source) {
  const size = media.file_size < 1000 ? `${media.file_size} bytes` : `${Math.round(media.file_size / 100) / 10} kB`;
  return h("a", { class: "file", href: source, download: media.file_name ?? "file" },
    h("span", { class: "sign" }, icon("file")), h("span", {}, media.file_name ?? "File", h("small", {}, size)));
}

function other(media) {
  const [sign, name] = REST[media.kind] ?? ["file", "Something"];
  return tile(sign, media.question ?? media.first_name ?? media.emoji ?? name, name);
}

function tile(sign, title, kind = "") {
  return h("span", { class: "file" }, h("span", { class: "sign" }, icon(sign)), h("span", {}, title, kind && kind !== title ? h("small", {}, kind) : null));
}
