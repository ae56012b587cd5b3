// Where a person writes: text, the voice note, commands, replies, edits, and the keyboard that a bot may offer.

import { h, icon, refill } from "./dom.js";

export class Composer {
  constructor(parts, does) {
    Object.assign(this, parts); // composer, words, send, commands, more, strip, keys
    this.does = does; // say, edit, voice, dismiss
    this.replying = null;
    this.editing = null;
    this.usedOnce = null;
    this.commands.append(icon("menu"));
    this.more.append(icon("plus"));
    this.composer.addEventListener("submit", (event) => this.submit(event));
    this.words.addEventListener("input", () => this.fit());
    this.words.addEventListener("keydown", (event) => this.keyed(event));
    this.fit();
  }

  show(phone) {
    this.phone = phone;
    this.words.setAttribute("aria-label", `${phone.name} writes`);
    this.words.placeholder = phone.keyboard?.input_field_placeholder ?? "Message";
    this.showStrip();
    this.showKeys();
  }

  reset() {
    this.words.value = "";
    this.replying = this.editing = null;
    this.fit();
  }

  replyTo(message) {
    this.editing = null;
    this.replying = message;
    this.showStrip();
    this.words.focus();
  }

  edit(message) {
    this.replying = null;
    this.editing = message;
    this.words.value = message.text;
    this.showStrip();
    this.fit();
    this.words.focus();
  }

  async submit(event) {
    event.preventDefault();
    const text = this.words.value.trim();
    if (!text) return this.does.voice(this.replying?.id);
    const { editing, replying, phone } = this;
    this.reset();
    this.showStrip();
    const done = await (editing ? this.does.edit(editing.id, text) : this.does.say(text, replying?.id));
    if (!done && this.words.value === "" && this.phone.id === phone.id) this.giveBack(text, editing, replying);
  }

  /** What could not be sent is not lost. */
  giveBack(text, editing, replying) {
    this.words.value = text;
    Object.assign(this, { editing, replying });
    this.showStrip();
    this.fit();
  }

  keyed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.composer.requestSubmit();
    }
    if (event.key === "Escape" && (this.editing || this.replying)) this.cancel();
  }

  cancel() {
    if (this.editing) this.words.value = "";
    const asked = !this.editing && !this.replying;
    this.editing = this.replying = null;
    if (asked) this.does.dismiss();
    this.showStrip();
    this.fit();
    this.words.focus();
  }

  fit() {
    const ready = this.words.value.trim() !== "";
    this.send.classList.toggle("ready", ready);
    refill(this.send, ready, () => icon(ready ? "send" : "voice"));
    this.send.setAttribute("aria-label", ready ? "Send" : "Send a voice note");
    this.words.style.height = "auto";
    if (this.words.scrollHeight) this.words.style.height = `${this.words.scrollHeight}px`;
  }

  showStrip() {
    const asked = this.phone?.answersTo ? "an answer is asked for" : "";
    const what = this.editing ? "Edit your message" : this.replying ? `Reply to: ${this.replying.text || "a message"}` : asked ? "Reply to the last question" : "";
    this.strip.hidden = !what;
    const cancel = () => h("button", { type: "button", class: "round", "aria-label": "Cancel", onclick: () => this.cancel() }, icon("close"));
    refill(this.strip, what, () => [h("span", {}, what), cancel()]);
  }

  showKeys() {
    const keyboard = this.phone.keyboard;
    const signature = JSON.stringify(keyboard);
    this.keys.hidden = !keyboard || this.usedOnce === signature;
    if (this.keys.hidden) return;
    refill(this.keys, keyboard, () => keyboard.keyboard.map((row) => h("div", {}, row.map((key) => this.key(key, keyboard, signature)))));
  }

  key(key, keyboard, signature) {
    const press = () => {
      if (keyboard.one_time_keyboard) this.usedOnce = signature;
      this.showKeys();
      this.does.say(key.text);
    };
    return h("button", { type: "button", onclick: press }, key.text);
  }
}
