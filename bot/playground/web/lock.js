// The lock screen: what a phone on the table shows to anybody.

import { h, icon, sign } from "./dom.js";
import { dayNumber, dayOf, timeOf, weekdayOf } from "./times.js";

export function showLock(element, phone, now, does) {
  const focused = element.contains(document.activeElement);
  const scrolled = element.querySelector(".notices")?.scrollTop ?? 0;
  const cards = [...phone.letters.map((letter) => letterCard(letter, does)), ...phone.notices.map((notice) => noticeCard(notice, phone, now, does)).reverse()];
  const unlock = h("button", { type: "button", class: "unlock", onclick: does.unlock }, phone.unread ? `Open the chat, ${phone.unread} new` : "Open the chat");
  element.replaceChildren(
    h("p", { class: "hour" }, timeOf(now, phone).replace(/\s?[AP]M$/i, "")),
    h("p", { class: "date" }, dayOf(now, phone)),
    h("div", { class: "notices" }, cards.length ? cards : h("p", { class: "none" }, "No notifications")),
    unlock,
  );
  element.querySelector(".notices").scrollTop = scrolled;
  if (focused) unlock.focus({ preventScroll: true });
}

function noticeCard(notice, phone, now, does) {
  return h("button", { type: "button", class: "notice", onclick: does.unlock },
    h("span", { class: "mark" }, sign()),
    h("b", {}, "Side by Side", h("span", {}, whenOf(notice.at, now, phone))),
    h("span", { class: "words" }, notice.text.replace(/\n+/g, "\n")),
    notice.silent ? h("small", {}, "It came without a sound") : null,
    notice.before ? h("small", {}, `Edited; it first read “${short(notice.before)}”`) : null);
}

/** A time of another day says which day. */
function whenOf(at, now, phone) {
  if (now - at < 60_000) return "now";
  const isToday = dayNumber(at, phone.zone) === dayNumber(now, phone.zone);
  return isToday ? timeOf(at, phone) : `${weekdayOf(at, phone)} ${timeOf(at, phone)}`;
}

function letterCard(letter, does) {
  return h("button", { type: "button", class: "notice", onclick: () => does.follow(letter.link) },
    h("span", { class: "mark from", "aria-hidden": "true" }, letter.sender[0]),
    h("b", {}, letter.sender, h("span", {}, "now")),
    h("span", { class: "words" }, letter.text),
    h("small", {}, "Touch to open the link"));
}

function short(words) {
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}

export function lockIcon(locked) {
  return icon(locked ? "unlock" : "lock");
}
