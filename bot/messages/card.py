"""What a card is: text, buttons and how it travels."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeAlias
from uuid import UUID

from markupsafe import Markup

from bot.messages import dates
from bot.messages.chart import Chart
from bot.messages.i18n import Words
from bot.messages.payload import Payload
from bot.practice import times
from bot.practice.prompts import Library
from storage.tables import Person


class Style(Enum):
    """Colours of a button, where the app shows them."""

    PLAIN = None
    PRIMARY = "primary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """One button: exactly one of a payload, a link and a text to copy."""

    label: str
    payload: Payload | None = None
    url: str | None = None
    copy: str | None = None
    style: Style = Style.PLAIN


Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A view of rows for one reader, rendered when it is sent."""

    text: Markup
    rows: Rows = ()
    private: bool = False  # carries a partner's words: a nudge first, then the words by an edit
    protect: bool = False  # cannot be forwarded
    silent: bool = False
    passing: bool = False  # will change by itself, perhaps while it is on its way: looked at again once it stands
    voice: str | None = None  # Telegram's file id; the text is then its caption
    picture: Chart | None = None  # drawn when it is sent; the text is then its caption, at most 1,024 units


class Gone:
    """There is nothing to show any more."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a card is for: a person or a stranger, in their language, now."""

    chat_id: UUID
    person: Person | None
    words: Words
    library: Library
    now: datetime  # UTC
    bot_name: str  # the bot's username, for links
    languages: tuple[str, ...] = ("en",)  # all that the bot speaks

    @property
    def known(self) -> Person:
        """The person; cards that only persons get may rely on it."""
        if self.person is None:
            raise LookupError("this card is for a person and was owed to a stranger")
        return self.person

    def clock(self, minute: int) -> str:
        """A minute of the day, as all texts and commands write it: counted to 24."""
        return dates.clock(minute)

    def day(self, at: datetime) -> str:
        """The reader's own date of an instant, with its weekday."""
        zone = self.known.zone or "UTC"
        return dates.near(self.words, times.local_date(at, zone))


def row(*buttons: Button) -> tuple[Button, ...]:
    """Buttons side by side."""
    return buttons


def choice(label: str, payload: Payload, style: Style = Style.PLAIN) -> Button:
    """A button that answers to the bot."""
    return Button(str(label), payload=payload, style=style)
