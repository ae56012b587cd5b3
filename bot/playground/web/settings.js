// The panel of one phone: whose it is, where it is, and what may be wrong with it.

import { h } from "./dom.js";
import { zones } from "./times.js";

const LANGUAGES = {
  en: "English", ar: "العربية", cs: "Čeština", da: "Dansk", de: "Deutsch", el: "Ελληνικά", es: "Español", fa: "فارسی", fi: "Suomi",
  fr: "Français", he: "עברית", hi: "हिन्दी", id: "Bahasa Indonesia", it: "Italiano", ja: "日本語", ko: "한국어", nl: "Nederlands",
  nb: "Norsk", pl: "Polski", "pt-br": "Português", ro: "Română", ru: "Русский", sv: "Svenska", tr: "Türkçe", uk: "Українська", "zh-hans": "中文",
};

export function settingsPanel(phone, does) {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const change = (fields) => does.act("settle-in", fields).then(() => { wrong.textContent = ""; }, (error) => {
    wrong.textContent = error.message;
    if (!wrong.offsetParent) does.complain(error.message); // the panel is closed by now
  });
  return [
    field("Name", input({ value: phone.name, maxlength: "64", autocomplete: "off" }, (value) => change({ name: value }))),
    field("Time zone", input({ value: phone.zone, list: zoneList(), autocomplete: "off", spellcheck: "false" }, (value) => change({ zone: value }))),
    field("Language", languages(phone, (value) => change({ language: value }))),
    wrong,
    toggle("Offline", "nothing comes in; what is written waits", phone.offline, (on) => does.act("connect", { on: !on })),
    toggle("Blocks the bot", "as in the app’s own menu", phone.blocked, (on) => does.act("block", { on })),
    toggle("Large text", "", phone.large, (on) => does.act("enlarge", { on })),
    h("div", { class: "row" },
      h("button", { type: "button", class: "quiet", onclick: () => does.act("clear") }, "Clear the chat"),
      h("button", { type: "button", onclick: does.close }, "Done")),
  ];
}

function field(name, control) {
  return h("label", { class: "field" }, h("span", {}, name), control);
}

function input(properties, changed) {
  return h("input", { type: "text", ...properties, onchange: (event) => event.target.value.trim() && changed(event.target.value.trim()) });
}

function languages(phone, changed) {
  const known = phone.language in LANGUAGES ? LANGUAGES : { ...LANGUAGES, [phone.language]: phone.language };
  const select = h("select", { onchange: (event) => changed(event.target.value) },
    Object.entries(known).map(([code, name]) => h("option", { value: code, selected: code === phone.language }, name)));
  return select;
}

function toggle(name, more, on, changed) {
  const box = h("input", { type: "checkbox", role: "switch", onchange: (event) => changed(event.target.checked) });
  box.checked = on;
  return h("label", { class: "switch" }, h("span", {}, name, more ? h("small", {}, more) : null), box);
}

function zoneList() {
  if (!document.getElementById("zones")) {
    document.body.append(h("datalist", { id: "zones" }, zones().map((zone) => h("option", { value: zone }))));
  }
  return "zones";
}
