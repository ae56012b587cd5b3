"""What every kind of run has: a loopback Telegram, people who act without waiting, and a note of all that happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TypeVar

from bot.playground import faults
from bot.playground.messages import Message
from bot.playground.server import LoopbackTelegram
from tests.harness.places import Place
from tests.harness.records import Records
from tests.model_check import the_models
from tests.phones import Phone

T = TypeVar("T")
BEGIN = datetime(2030, 5, 7, 9, tzinfo=UTC)  # a Tuesday; always the same, so that runs can be compared
VOICE = "<voice>"
WEBHOOK_SECOND = 0.005  # the pauses before a webhook is tried again, in a hurry


@dataclass
class Life:
    """One run of the process: between which messages it was, and how it ended."""

    after: int  # the newest message of all chats at its start
    until: int | None = None  # the same at its end
    end: str = "runs"

    @property
    def was_killed(self) -> bool:
        """Whether it had no chance to tidy up."""
        return self.end not in ("runs", "stopped")


@dataclass(frozen=True)
class Act:
    """What somebody did: at which change of the loopback, and which updates came of it."""

    number: int
    who: str
    what: str
    kind: str  # "message" or "press"
    updates: range
    seen: str = ""  # what stood on the message whose button was tapped


@dataclass
class Doubt(faults.Rule):
    """A rule that notes which messages came of the calls it struck."""

    stage: "Stage"

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether it happens to this call, which is carried out right after."""
        strikes = super().strikes(method, chat_id)
        if strikes and method != "editMessageText":
            self.stage.doubtful.add(self.stage.newest + 1)
        return strikes


@dataclass
class Stage:
    """Telegram, people, and what is known of the bot's lives; `place` is where it keeps its rows."""

    place: Place
    phones: list[Phone] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    records: Records = field(default_factory=Records)
    doubtful: set[int] = field(default_factory=set)  # messages of which the bot was not told that they were sent

    def __post_init__(self) -> None:
        self.ahead = BEGIN - datetime.now(UTC)
        self.telegram = LoopbackTelegram(now=self.now, unlimited=True, webhook_second=WEBHOOK_SECOND)
        self.telegram.check = the_models()

    def now(self) -> datetime:
        """The time here, UTC."""
        return datetime.now(UTC) + self.ahead

    # -- what a kind of run has to be able to

    @property
    def printed(self) -> str:
        """All that the bot has printed."""
        raise NotImplementedError

    async def settle(self) -> None:
        """Until all that people did is answered and all that is due is sent."""
        raise NotImplementedError

    async def pass_time(self, **by: float) -> None:
        """Move everybody's clock, as `timedelta` is spelled."""
        raise NotImplementedError

    # -- the bot's lives

    @property
    def newest(self) -> int:
        """The number of the newest message of all chats."""
        return self.telegram.state.chats.last_message_id

    @property
    def kills(self) -> int:
        """How often the process was killed, or killed itself."""
        return sum(life.was_killed for life in self.lives)

    def open_life(self) -> None:
        """The process starts."""
        self.lives.append(Life(self.newest))

    def close_life(self, how: str) -> None:
        """The process has ended."""
        self.lives[-1].until, self.lives[-1].end = self.newest, how

    # -- trouble

    def doubt(self, chance: float, random: Random) -> None:
        """Let Telegram carry out some of the calls that write, and break the connection instead of saying so."""
        methods = frozenset({"sendMessage", "sendVoice", "editMessageText"})
        fault = faults.reset(after_effect=True)
        self.telegram.faults.rules.append(Doubt(fault, methods, None, None, chance, random, self))

    # -- people

    def person(self, name: str, language: str = "en") -> Phone:
        """Somebody new, whose acts do not wait."""
        phone = Phone(self.telegram.person(name, language))
        self.phones.append(phone)
        return phone

    def do(self, phone: Phone, what: str, kind: str, act: Callable[[], T], *, seen: str = "") -> T:
        """Let somebody do something, and note it with its updates."""
        updates, number = self.telegram.state.updates, self.telegram.state.chats.number
        first = updates.next_id
        result = act()
        self.acts.append(Act(number, phone.name, what, kind, range(first, updates.next_id), seen))
        return result

    def say(self, phone: Phone, text: str) -> None:
        """Write something."""
        self.do(phone, text, "message", lambda: phone.account.write(text))

    def speak(self, phone: Phone) -> None:
        """Send a voice note."""
        self.do(phone, VOICE, "message", phone.account.speak)

    def send(self, phone: Phone, what: str) -> None:
        """Send a sticker, a picture …"""
        self.do(phone, f"<{what}>", "message", lambda: phone.account.send(what))

    def tap(self, phone: Phone, label: str) -> None:
        """Tap the newest button with this label. Raises AssertionError, and does nothing, if there is none."""
        for message in reversed(phone.screen):
            for button in message.buttons:
                if button["text"] == label:
                    self.press(phone, message, str(button["callback_data"]), label)
                    return
        last = phone.from_bot[-1].text if phone.from_bot else "nothing"
        raise AssertionError(f"{phone.name} sees no [{label}]; the bot's last words: {last!r}")

    def press(self, phone: Phone, on: Message, data: str, label: str, *, seen: str = "") -> None:
        """Tap a button with this data, whether the message shows one or not."""
        self.do(phone, f"[{label}]", "press", lambda: phone.account.press(on, data), seen=seen or on.text)
