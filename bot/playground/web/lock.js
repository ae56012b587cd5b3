// The lock screen: what a phone on the table shows to anybody.

import { h, icon, refill, sign } from "./dom.js";
import { dayNumber, dayOf, timeOf, weekdayOf } from "./times.js";

export function showLock(element, phone, now, does) {
  refill(element, "parts", () => [
    h("p", { class: "hour" }), h("p", { class: "date" }), h("div", { class: "notices" }),
    h("button", { type: "button", class: "unlock", onclick: does.unlock }),
  ]);
  const [hour, date, list, unlock] = element.children;
  hour.textContent = timeOf(now, phone).replace(/\s?[AP]M$/i, "");
  date.textContent = dayOf(now, phone);
  unlock.textContent = phone.unread ? `Open the chat, ${phone.unread} new` : "Open the chat";
  showCards(list, phone, now, does);
}

function showCards(list, phone, now, does) {
  const { letters } = phone;
  const notices = phone.notices.map((notice) => ({ ...notice, when: whenOf(notice.at, now, phone) })).reverse();
  const focused = list.contains(document.activeElement);
  const scrolled = list.scrollTop;
  refill(list, [letters, notices], () => {
    const cards = [...letters.map((letter) => letterCard(letter, does)), ...notices.map((notice) => noticeCard(notice, does))];
    return cards.length ? cards : h("p", { class: "none" }, "No notifications");
  });
  list.scrollTop = scrolled;
  if (focused && !list.contains(document.activeElement)) list.nextElementSibling.focus({ preventScroll: true });
}

function noticeCard(notice, does) {
  return h("button", { type: "button", class: "notice", onclick: does.unlock },
    h("span", { class: "mark" }, sign()),
    h("b", {}, "Side by Side", h("span", {}, notice.when)),
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
