// Words with entities, as the Bot API describes them (offsets in UTF-16 units, which are JavaScript's own).

import { h } from "./dom.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const LONG_QUOTE = 150;

/** Nodes for a text. `state` keeps what was touched open over edits; `follow` is called with a link, `command` with a command. */
export function wordsOf(text, entities, { state, follow, command }) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return between(0, text.length, ordered);

  function between(start, end, inside) {
    const nodes = [];
    let at = start;
    let rest = inside;
    while (rest.length) {
      const [entity, ...others] = rest;
      const from = Math.max(entity.offset, at);
      const to = Math.min(entity.offset + entity.length, end);
      if (from > at) nodes.push(text.slice(at, from));
      const nested = others.filter((each) => each.offset < to);
      nodes.push(element(entity, from, to, nested));
      at = to;
      if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
      rest = others.filter((each) => each.offset >= to);
    }
    if (at < end) nodes.push(text.slice(at, end));
    return nodes;
  }

  function element(entity, from, to, nested) {
    const inner = between(from, to, nested);
    const words = text.slice(from, to);
    if (PLAIN[entity.type]) return h(PLAIN[entity.type], {}, inner);
    switch (entity.type) {
      case "spoiler": return spoiler(inner, words, state);
      case "blockquote": return h("span", { class: "quote" }, inner);
      case "expandable_blockquote": return quote(inner, words, from, state);
      case "text_link": return link(inner, entity.url, follow);
      case "url": return link(inner, words.includes("://") ? words : `https://${words}`, follow);
      case "bot_command": return h("button", { type: "button", class: "inline", onclick: () => command(words) }, inner);
      default: return h("span", {}, inner);
    }
  }
}

function link(inner, address, follow) {
  return h("button", { type: "button", class: "inline", title: address, onclick: () => follow(address) }, inner);
}

/** Hidden words: to be touched. All of one message open together; until then they are not in the page at all. */
function spoiler(inner, words, state) {
  const element = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden words. Touch to read." });
  element.append(h("span", { "aria-hidden": "true" }, words.replaceAll(/\S/gu, "–")));
  const open = () => {
    element.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
    element.replaceChildren(...inner);
  };
  if (state.opened) open();
  else state.spoilers.push(open);
  const touch = (event) => {
    if (state.opened || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    state.opened = true;
    state.spoilers.forEach((each) => each());
  };
  element.addEventListener("click", touch);
  element.addEventListener("keydown", touch);
  return element;
}

function quote(inner, words, place, state) {
  const body = h("span", { class: "inner" }, inner);
  const element = h("span", { class: "quote" }, body);
  if (words.length < LONG_QUOTE && words.split("\n").length < 4) return element;
  const button = h("button", { type: "button", class: "unfold" });
  const show = () => {
    const open = state.unfolded.has(place);
    element.classList.toggle("folded", !open);
    button.textContent = open ? "Less" : "More";
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => {
    if (!state.unfolded.delete(place)) state.unfolded.add(place);
    show();
  });
  show();
  element.append(button);
  return element;
}
