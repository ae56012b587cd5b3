// The clock between the phones: one ring for both days, and the buttons that move the time.

import { act } from "./acts.js";
import { minuteOf, soon } from "./times.js";

const DAY = 1440;
const UTC = { language: "en", zone: "UTC" };

/** The bot's day, as short as the dial needs it. */
export function dayInside(at) {
  return new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "long", timeZone: UTC.zone }).format(at);
}

export class Clock {
  constructor(store, say) {
    this.store = store;
    this.say = say;
    this.turns = [null, null];
    this.buttons = [...document.querySelectorAll("[data-go], [data-pass]")];
    for (const button of this.buttons) button.addEventListener("click", () => this.move(button));
  }

  hold(people) {
    this.people = people;
    this.turns = [null, null];
    this.tick();
  }

  async move(button) {
    const { go, pass } = button.dataset;
    this.busy(true);
    this.say("");
    try {
      if (pass) await act("pass-time", { seconds: Number(pass) });
      else await act("go-to", { where: go, phone: this.people[0] });
    } catch (error) {
      this.say(error.message);
    }
    this.busy(false);
    button.focus({ preventScroll: true });
  }

  busy(on) {
    this.moving = on;
    this.showBusy();
  }

  showBusy() {
    const busy = Boolean(this.moving || this.store.room?.busy);
    for (const button of this.buttons) {
      button.setAttribute("aria-disabled", String(busy));
      button.disabled = busy && button !== document.activeElement;
    }
  }

  show(room) {
    this.showBusy();
    const first = this.store.phone(this.people?.[0])?.phone;
    const at = room.next && Date.parse(room.next);
    document.getElementById("next").textContent = first && at ? soon(at, this.store.now(), first) : "";
    this.tick();
  }

  tick() {
    const now = this.store.now();
    if (!this.store.room) return;
    document.getElementById("time").textContent = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" }).format(now);
    document.getElementById("day").textContent = dayInside(now);
    this.people?.forEach((person, place) => this.turn(place, person, now));
  }

  /** Midnight is at the bottom, noon at the top; after a day the hand has gone round once. */
  turn(place, person, now) {
    const phone = this.store.phone(person)?.phone;
    if (!phone) return;
    const angle = (minuteOf(now, phone.zone) / DAY) * 360 + 180;
    const before = this.turns[place];
    const days = before === null ? 0 : Math.min(1, Math.floor((now - before.now) / 86_400_000 + 0.01));
    let turn = before === null ? angle : before.turn + ((angle - before.turn) % 360);
    if (before !== null && turn < before.turn - 1) turn += 360;
    if (days && turn - (before?.turn ?? 0) < 180) turn += 360;
    this.turns[place] = { turn, now };
    const arm = document.getElementById(`arm-${place}`);
    arm.style.transition = before === null ? "none" : "";
    arm.style.rotate = `${turn}deg`;
  }
}
