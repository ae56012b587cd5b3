"""G10: what a person writes never becomes markup, and every card keeps within Telegram's lengths."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlmodel import Session

from bot.messages.card import Card
from bot.messages.cards import CARDS
from bot.messages.markup import (
    LONGEST_CAPTION,
    LONGEST_MESSAGE,
    clean,
    lines,
    one_line,
    paragraphs,
    shown_units,
    spoiler,
    units,
)
from bot.playground.html import parse_html
from storage.tables import Answer, Chat, Invite, Pulse, Table
from tests.conftest import Place, copied
from tests.figures import reached, times
from tests.inside import Inside
from tests.strange import strange_text
from tests.wordy import LONGEST, Life, Moment, Slot, live, slots

WITH_WORDS = {
    *("agreements.book", "agreements.one", "agreements.outcome", "agreements.review"),
    *("daily.edit", "daily.mine", "daily.replace", "daily.reveal"),
    *("memories.entry", "memories.found", "memories.kept", "memories.kept_entry"),
    *("memories.page", "memories.saved", "memories.saved_entry", "memories.notes", "memories.note_entry"),
    *("pairing.confirm", "pairing.invitation", "pairing.linked", "setup.where", "settings.blocks"),
    *("summary.own", "summary.page", "summary.picture", "summary.preview"),
    *(
        "weekly.alone",
        "weekly.card",
        "weekly.cards",
        "weekly.draft",
        "weekly.invitation",
        "weekly.opening",
        "weekly.saved",
    ),
    "weekly.write",
}
ENTIRE = ("daily.mine", "daily.reveal")  # show an answer whatever its length
# what these lives do not come past, and what shows nothing that anybody wrote
ELSEWHERE = ("common.", "control.", "erasing.", "exporting.", "info.", "safety.", "settings.", "setup.")
WORDLESS = {
    *("daily.later", "daily.nothing", "daily.patience", "daily.put_off", "daily.rhythm_chosen"),
    *("daily.skipped", "daily.snoozed", "daily.voice", "journal.left", "memories.months", "memories.themes"),
    *("pairing.cancelled", "pairing.ended", "pairing.farewell", "pairing.leave", "pairing.left"),
    *("pairing.refused", "pairing.withdrawn", "pulse.trend", "refusal.said"),
    *("summary.unshown", "summary.withdrawn", "weekly.nothing"),
}
UNSHOWN = {(Chat, "address_sealed"), (Invite, "token_sealed"), (Answer, "voice_sealed"), (Pulse, "values_sealed")}
FEWEST = 5  # texts that are found as they were, in each run: most are short
SURELY_WHOLE = 20  # UTF-16 units: what is not longer is cut on no card


class Scene:
    """A moment, and whose words stand on which of its cards."""

    def __init__(self, moment: Moment) -> None:
        self.inside, self._moment = Inside(moment.place), moment
        self.plain = self.inside.do(self._look)
        self.slots = sorted({slot for _, shown in self.plain.values() for slot in shown}, key=str)

    def check(self, random: Random) -> int:
        """Put other words into each place, and none becomes markup on any card; gives how many stand there whole."""
        return self.inside.do(lambda session: self._check(session, random))

    def _look(self, session: Session) -> Mapping[str, tuple[Counter[str], Sequence[Slot]]]:
        """With a plain word in each place: each card's markup, and the places that it shows."""
        written = {f"word{number}x": slot for number, slot in enumerate(slots(session))}
        for word, slot in written.items():
            slot.write(session, word)
        found = {}
        for name, card in self._cards(session):
            text, markup = _read(card)
            found[name] = markup, [slot for word, slot in written.items() if word in text]
        return found

    def _check(self, session: Session, random: Random) -> int:
        whole = 0
        with session.begin_nested() as inner:
            kept = {slot: slot.write(session, strange_text(random, slot.longest)) for slot in self.slots}
            seen = dict(self._cards(session))
            inner.rollback()
        assert seen.keys() == self.plain.keys()
        for name, card in seen.items():
            usual, shown = self.plain[name]
            text, markup = _read(card)
            assert markup <= usual, name
            assert shown_units(card.text) <= (LONGEST_CAPTION if card.picture else LONGEST_MESSAGE), name
            for slot in shown if markup == usual else ():  # otherwise it goes on on a next page
                if units(kept[slot]) <= SURELY_WHOLE or (slot.table is Answer and name.startswith(ENTIRE)):
                    assert _on_one_line(kept[slot]) in _on_one_line(text), (name, slot)
                    whole += 1
        return whole

    def _cards(self, session: Session) -> Iterator[tuple[str, Card]]:
        for claimed, card in self._moment.cards(session):
            yield f"{claimed.card} for {claimed.person_id}", card


def _read(card: Card) -> tuple[str, Counter[str]]:
    """As a phone shows it: the text and the buttons, and how much of the text is set apart in which way."""
    text, entities = parse_html(str(card.text))
    assert units(text) == shown_units(card.text)
    labels = (button.label for row in card.rows for button in row)
    return "\n".join((text, *labels)), Counter(entity["type"] for entity in entities)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Life:
    """A life past every card that shows what somebody wrote."""
    folder = tmp_path_factory.mktemp("markup")
    life = Life(Place("sqlite", folder, copied(migrated, folder), f"sqlite:///{folder / 'keys.db'}"))
    live(life)
    life.inside.close()
    return life


@pytest.fixture(scope="module")
def scenes(life: Life) -> Iterator[Sequence[Scene]]:
    """Every card that shows somebody's words."""
    scenes = [Scene(moment) for moment in life.moments()]
    yield scenes
    for scene in scenes:
        scene.inside.close()


def test_every_card_with_words_is_tried(life: Life, scenes: Sequence[Scene]) -> None:
    assert {name.partition(" ")[0] for scene in scenes for name in scene.plain} == WITH_WORDS
    elsewhere = {name for name in CARDS if name.startswith(ELSEWHERE)} - WITH_WORDS
    assert CARDS.keys() - life.delivered - elsewhere == WORDLESS, "a new card: does it show what somebody wrote?"


def test_every_place_in_which_words_stand_is_tried(scenes: Sequence[Scene]) -> None:
    sealed = {
        (mapper.class_, column.key)
        for mapper in Table._sa_registry.mappers
        for column in mapper.columns
        if column.key.endswith("_sealed")
    }
    assert sealed - UNSHOWN == LONGEST.keys()
    assert {(slot.table, slot.column) for scene in scenes for slot in scene.slots} == LONGEST.keys()


@settings(max_examples=times(64))
@given(st.integers(0, 2**64 - 1))
def test_names_and_words_stay_text_on_every_card(scenes: Sequence[Scene], seed: int) -> None:
    random = Random(seed)
    assert sum(scene.check(random) for scene in scenes) >= FEWEST
    reached("texts", sum(len(scene.slots) for scene in scenes))


@given(st.text(max_size=300))
def test_what_is_escaped_reads_as_it_was_written(text: str) -> None:
    cleaned = clean(text)
    assert parse_html(str(spoiler(cleaned)))[0] == cleaned
    assert shown_units(spoiler(cleaned)) == units(cleaned)


@given(st.text(max_size=200))
def test_nothing_unseen_is_left_in_what_is_shown(text: str) -> None:
    for letter in clean(text):
        assert letter == "\n" or letter == "\t" or letter >= " "
        assert letter not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    line = one_line(text)
    assert "\n" not in line
    assert len(line) <= 64


def test_parts_that_are_missing_leave_no_gap() -> None:
    assert paragraphs("a", None, "", "b") == Markup("a\n\nb")
    assert lines("a", None, "<b>") == Markup("a\n&lt;b&gt;")


def test_lengths_are_counted_as_telegram_counts_them() -> None:
    assert units("👩‍👩‍👧") == 8
    assert shown_units(Markup("<b>a</b>&amp;&lt;")) == 3
