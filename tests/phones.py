"""People with phones, in the words of a test.

A `Phone` drives one account of the loopback Telegram. After each act it waits until the bot has done all that follows
(`settle`); without one, acts do not wait.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.playground.accounts import Chat
from bot.playground.child import ChildBot
from bot.playground.handsets import Toast
from bot.playground.messages import Button, Content, Message
from bot.playground.people import Account
from bot.playground.queries import Query
from bot.playground.server import LoopbackTelegram

Settle = Callable[[], Awaitable[None]]

WITHIN = 20.0  # seconds that anything may take to settle


class Phone:
    """One person's phone: what they do with it, and what it shows them."""

    def __init__(self, account: Account, settle: Settle | None = None) -> None:
        self.account = account
        self._settle = settle

    @property
    def name(self) -> str:
        """The person's first name."""
        return self.account.name

    @property
    def id(self) -> int:
        """The number of the account, and of its chat with the bot."""
        return self.account.id

    # What a person does

    async def start(self, parameter: str = "") -> None:
        """Press START."""
        self.account.start(parameter)
        await self.settle()

    async def open(self, link: str) -> None:
        """Follow a link, such as an invite."""
        self.account.open(link)
        await self.settle()

    async def say(self, text: str, *, reply_to: Message | None = None, to: Chat | None = None) -> Message:
        """Write something; gives the message, the last piece of a text that is too long for one."""
        sent = self.account.write(text, reply_to=reply_to, to=to)
        await self.settle()
        return sent[-1]

    async def edit(self, message: Message, text: str) -> None:
        """Change an own message."""
        self.account.edit(message, text)
        await self.settle()

    async def speak(self, seconds: int = 3, *, reply_to: Message | None = None) -> Message:
        """Send a voice note."""
        sent = self.account.speak(seconds, reply_to=reply_to)
        await self.settle()
        return sent

    async def send(self, what: str | Content, *, caption: str = "", to: Chat | None = None) -> Message:
        """Send a "sticker", "photo", "video", "poll", "contact", "location", "document", "dice" …"""
        sent = self.account.send(what, caption=caption, to=to)
        await self.settle()
        return sent

    async def tap(self, label: str, *, on: Message | None = None) -> Query | None:
        """Tap a button, by default on the newest message that shows one with exactly this label.

        A button that asks the bot gives its query; those that copy, share or open act on the phone alone.
        """
        message, button = self._find(label, on)
        query = await self._tap(message, button)
        await self.settle()
        return query

    async def press(self, data: str, *, on: Message) -> Query:
        """Tap a button with this callback data, even one that the message does not show (any more)."""
        query = self.account.press(on, data)
        await self.settle()
        return query

    async def react(self, message: Message, *emoji: str) -> None:
        """Put reactions on a message."""
        self.account.react(message, *emoji)
        await self.settle()

    async def delete(self, message: Message) -> None:
        """Delete a message, also one of the bot's, on both sides."""
        self.account.delete(message)
        await self.settle()

    async def block(self) -> None:
        """Block the bot."""
        self.account.block()
        await self.settle()

    async def unblock(self) -> None:
        """Let the bot write again."""
        self.account.unblock()
        await self.settle()

    async def settle(self) -> None:
        """Wait until the bot has done all that follows from what was done."""
        if self._settle is not None:
            await self._settle()

    # What the phone shows

    @property
    def screen(self) -> list[Message]:
        """The messages that the chat shows now, oldest first, own ones too."""
        return [message for message in self.account.messages if message.is_visible]

    @property
    def from_bot(self) -> list[Message]:
        """The bot's messages that the chat shows now, oldest first."""
        return [message for message in self.screen if message.sender_id != self.id]

    @property
    def last(self) -> Message:
        """The newest message of the bot; it changes when the bot edits it (`message.versions` keeps every state)."""
        shown = self.from_bot
        assert shown, f"{self.name} sees no message of the bot"
        return shown[-1]

    @property
    def labels(self) -> list[str]:
        """Every button label in sight, those of the newest message last."""
        return [label for message in self.screen for label in message.labels] + self._keys()

    @property
    def notifications(self) -> list[str]:
        """Every text that the lock screen ever showed, in order, refreshed ones too."""
        return [text for notice in self.account.handset.notices for text in notice.texts]

    @property
    def lock_screen(self) -> list[str]:
        """What the lock screen shows now: the notifications since the person last looked."""
        return [notice.text for notice in self.account.handset.lock_screen.values()]

    @property
    def toasts(self) -> list[str]:
        """The texts that tapped buttons answered, alerts too, in order."""
        return [toast.text for toast in self.account.handset.toasts]

    @property
    def alerts(self) -> list[Toast]:
        """The answers that had to be closed with OK."""
        return [toast for toast in self.account.handset.toasts if toast.is_alert]

    @property
    def clipboard(self) -> str:
        """What a copy button put there last."""
        return self.account.handset.clipboard

    @property
    def opened(self) -> list[str]:
        """The links that left the chat: opened pages, share sheets."""
        return self.account.handset.opened

    @property
    def menu(self) -> list[str]:
        """The commands of the menu, without slashes."""
        return [command["command"] for command in self.account.menu]

    @property
    def unread(self) -> int:
        """How many messages the person has not looked at."""
        return len(self.account.unread)

    def find(self, words: str) -> Message:
        """The newest message in sight that contains these words now."""
        found = [message for message in self.screen if words in message.text]
        assert found, f"{self.name} sees no {words!r}; in sight: {[message.text for message in self.screen]}"
        return found[-1]

    def shows(self, words: str) -> bool:
        """Whether a message in sight contains these words now."""
        return any(words in message.text for message in self.screen)

    def offers(self, label: str) -> bool:
        """Whether a button with exactly this label is in sight."""
        return label in self.labels

    def times_shown(self, words: str) -> int:
        """How many messages of the bot ever contained these words, in any state, deleted ones too."""
        messages = (message for message in self.account.messages if message.sender_id != self.id)
        return sum(any(words in text for text in message.texts()) for message in messages)

    def everything(self, *, own: bool = True) -> str:
        """All text that this phone ever showed: messages in every state, buttons, notifications, toasts, menu.

        Without `own`, only what came from the bot.
        """
        parts = []
        for message in self.account.messages:
            if own or message.sender_id != self.id:
                for version in message.versions:
                    parts += [version.text, *version.labels, *map(str, version.buttons)]
        menu = [f"/{each['command']} {each['description']}" for each in self.account.menu]
        return "\n".join([*parts, *self.notifications, *self.toasts, *menu, self.clipboard])

    def link(self, label: str, *, on: Message | None = None) -> str:
        """The address behind a button, or what it copies."""
        _, button = self._find(label, on)
        return str(button.get("url") or button.get("copy_text", {}).get("text", ""))

    # How a button is found and tapped

    def _keys(self) -> list[str]:
        keyboard = self.account.handset.keyboard
        return [key["text"] for row in keyboard["keyboard"] for key in row] if keyboard else []

    def _find(self, label: str, on: Message | None) -> tuple[Message, Button]:
        for message in [on] if on is not None else reversed(self.screen):
            for button in message.buttons if message.is_visible else []:
                if button["text"] == label:
                    return message, button
        if on is None and label in self._keys():
            return self.last, {"text": label}
        where = "on that message" if on is not None else "in the chat"
        labels = on.labels if on is not None else self.labels
        last = self.from_bot[-1].text if self.from_bot else "nothing"
        raise AssertionError(f"{self.name} sees no [{label}] {where}; labels: {labels}; the bot's last words: {last!r}")

    async def _tap(self, message: Message, button: Button) -> Query | None:
        if "callback_data" in button:
            return self.account.press(message, button["callback_data"])
        if "copy_text" in button:
            self.account.handset.clipboard = button["copy_text"]["text"]
        elif "url" in button:
            self.account.open(button["url"])
        elif button.keys() <= {"text", "style", "icon_custom_emoji_id"}:
            self.account.write(button["text"])
        else:
            self.account.handset.opened.append(str(button))
        return None


async def settle_child(telegram: LoopbackTelegram, child: ChildBot, *, within: float = WITHIN) -> None:
    """Wait until a bot in its own process has confirmed every update and sent all that is due."""
    async with asyncio.timeout(within):
        while True:
            await telegram.state.updates.confirmed()
            await child.settle()
            if not telegram.pending and not telegram.calls.active:
                return


async def settle_quietly(telegram: LoopbackTelegram, *, quiet: float = 0.3, within: float = WITHIN) -> None:
    """Wait until an unknown bot has confirmed every update and called nothing for `quiet` seconds."""
    async with asyncio.timeout(within):
        since = time.monotonic()
        while True:
            await telegram.state.updates.confirmed()
            calm = time.monotonic() - max(telegram.calls.last_at, since)
            if calm >= quiet and not telegram.calls.active:
                return
            await asyncio.sleep(quiet / 4)
