// The playground's page: two phones, the clock between them, and what the playground tells about all three.

import { Clock } from "./clock.js";
import { Controls } from "./controls.js";
import { h, refill } from "./dom.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";

const store = new Store();
const phones = [0, 1].map((place) => new Phone(document.getElementById(`seat-${place}`), store));
const controls = new Controls(store, choose);
const clock = new Clock(store, (words) => controls.say(words));
const tabs = document.getElementById("tabs");
let front = 0;

function choose(pair) {
  pair.people.forEach((person, place) => phones[place].hold(person, pair.people[1 - place]));
  clock.hold(pair.people);
  showTabs();
}

function holder(person) {
  return phones.find((phone) => phone.person === person);
}

// On a small screen one phone is in front; the other shows how much is new on it.

function showTabs() {
  phones.forEach((phone, place) => phone.seat.classList.toggle("shown", place === front));
  const focused = tabs.contains(document.activeElement);
  refill(tabs, [front, phones.map(tabOf)], () => phones.map((phone, place) => tab(phone, place)));
  if (focused) tabs.children[front].focus();
}

function tabOf(phone) {
  const shown = phone.known?.phone;
  return { name: shown?.name ?? "", unread: shown ? shown.unread + shown.letters.length : 0 };
}

function tab(phone, place) {
  const { name, unread } = tabOf(phone);
  const isFront = place === front;
  return h("button", {
    type: "button", role: "tab", id: `tab-${place}`, "aria-controls": `seat-${place}`, "aria-selected": String(isFront), tabindex: isFront ? "0" : "-1",
    onclick: () => bringToFront(place), onkeydown: (event) => ["ArrowLeft", "ArrowRight"].includes(event.key) && bringToFront(1 - place),
  }, name, unread && !isFront ? h("span", { class: "count" }, String(unread), h("span", { class: "unseen" }, " new")) : null);
}

function bringToFront(place) {
  front = place;
  showTabs();
  phones[place].chat.goToEnd();
  phones[place].lookAt();
}

store.on("room", (room) => {
  controls.show(room);
  clock.show(room);
});
store.on("whole", (person) => holder(person)?.showWhole());
store.on("phone", (person) => holder(person)?.show());
store.on("message", ({ phone, number }) => holder(phone)?.showMessage(number));
for (const what of ["whole", "phone", "message"]) store.on(what, () => { showTabs(); controls.showSteps(); });
store.on("gesture", (gesture) => {
  const place = phones.findIndex((phone) => phone.person === gesture.phone);
  if (place < 0) return;
  if (place !== front) bringToFront(place);
  phones[place].gesture(gesture);
});
store.on("away", (away) => { document.getElementById("away").hidden = !away; });

setInterval(() => {
  clock.tick();
  phones.forEach((phone) => phone.tick());
}, 1000);
store.listen("/events");
