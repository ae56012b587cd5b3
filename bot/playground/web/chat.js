// The scroll of messages on one phone: kept in order, marked by day, read when it is looked at.

import { h, icon, refill } from "./dom.js";
import { freshState, messageElement } from "./message.js";
import { dayNumber, dayOf } from "./times.js";

const NEAR = 90;

export class Chat {
  constructor(log, toEnd, does) {
    this.log = log;
    this.toEnd = toEnd;
    this.does = does;
    this.states = new Map(); // number -> what was touched open
    this.shown = new Map(); // number -> element
    this.newFrom = null; // messages beyond this one are marked as new
    log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    log.addEventListener("keydown", (event) => this.keyed(event));
    log.addEventListener("contextmenu", (event) => this.asked(event));
    toEnd.addEventListener("click", () => this.goToEnd(true));
    this.sticks = true;
    const stay = () => this.sticks && this.goToEnd();
    new ResizeObserver(stay).observe(log);
    new MutationObserver(stay).observe(log, { childList: true, subtree: true });
    log.addEventListener("load", stay, { capture: true }); // pictures
  }

  showAll({ phone, messages }) {
    this.phone = phone;
    this.shown.clear();
    this.log.replaceChildren();
    for (const message of messages.values()) this.put(message);
    this.marks(messages);
    this.intro(phone, messages);
    this.goToEnd();
  }

  /** Show one message as it is now; `fresh` ones come in, changed ones glow. */
  update(number, { phone, messages }) {
    this.phone = phone;
    const message = messages.get(number);
    const stay = this.sticks;
    if (message) this.put(message, true);
    else this.drop(number);
    this.marks(messages);
    this.intro(phone, messages);
    if (stay || message?.mine) this.goToEnd();
    else this.scrolled();
  }

  put(message, lively = false) {
    if (!this.states.has(message.id)) this.states.set(message.id, { ...freshState(), hidden: "" });
    const state = this.states.get(message.id);
    const hidden = spoilt(message);
    if (state.hidden !== hidden) Object.assign(state, { opened: false, hidden });
    const element = messageElement(message, this.phone, state, this.does);
    const before = this.shown.get(message.id);
    this.shown.set(message.id, element);
    if (before) return this.replace(before, element, lively);
    if (lively) element.classList.add("fresh");
    const later = [...this.shown.keys()].filter((number) => number > message.id).sort((a, b) => a - b)[0];
    this.log.insertBefore(element, later ? this.shown.get(later) : null);
  }

  replace(before, element, lively) {
    const focused = before.contains(document.activeElement) ? document.activeElement : null;
    if (lively) element.classList.add("changed");
    before.replaceWith(element);
    if (!focused) return;
    const same = [...element.querySelectorAll("button")].find((each) => each.textContent === focused.textContent);
    (same ?? element.querySelector(".rows button") ?? element).focus({ preventScroll: true });
  }

  drop(number) {
    const element = this.shown.get(number);
    if (element?.contains(document.activeElement)) this.log.focus({ preventScroll: true });
    element?.remove();
    this.shown.delete(number);
  }

  /** What was written without a connection. */
  showWaiting(texts) {
    this.log.querySelectorAll(".waiting").forEach((each) => each.remove());
    const bubbles = texts.map((text) => h("article", { class: "message mine waiting", "aria-label": "Waiting to be sent" },
      h("div", { class: "bubble" }, h("div", { class: "words", dir: "auto" }, text), h("div", { class: "meta" }, icon("clock"), "waiting"))));
    this.log.append(...bubbles);
    if (bubbles.length) this.goToEnd();
  }

  /** Lines between days, and before what is new. */
  marks(messages) {
    this.log.querySelectorAll(".day-mark, .new-mark").forEach((each) => each.remove());
    let day = null;
    let marked = this.newFrom === null;
    for (const message of [...messages.values()].sort((a, b) => a.id - b.id)) {
      const element = this.shown.get(message.id);
      const its = dayNumber(message.at, this.phone.zone);
      if (its !== day) element.before(h("div", { class: "day-mark" }, dayOf(message.at, this.phone)));
      day = its;
      if (!marked && !message.mine && message.id > this.newFrom) {
        element.before(h("div", { class: "new-mark" }, "New"));
        marked = true;
      }
    }
  }

  intro(phone, messages) {
    this.log.querySelector(".intro")?.remove();
    if (phone.started || messages.size) return;
    this.log.append(h("div", { class: "intro" }, h("h4", {}, "What can this bot do?"), phone.about || "A bot for two people. Press Start to meet it."));
  }

  get isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  goToEnd(smooth = false) {
    this.sticks = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.scrolled();
  }

  scrolled() {
    this.sticks = this.isAtEnd;
    const unread = this.phone?.unread ?? 0;
    this.toEnd.hidden = this.sticks;
    this.toEnd.setAttribute("aria-label", unread ? `To the newest message, ${unread} new` : "To the newest message");
    refill(this.toEnd, unread, () => [icon("down"), unread ? ` ${unread}` : ""]);
    if (this.sticks) this.does.lookAt();
  }

  find(number, label) {
    const buttons = this.shown.get(number)?.querySelectorAll(".rows button") ?? [];
    return [...buttons].find((each) => each.dataset.label === label);
  }

  keyed(event) {
    const messages = [...this.log.querySelectorAll(".message")];
    const at = messages.indexOf(document.activeElement);
    if (event.target !== this.log && at < 0) return;
    const step = { ArrowUp: at < 0 ? messages.length - 1 : at - 1, ArrowDown: at + 1 }[event.key];
    if (step !== undefined && messages[step]) {
      event.preventDefault();
      messages[step].focus();
    }
    if (at >= 0 && event.key === "Enter") {
      event.preventDefault(); // or it would press what gets the focus
      messages[at].querySelector(".act")?.click();
    }
  }

  asked(event) {
    const element = event.target.closest?.(".message");
    const menu = element?.querySelector(".act");
    if (!menu || event.target.closest("a, button")) return;
    event.preventDefault();
    menu.click();
  }
}

function spoilt(message) {
  const spoilers = message.entities.filter((each) => each.type === "spoiler");
  return spoilers.map((each) => message.text.slice(each.offset, each.offset + each.length)).join("\n");
}
