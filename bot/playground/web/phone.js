// One phone on the page, and the person who holds it.

import { act } from "./acts.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { h, icon, refill } from "./dom.js";
import { lockIcon, showLock } from "./lock.js";
import { Menus } from "./menus.js";
import { settingsPanel } from "./settings.js";
import { Sheets } from "./sheet.js";
import { cityOf, timeOf, weekdayOf } from "./times.js";

const TYPING_LASTS = 5000;

export class Phone {
  constructor(seat, store) {
    this.seat = seat;
    this.store = store;
    this.person = null;
    seat.append(document.getElementById("phone").content.cloneNode(true));
    this.parts = Object.fromEntries([...seat.querySelectorAll("[data-part]")].map((each) => [each.dataset.part, each]));
    const { app, lock, log, veil, settings } = this.parts;
    this.sheets = new Sheets(veil, [app, lock]);
    this.menus = new Menus(this);
    this.chat = new Chat(log, this.parts["to-end"], this.does());
    this.composer = new Composer(this.parts, this.writing());
    this.parts["settings-button"].append(icon("sliders"));
    this.parts["settings-button"].addEventListener("click", () => this.toggleSettings());
    this.parts["lock-button"].addEventListener("click", () => this.ask("lock", { on: !this.phone.locked }));
    this.parts.start.addEventListener("click", () => this.ask("start"));
    this.parts.commands.addEventListener("click", () => this.menus.showCommands());
    this.parts.more.addEventListener("click", () => this.menus.showMore());
    settings.addEventListener("keydown", (event) => event.key === "Escape" && this.toggleSettings(false));
    document.addEventListener("pointerdown", (event) => this.touchedOutside(event));
    document.addEventListener("visibilitychange", () => this.lookAt());
  }

  get known() {
    return this.store.phone(this.person);
  }

  get phone() {
    return this.known.phone;
  }

  get partner() {
    return this.store.phone(this.partnerId).phone;
  }

  /** Put a person's phone here. */
  hold(person, partnerId) {
    if (this.person === person) return;
    this.person = person;
    this.partnerId = partnerId;
    this.sheets.close({ refocus: false });
    this.toggleSettings(false);
    this.composer.reset();
    this.chat.states.clear();
    this.chat.newFrom = null;
    this.toastSeen = null;
    this.wasLocked = null; // or a lock of the last person would seem to open now
    if (this.known) this.showWhole();
  }

  showWhole() {
    this.wasLocked ??= this.phone.locked;
    if (this.phone.unread && this.chat.newFrom === null) this.chat.newFrom = this.phone.readUpTo;
    this.show();
    this.chat.showAll(this.known);
    this.chat.showWaiting(this.phone.outbox);
    this.lookAt();
  }

  showMessage(number) {
    const message = this.known.messages.get(number);
    const isNew = message && !this.chat.shown.has(number);
    if (isNew && message.mine) this.chat.newFrom = null;
    this.chat.update(number, this.known);
    if (message && !message.mine) this.sayAloud(message);
    this.lookAt();
  }

  show() {
    const { phone, parts, seat } = this;
    this.chat.phone = phone;
    if (this.wasLocked && !phone.locked) {
      this.chat.newFrom = phone.unread ? phone.readUpTo : null;
      this.chat.marks(this.known.messages);
    }
    const opened = this.wasLocked && !phone.locked;
    this.wasLocked = phone.locked;
    seat.classList.toggle("locked", phone.locked);
    seat.classList.toggle("large", phone.large);
    seat.setAttribute("aria-label", `${phone.name}’s phone`);
    seat.querySelector(".owner .name").textContent = phone.name;
    parts.log.setAttribute("aria-label", `${phone.name}’s chat with Side by Side. Arrow keys go from message to message.`);
    this.showOwner();
    this.showFoot();
    this.showTyping();
    this.showToast();
    this.showLetters();
    this.composer.show(phone);
    this.chat.showWaiting(phone.outbox);
    if (this.chat.sticks) this.chat.goToEnd();
    refill(parts.signal, phone.offline, () => icon(phone.offline ? "plane" : "signal"));
    refill(parts["lock-button"], phone.locked, () => lockIcon(phone.locked));
    parts["lock-button"].setAttribute("aria-label", phone.locked ? `Unlock ${phone.name}’s phone` : `Lock ${phone.name}’s phone`);
    parts["settings-button"].setAttribute("aria-label", `Settings of ${phone.name}’s phone`);
    parts.lock.hidden = !phone.locked;
    parts.app.inert = phone.locked || this.sheets.isOpen;
    if (phone.locked) this.showLock();
    if (opened) this.opened();
  }

  opened() {
    this.chat.goToEnd();
    if (this.refocus) (this.parts.log.querySelector(".message:last-of-type") ?? this.parts.log).focus({ preventScroll: true });
    this.refocus = false;
    this.lookAt();
  }

  /** The parts that change with the time. */
  tick() {
    if (!this.known) return;
    this.showOwner();
    if (this.phone.locked) this.showClockOnly();
  }

  showOwner() {
    const now = this.store.now();
    this.seat.querySelector(".owner .place").textContent = `${cityOf(this.phone.zone)}, ${weekdayOf(now, this.phone)} ${timeOf(now, this.phone)}`;
    this.parts.wall.textContent = timeOf(now, this.phone).replace(/\s?[AP]M$/i, "");
  }

  showClockOnly() {
    const hour = this.parts.lock.querySelector(".hour");
    const time = timeOf(this.store.now(), this.phone).replace(/\s?[AP]M$/i, "");
    if (hour && hour.textContent !== time) this.showLock();
  }

  showLock() {
    const unlock = () => {
      this.refocus = true;
      this.ask("lock", { on: false });
    };
    showLock(this.parts.lock, this.phone, this.store.now(), { unlock, follow: (link) => this.ask("follow", { link }) });
  }

  showFoot() {
    const { phone, parts } = this;
    const begins = !phone.started || phone.blocked;
    if (!begins && parts.begin.contains(document.activeElement)) parts.log.focus({ preventScroll: true });
    parts.begin.hidden = !begins;
    parts.foot.hidden = begins;
    parts.start.textContent = phone.blocked ? "Unblock and restart" : "Start";
  }

  showTyping() {
    const { doing } = this.parts;
    clearTimeout(this.typingEnds);
    const words = this.phone.offline ? "waiting for a connection" : this.phone.typing ? "typing" : this.phone.blocked ? "blocked" : "bot";
    doing.className = words === "typing" || this.phone.offline ? "busy" : "";
    doing.textContent = words;
    if (words === "typing") {
      this.typingEnds = setTimeout(() => {
        this.phone.typing = false;
        this.showTyping();
      }, TYPING_LASTS);
    }
    const waiting = this.phone.outbox.length;
    if (waiting) doing.textContent = `${waiting} waiting to be sent`;
  }

  showToast() {
    const toast = this.phone.toast;
    const number = toast?.number ?? 0;
    if (this.toastSeen !== null && number > this.toastSeen) {
      if (toast.alert) this.sheets.alert(toast.text);
      else this.toast(toast.text);
    }
    this.toastSeen = number;
  }

  toast(words) {
    const { toast } = this.parts;
    toast.textContent = words;
    toast.classList.add("seen");
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => toast.classList.remove("seen"), 1800 + words.length * 45);
  }

  showLetters() {
    const { letters } = this.phone;
    refill(this.parts.letters, letters, () => letters.map((letter) =>
      h("div", { class: "letter" },
        h("p", {}, h("b", {}, `${letter.sender}: `), letter.text),
        h("div", {},
          h("button", { type: "button", class: "primary", onclick: () => this.ask("follow", { link: letter.link }) }, "Open the link"),
          h("button", { type: "button", onclick: () => this.ask("put-aside") }, "Not now")))));
  }

  // -- what the person does

  does() {
    return {
      tap: (message, button) => this.tap(message, button),
      follow: (address) => this.menus.followLink(address),
      command: (words) => this.ask("say", { text: words }),
      menu: (message) => this.menus.showMessageMenu(message),
      lookAt: () => this.lookAt(),
      complain: (words) => this.toast(words),
    };
  }

  writing() {
    return {
      say: (text, replyTo) => this.ask("say", { text, replyTo }),
      edit: (message, text) => this.ask("edit", { message, text }),
      voice: (replyTo) => this.ask("voice", { replyTo }),
      dismiss: () => this.ask("dismiss"),
    };
  }

  async ask(what, fields = {}) {
    try {
      await act(what, { phone: this.person, ...fields });
      return true;
    } catch (error) {
      this.toast(error.message);
      return false;
    }
  }

  tap(message, button) {
    if (button.callback_data) return this.ask("press", { message: message.id, data: button.callback_data });
    if (button.copy_text) return this.copy(button.copy_text.text);
    if (button.url) return this.menus.followLink(button.url);
    return this.toast("The playground does not know this kind of button.");
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    if (await this.ask("copy", { text })) this.toast("Copied");
  }

  toggleSettings(open = this.parts.settings.hidden) {
    const { settings } = this.parts;
    const button = this.parts["settings-button"];
    if (settings.hidden === !open) return;
    settings.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) return button.focus({ preventScroll: true });
    const ask = async (what, fields = {}) => {
      if (what !== "settle-in") return this.ask(what, fields);
      return act(what, { phone: this.person, ...fields });
    };
    settings.replaceChildren(...settingsPanel(this.phone, { act: ask, complain: (words) => this.toast(words), close: () => this.toggleSettings(false) }));
    settings.querySelector("input").focus({ preventScroll: true });
  }

  touchedOutside(event) {
    const { settings } = this.parts;
    const inside = settings.contains(event.target) || this.parts["settings-button"].contains(event.target);
    if (!settings.hidden && !inside) {
      settings.hidden = true;
      this.parts["settings-button"].setAttribute("aria-expanded", "false");
    }
  }

  // -- what the page notices

  /** The chat is read if it is open and in sight, down to its end. */
  lookAt() {
    if (!this.known || this.phone.locked || !this.phone.unread || this.phone.offline || this.reading) return;
    if (document.visibilityState !== "visible" || !this.seat.offsetParent || !this.chat.isAtEnd) return;
    this.reading = true;
    act("read", { phone: this.person }).catch(() => undefined).finally(() => { this.reading = false; });
  }

  /** For screen readers, once: spoilers are not read out. */
  sayAloud(message) {
    if (this.saidNumber >= message.number || document.visibilityState !== "visible" || !this.seat.offsetParent) return;
    this.saidNumber = message.number;
    const chars = [...message.text];
    let words = message.text;
    for (const { type, offset, length } of [...message.entities].sort((a, b) => b.offset - a.offset)) {
      if (type === "spoiler") words = `${words.slice(0, offset)}hidden words${words.slice(offset + length)}`;
    }
    const labels = message.rows.flat().map((button) => button.text);
    const buttons = labels.length ? ` Buttons: ${labels.join(", ")}` : "";
    this.parts.said.textContent = this.phone.locked ? "" : `${this.phone.name}’s phone: ${chars.length ? words : "something without words"}${buttons}`;
  }

  /** Something fleeting, during the tour. */
  gesture({ kind, message, label, text, seconds }) {
    if (kind === "tap") {
      const button = this.chat.find(message, label) ?? (label === "Start" ? this.parts.start : null);
      button?.scrollIntoView({ block: "nearest" });
      button?.classList.add("touched");
    }
    if (kind === "write") this.write(text, seconds);
    if (kind === "uncover") [...this.parts.log.querySelectorAll(".spoiler:not(.open)")].at(-1)?.click();
  }

  write(text, seconds) {
    const { words } = this.parts;
    const step = Math.max(1, Math.ceil(text.length / (seconds * 25)));
    let shown = 0;
    clearInterval(this.hand);
    this.hand = setInterval(() => {
      shown += step;
      words.value = text.slice(0, shown);
      this.composer.fit();
      if (shown < text.length + step * 12) return;
      clearInterval(this.hand);
      words.value = "";
      this.composer.fit();
    }, 40);
  }
}
