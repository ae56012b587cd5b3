// What the page knows: the room, and each phone with its messages. It listens to the playground and tells the views.

export class Store extends EventTarget {
  constructor() {
    super();
    this.room = null;
    this.phones = new Map(); // person -> {phone, messages: Map(number -> message)}
    this.ahead = 0; // milliseconds by which the bot's time is ahead of this computer's
  }

  listen(address) {
    const source = new EventSource(address);
    source.onmessage = (event) => this.take(JSON.parse(event.data));
    source.onopen = () => this.tell("away", false);
    source.onerror = () => this.tell("away", true);
  }

  now() {
    return Date.now() + this.ahead;
  }

  phone(person) {
    return this.phones.get(person);
  }

  take(news) {
    if (news.room) {
      this.room = news.room;
      this.ahead = Date.parse(news.room.now) - Date.now();
    }
    if (news.all) this.phones.clear();
    for (const { phone, messages } of news.whole ?? []) {
      this.phones.set(phone.id, { phone, messages: new Map(messages.map((each) => [each.id, each])) });
    }
    for (const phone of news.phones ?? []) if (this.phones.has(phone.id)) this.phones.get(phone.id).phone = phone;
    if (news.room) this.tell("room", this.room);
    for (const { phone } of news.whole ?? []) this.tell("whole", phone.id);
    for (const each of news.messages ?? []) this.takeMessage(each);
    for (const phone of news.phones ?? []) this.tell("phone", phone.id);
    for (const gesture of news.gestures ?? []) this.tell("gesture", gesture);
  }

  takeMessage({ phone, message, gone }) {
    const known = this.phones.get(phone);
    if (!known) return;
    if (gone) known.messages.delete(gone);
    else known.messages.set(message.id, message);
    this.tell("message", { phone, number: gone ?? message.id });
  }

  tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }

  on(what, listener) {
    this.addEventListener(what, (event) => listener(event.detail));
  }
}
