// What a phone offers to choose from: links and where to open them, commands, other things to send, a message's menu.

import { act } from "./acts.js";
import { h, icon } from "./dom.js";
import { isShare } from "./message.js";
import { list } from "./sheet.js";
import { cityOf } from "./times.js";

const EMOJI = ["❤", "🙏", "🤗", "😢", "👍"];
const OTHER_KINDS = [["picture", "photo", "Picture"], ["smile", "sticker", "Sticker"], ["file", "document", "File"], ["pin", "location", "Location"], ["poll", "poll", "Poll"], ["person", "contact", "Contact"], ["film", "video", "Video"]];

export class Menus {
  constructor(holder) {
    this.holder = holder; // the phone
  }

  followLink(address) {
    if (isShare(address)) return this.share(address);
    if (isInvite(address)) return this.showInvite(address);
    this.holder.sheets.open("A phone would open", h("p", {}, address), h("p", {}, "The playground stays on this computer."), this.done("OK"));
  }

  share(address) {
    const given = new URL(address).searchParams;
    const [link, text] = [given.get("url") ?? "", given.get("text") ?? ""];
    const words = [text, link].filter(Boolean).join("\n");
    const send = async () => {
      this.holder.sheets.close();
      if (await this.holder.ask("hand-over", { link, text: words })) this.holder.toast(`Sent to ${this.holder.partner.name}`);
    };
    this.holder.sheets.open("Send to", list([[icon("person"), this.holder.partner.name, send, `${cityOf(this.holder.partner.zone)}, on the other phone`]]), h("p", {}, words), this.done("Cancel"));
  }

  showInvite(link) {
    const open = (person) => () => {
      this.holder.sheets.close();
      act("follow", { phone: person, link }).catch((error) => this.holder.toast(error.message));
    };
    this.holder.sheets.open("Open this link", list([
      [icon("person"), `On ${this.holder.partner.name}’s phone`, open(this.holder.partnerId)],
      [icon("link"), `On ${this.holder.phone.name}’s phone`, open(this.holder.person)],
      [icon("copy"), "Copy it", () => { this.holder.sheets.close(); this.holder.copy(link); }],
    ]), this.done("Cancel"));
  }

  showCommands() {
    const rows = this.holder.phone.menu.map(({ command, description }) => [null, `/${command}`, this.choosing("say", { text: `/${command}` }), description]);
    if (!rows.length) return this.holder.toast("The bot has set no commands yet.");
    this.holder.sheets.open("Commands", list(rows));
  }

  showMore() {
    const copied = [this.holder.partner, this.holder.phone].find((each) => isInvite(each.clipboard));
    const rows = OTHER_KINDS.map(([sign, kind, name]) => [icon(sign), name, this.choosing("send", { kind })]);
    rows.unshift([icon("voice"), "Voice note", this.choosing("voice"), "four seconds of humming"]);
    if (copied) rows.unshift([icon("link"), "Open the copied link", this.choosing("follow", { link: copied.clipboard }), `copied by ${copied.name}`]);
    this.holder.sheets.open("Send", list(rows));
  }

  showMessageMenu(message) {
    const close = (what) => () => {
      this.holder.sheets.close();
      what();
    };
    const emoji = EMOJI.map((each) => h("button", { type: "button", "aria-label": `React with ${each}`, onclick: this.choosing("react", { message: message.id, emoji: each }) }, `${each}\ufe0f`));
    const rows = [[icon("reply"), "Reply", close(() => this.holder.composer.replyTo(message))]];
    if (message.text && !message.protected) rows.push([icon("copy"), "Copy", close(() => this.holder.copy(message.text))]);
    if (message.mine && message.text) rows.push([icon("pencil"), "Edit", close(() => this.holder.composer.edit(message))]);
    this.holder.sheets.open("", h("div", { class: "emoji" }, emoji), list(rows));
  }

  choosing(what, fields) {
    return () => {
      this.holder.sheets.close();
      this.holder.ask(what, fields);
    };
  }

  done(words) {
    return h("button", { type: "button", onclick: () => this.holder.sheets.close() }, words);
  }
}

function isInvite(address) {
  return /^(https?:\/\/)?(t|telegram)\.me\/\w+\?start=/.test(address ?? "");
}
