"""Somebody who holds a phone of the playground, and goes by what is written on it: for the tour."""

import asyncio
from dataclasses import dataclass

from bot.playground.acts import SAMPLES, VOICE_SECONDS
from bot.playground.messages import Button, Message
from bot.playground.pairs import Letter
from bot.playground.people import Account
from bot.playground.stage import Stage

SETTLES_WITHIN = 20.0


class Missing(Exception):
    """A phone does not show what it should; says what it shows instead."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast things are done, in seconds: a look before an act, and a second for so many letters typed."""

    look: float
    letters: float

    @classmethod
    def readable(cls) -> "Pace":
        """So that one can follow."""
        return cls(look=1.6, letters=22.0)

    @classmethod
    def none(cls) -> "Pace":
        """Without pauses."""
        return cls(look=0.0, letters=0.0)


class Hands:
    """Acts on one phone; each act waits until the bot has done all that follows. Raises Missing."""

    def __init__(self, stage: Stage, person: int, pace: Pace) -> None:
        self._stage, self._person, self._pace = stage, person, pace

    @property
    def account(self) -> Account:
        """The person and their phone."""
        return self._stage.seats.account(self._person)

    @property
    def name(self) -> str:
        """The first name."""
        return self.account.name

    @property
    def from_bot(self) -> list[Message]:
        """The bot's messages in sight, oldest first."""
        return [each for each in self.account.messages if each.is_visible and each.sender_id != self._person]

    # -- what they do

    async def start(self) -> None:
        """Press START."""
        self._show(kind="tap", label="Start", message=0)
        await self.look(0.5)
        self.account.start()
        await self.settle()

    async def say(self, text: str, *, heard: bool = True) -> None:
        """Write; with `heard` false nobody waits for the bot."""
        await self._take_up()
        if self._pace.letters:
            seconds = len(text) / self._pace.letters
            self._show(kind="write", text=text, seconds=seconds)
            await asyncio.sleep(seconds + 0.7)
        self.account.write(text)
        if heard:
            await self.settle()

    async def speak(self) -> None:
        """Send the sample voice note."""
        await self._take_up()
        self.account.speak(VOICE_SECONDS, recording=(SAMPLES / "voice.ogg").read_bytes())
        await self.settle()

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        await self._take_up()
        message, button = self._find(label)
        self._show(kind="tap", message=message.id, label=label)
        await self.look(0.5)
        self.account.press(message, button["callback_data"])
        await self.settle()

    async def hand_over(self, label: str, other: "Hands") -> None:
        """Pass the link behind a button on to the other's phone, where it is opened."""
        message, button = self._find(label)
        link = str(button.get("copy_text", {}).get("text", ""))
        self._show(kind="tap", message=message.id, label=label)
        letters = self._stage.seats.seat(other._person).letters
        letters.append(Letter(self.name, link, f"Try this with me: {link}"))
        self._stage.feed.phone(other._person)
        await self.look(2.0)
        letters.clear()
        self._stage.feed.phone(other._person)
        other.account.open(link)
        await self.settle()

    async def read(self) -> None:
        """Open the chat and touch what is hidden."""
        await self._take_up()
        await self.look(0.7)
        self._show(kind="uncover")
        await self.look(1.5)

    async def look(self, times: float = 1.0) -> None:
        """Take the time to read."""
        await asyncio.sleep(self._pace.look * times)

    async def settle(self) -> None:
        """Wait until the bot has done everything. Raises Missing if it does not get there."""
        telegram = self._stage.telegram
        try:
            async with asyncio.timeout(SETTLES_WITHIN):
                while True:
                    await telegram.state.updates.confirmed()
                    await self._stage.child.settle()
                    if not telegram.pending and not telegram.calls.active:
                        break
        except TimeoutError:
            raise Missing(f"the bot does not come to rest after what {self.name} did") from None
        await self.look()

    # -- what they see

    def offers(self, label: str) -> bool:
        """Whether a button with exactly this label is in sight."""
        return any(label in message.labels for message in self.from_bot)

    def sees(self, words: str) -> bool:
        """Whether the bot shows these words now."""
        return any(words in message.text for message in self.from_bot)

    def must_see(self, words: str) -> None:
        """Raises Missing unless the bot shows these words now."""
        if not self.sees(words):
            raise Missing(f"{self.name} should see “{words}” but sees: {self._sight()}")

    def must_never_have_seen(self, words: str) -> None:
        """Raises Missing if the bot ever showed these words, notifications included."""
        shown = [text for each in self.account.messages if each.sender_id != self._person for text in each.texts()]
        notified = [text for notice in self.account.handset.notices for text in notice.texts]
        if any(words in text for text in [*shown, *notified]):
            raise Missing(f"{self.name} should never have seen “{words}”")

    def must_not_be_notified_of(self, words: str) -> None:
        """Raises Missing if a lock screen ever showed these words."""
        if any(words in text for notice in self.account.handset.notices for text in notice.texts):
            raise Missing(f"{self.name}’s lock screen should not have shown “{words}”")

    def _find(self, label: str) -> tuple[Message, Button]:
        for message in reversed(self.from_bot):
            for button in message.buttons:
                if button["text"] == label:
                    return message, button
        raise Missing(f"{self.name} should find [{label}] but sees: {self._sight()}")

    def _show(self, **gesture: object) -> None:
        """Let a page see what the hand does, if anybody can follow."""
        if self._pace.look:
            self._stage.feed.gesture(phone=self._person, **gesture)

    def _sight(self) -> str:
        last = self.from_bot[-1:]
        return " ".join(f"{message.text!r} with {message.labels}" for message in last) or "nothing"

    async def _take_up(self) -> None:
        """Unlock the phone and look at the chat."""
        seat = self._stage.seats.seat(self._person)
        if seat.locked:
            await self.look()
            seat.locked = False
            self._stage.feed.phone(self._person)
        self.account.read()
