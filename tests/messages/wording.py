"""What every card has to be like, whoever made it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from gettext import NullTranslations

from bot.messages.card import Card, Gone
from bot.messages.i18n import Languages, Words
from bot.playground.html import parse_html
from tests.guards.tone import complaints

MOST_WORDS = 60
MARK = "¤"
_TAPPED = ("https://", "/")  # links and commands are read like buttons
_WORD = re.compile(r"\w")
# What is the same in every language: times, commands, dates, names of languages, zones and people, links, marks of
# pages.
_SAME = re.compile(
    r"[✓\s]*(\d\d:\d\d(–\d\d:\d\d)?|\d|(/\w+ ?)+|[‹›]|https://\S+|English"
    r"|[A-Z][a-z]{2} \d+ [A-Z][a-z]{2}|[A-Z][a-z]{2}(, [A-Z][a-z]{2})*)?\Z"
)


class Foreign(NullTranslations):
    """A language in which every translated text begins with a mark."""

    def gettext(self, message: str) -> str:
        return MARK + message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return MARK + (msgid1 if n == 1 else msgid2)


FOREIGN = Languages({"en": Words("en", Foreign())})


@dataclass(frozen=True)
class Shown:
    """A card as a person reads it."""

    text: str
    labels: list[str]

    @property
    def words(self) -> int:
        return len([word for word in self.text.split() if _WORD.search(word) and not word.startswith(_TAPPED)])


def shown(card: Card | Gone) -> Shown:
    """The card's plain text and labels; fails for a card that is gone."""
    assert isinstance(card, Card)
    text, _ = parse_html(str(card.text))
    return Shown(text, [button.label for row in card.rows for button in row])


def check(cards: Iterable[Card | Gone]) -> None:
    """Short, warm, and with labels that fit on a phone."""
    for card in cards:
        seen = shown(card)
        assert seen.words <= MOST_WORDS, (seen.words, seen.text)
        for text in (seen.text, *seen.labels):
            assert complaints(text) == [], text
        assert all(0 < len(label) <= 32 for label in seen.labels), seen.labels


def check_translated(cards: Iterable[Card | Gone], *, names: tuple[str, ...] = ()) -> None:
    """No line and no label that does not go through the catalogue; made with FOREIGN."""
    for card in cards:
        seen = shown(card)
        for text in (*seen.text.splitlines(), *seen.labels):
            assert MARK in text or _SAME.match(text) or text in names, text
