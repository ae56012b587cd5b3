// Elements, made in one line each. Words only ever become text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  menu: "M4 7h16M4 12h16M4 17h10",
  plus: "M12 5v14M5 12h14",
  send: "M5 12h13M12 5.5 18.5 12 12 18.5",
  voice: "M12 4a2.6 2.6 0 0 0-2.6 2.6v5a2.6 2.6 0 0 0 5.2 0v-5A2.6 2.6 0 0 0 12 4ZM6.2 11.4a5.8 5.8 0 0 0 11.6 0M12 17.2V20",
  play: "M8.5 5.6v12.8L19 12Z",
  pause: "M9 6v12M15 6v12",
  lock: "M6.5 11h11v8.5h-11zM8.8 11V8.2a3.2 3.2 0 0 1 6.4 0V11",
  unlock: "M6.5 11h11v8.5h-11zM8.8 11V8.2a3.2 3.2 0 0 1 6.1-1.3",
  sliders: "M4 8h9M17 8h3M4 16h3M11 16h9M15 5.8v4.4M9 13.8v4.4",
  more: "M12 6v.01M12 12v.01M12 18v.01",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  share: "M14 5l6 6-6 6M20 11H11a7 7 0 0 0-7 7",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  file: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4",
  picture: "M4 5.5h16v13H4zM4 16l4.5-4.5 3.5 3.5 2.5-2.5L20 17M15.5 9.2v.01",
  smile: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8.5 14a4.2 4.2 0 0 0 7 0M9 9.5v.01M15 9.5v.01",
  pin: "M12 21s6.5-6 6.5-11a6.5 6.5 0 0 0-13 0c0 5 6.5 11 6.5 11ZM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  person: "M12 12a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM5 20a7 7 0 0 1 14 0",
  poll: "M6 19v-6M12 19V5M18 19v-9",
  film: "M4 6h16v12H4zM4 10h16M4 14h16",
  reply: "M9.5 6 4 11.5 9.5 17M4 11.5h9a7 7 0 0 1 7 7",
  pencil: "M4 20l1-4L16.5 4.5l3 3L8 19l-4 1Z",
  check: "M4.5 12.5 9 17 19.5 6.5",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.3l2.8 1.7",
  quiet: "M6 16V11a6 6 0 0 1 9.5-4.9M18 12v4H8M10.5 19a1.7 1.7 0 0 0 3 0M4 4l16 16",
  shield: "M12 3.5l7 2.8v5c0 4.4-3 7.6-7 9.2-4-1.6-7-4.8-7-9.2v-5Z",
  signal: "M5 18v-3M10 18v-6M15 18V9M20 18V6",
  plane: "M3 3l18 18M5 18v-3M10 18v-6M15 18v-3M20 18V6",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  down: "M6 10l6 6 6-6",
};

/** An element: `properties` are attributes, `on…` listeners, and `data` for data-* attributes; null ones are left out. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(element.dataset, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const filledWith = new WeakMap();

/** Put what `make` gives into an element, unless it was made of the same before: a button that is replaced while it is pressed takes no click. */
export function refill(element, of, make) {
  const now = JSON.stringify(of);
  if (filledWith.get(element) === now) return;
  filledWith.set(element, now);
  element.replaceChildren(...[make()].flat());
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** The sign of the app: two circles. */
export function sign() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 32");
  svg.setAttribute("aria-hidden", "true");
  for (const [kind, x] of [["one", 17], ["two", 31]]) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", kind);
    circle.setAttribute("cx", x);
    circle.setAttribute("cy", 16);
    circle.setAttribute("r", 13);
    svg.append(circle);
  }
  return svg;
}
