// Everything around the phones: couples, colours, the bot's process, trouble, first steps.

import { act } from "./acts.js";
import { h, icon, refill } from "./dom.js";

const TROUBLES = {
  slow: "Slow, three seconds",
  refuse: "“Too many requests”",
  "time-out": "Arrives, but no answer",
  drop: "Connection drops",
};
const MODES = { off: "Off", next: "Next call", half: "Half of them", all: "All" };
const byId = (id) => document.getElementById(id);

export class Controls {
  constructor(store, choose) {
    this.store = store;
    this.choose = choose; // called with a pair
    this.caption = "";
    byId("couple").addEventListener("change", (event) => this.pick(Number(event.target.value)));
    byId("restart").addEventListener("click", () => this.ask("revive"));
    byId("kill").addEventListener("click", () => this.ask(this.store.room.running ? "kill" : "revive"));
    for (const button of document.querySelectorAll('[data-do="new-couple"]')) button.addEventListener("click", () => this.addCouple());
    for (const button of document.querySelectorAll('[data-do="start-over"]')) button.addEventListener("click", () => this.askToStartOver());
    this.theme();
    this.makeTroubles();
  }

  say(words, told = false) {
    const word = byId("word");
    if (word.textContent !== words) word.textContent = words;
    word.classList.toggle("told", told);
  }

  async ask(what, fields) {
    this.say("");
    try {
      await act(what, fields);
      return true;
    } catch (error) {
      this.say(error.message);
      return false;
    }
  }

  // -- couples

  show(room) {
    this.showCouples(room);
    this.showBot(room);
    this.showTroubles(room);
    if (room.caption !== this.caption) this.say(room.caption, true);
    this.caption = room.caption;
    this.showSteps();
  }

  showCouples(room) {
    const names = JSON.stringify(room.pairs);
    if (names === this.coupled) return;
    this.coupled = names;
    const wanted = Number(location.hash.slice(2));
    const pair = (this.awaited ? room.pairs.at(-1) : room.pairs.find((each) => each.number === wanted)) ?? room.pairs[0];
    this.awaited = false;
    byId("couple").replaceChildren(...room.pairs.map((each) => h("option", { value: each.number, selected: each === pair }, each.names.join(" and "))));
    byId("picker").hidden = room.pairs.length < 2;
    this.pick(pair.number);
  }

  pick(number) {
    const pair = this.store.room.pairs.find((each) => each.number === number);
    history.replaceState(null, "", `#c${number}`);
    this.pair = pair;
    this.choose(pair);
    this.showSteps();
  }

  async addCouple() {
    this.awaited = true;
    this.awaited = (await this.ask("add-pair")) && this.awaited;
  }

  async askToStartOver() {
    const words = "Everybody on these phones, and everything they said, is wiped from this computer.";
    if ((await confirmed("Start over?", words, "Start over")) && (await this.ask("start-over"))) location.replace("/");
  }

  // -- the bot and its line

  showBot(room) {
    const state = byId("bot-state");
    const words = room.running ? `process ${room.pid}` : room.starting ? "starting" : "stopped";
    if (state.textContent !== words) state.textContent = words;
    state.classList.toggle("off", !room.running);
    byId("kill").textContent = room.running ? "Kill" : "Start";
    byId("restart").disabled = !room.running;
  }

  makeTroubles() {
    byId("troubles").replaceChildren(...Object.entries(TROUBLES).map(([name, words]) => {
      const options = Object.entries(MODES).map(([mode, label]) => h("option", { value: mode }, label));
      const select = h("select", { data: { trouble: name }, onchange: (event) => this.ask("trouble", { name, mode: event.target.value }) }, options);
      return h("label", {}, h("span", {}, words), select);
    }));
  }

  showTroubles(room) {
    const on = Object.values(room.troubles).filter((mode) => mode !== "off").length;
    byId("trouble-state").textContent = on ? `${on} on` : "";
    byId("trouble-state").classList.toggle("off", on > 0);
    for (const select of document.querySelectorAll("[data-trouble]")) {
      if (document.activeElement !== select) select.value = room.troubles[select.dataset.trouble];
    }
  }

  // -- first steps

  showSteps() {
    const people = this.pair?.people.map((person) => this.store.phone(person));
    if (!people?.every(Boolean)) return;
    const [one, two] = people.map(({ phone }) => phone);
    const came = [...people[1].messages.values()].some((each) => each.mine && each.text.startsWith("/start "));  // with the invite's code
    const opened = people.every(({ messages }) => [...messages.values()].some((each) => !each.mine && each.entities.some((entity) => entity.type === "spoiler")));
    const steps = [
      [`Press Start on ${one.name}’s phone`, one.started],
      [`Answer the first question, and send ${two.name} the invite`, two.letters.length > 0 || came],
      [`Open it on ${two.name}’s phone, and answer there`, came],
      ["Share both answers: they open at once", opened],
    ];
    byId("hint").hidden = opened || Boolean(this.store.room.caption);
    refill(byId("hint-steps"), steps, () => steps.map(([words, done]) => h("li", { class: done ? "done" : null }, h("span", {}, words, done ? h("span", { class: "unseen" }, " (done)") : null))));
  }

  // -- colours

  theme() {
    const button = byId("theme");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
    const show = () => {
      button.replaceChildren(icon(isDark() ? "sun" : "moon"));
      button.setAttribute("aria-pressed", String(isDark()));
    };
    button.addEventListener("click", () => {
      document.documentElement.dataset.theme = isDark() ? "light" : "dark";
      localStorage.setItem("theme", document.documentElement.dataset.theme);
      show();
    });
    dark.addEventListener("change", show);
    if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
    show();
  }
}

function confirmed(heading, words, yes) {
  const dialog = byId("ask");
  byId("ask-heading").textContent = heading;
  byId("ask-words").textContent = words;
  byId("ask-yes").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
