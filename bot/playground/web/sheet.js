// What slides over a phone's chat: menus, questions, alerts. One at a time; Escape or a touch beside it closes.

import { h } from "./dom.js";

export class Sheets {
  constructor(veil, behind) {
    this.veil = veil;
    this.behind = behind; // what cannot be used meanwhile
    this.back = null;
    veil.addEventListener("click", (event) => event.target === veil && !this.isAlert && this.close());
    veil.addEventListener("keydown", (event) => this.keyed(event));
  }

  get isOpen() {
    return !this.veil.hidden;
  }

  open(title, ...content) {
    this.show(title, "dialog", content);
    this.veil.classList.remove("middle");
  }

  /** Like an alert of Telegram: only its button closes it. */
  alert(words) {
    const ok = h("button", { type: "button", class: "main", onclick: () => this.close() }, "OK");
    this.show("", "alertdialog", [h("p", {}, words), ok], words);
    this.veil.classList.add("middle");
  }

  show(title, role, content, label = title) {
    if (!this.isOpen) this.back = document.activeElement;
    this.isAlert = role === "alertdialog";
    const heading = title ? [h("h3", {}, title)] : [];
    this.veil.replaceChildren(h("div", { class: "sheet", role, "aria-modal": "true", "aria-label": label, tabindex: "-1" }, heading, content));
    this.veil.hidden = false;
    for (const element of this.behind) element.inert = true;
    const first = this.veil.querySelector("button, a, input, select");
    (first ?? this.veil.firstChild).focus({ preventScroll: true });
  }

  close({ refocus = true } = {}) {
    if (!this.isOpen) return;
    this.veil.hidden = true;
    this.veil.replaceChildren();
    for (const element of this.behind) element.inert = false;
    if (refocus && this.back?.isConnected) this.back.focus({ preventScroll: true });
    this.onclose?.();
  }

  keyed(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
    if (event.key === "Tab") this.keepInside(event);
  }

  keepInside(event) {
    const stops = [...this.veil.querySelectorAll("button, a, input, select")].filter((each) => !each.disabled);
    const last = stops.at(-1);
    if (event.shiftKey && document.activeElement === stops[0]) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      stops[0].focus();
    }
  }
}

/** Rows to choose from: [icon, words, what happens, more words]. */
export function list(rows) {
  return h("div", { class: "list" }, rows.map(([sign, words, choose, more]) =>
    h("button", { type: "button", onclick: choose }, sign, h("span", {}, words, more ? h("small", {}, more) : null))));
}
