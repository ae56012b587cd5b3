"""G10: what a person writes never becomes markup, and every card keeps within Telegram's lengths."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlmodel import Session, col, select

from bot.messages.card import Card
from bot.messages.markup import LONGEST_MESSAGE, clean, lines, one_line, paragraphs, shown_units, spoiler, units
from bot.playground.html import parse_html
from storage import sealing
from storage.tables import Answer, Delivery, Person
from tests.figures import reached, times
from tests.inside import Inside

CARDS_WITH_WORDS = ("daily.mine", "daily.reveal", "pairing.linked", "pairing.confirm", "pairing.invitation")
TELLING = "<b>&amp;</b> </tg-spoiler><a href='tg://user?id=1'>x</a> &lt;i&gt; {name} {0} %s \u202e\u0000\ud800 👩‍👩‍👧"


class Couple:
    """Two people whose words a test may change at will."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.ann, self.ben = inside.person("Ann"), inside.person("Ben")
        inside.link(self.ann, self.ben)
        self.shown = self._open()

    def _open(self) -> list[tuple[str, UUID, str]]:
        from bot.practice import answering, daily
        from storage.daily import Given

        def both(session: Session) -> None:
            for person_id in (self.ann, self.ben):
                person = self.inside.get(session, person_id)
                checkin = daily.current_checkin(session, person, now=self.inside.now)
                assert checkin is not None
                answering.give_answer(session, checkin, Given(words="x"))
                daily.share_answer(session, person, checkin.id, now=self.inside.now)

        self.inside.do(both)
        query = select(Delivery.card, Delivery.person_id, Delivery.about).where(
            col(Delivery.card).in_(CARDS_WITH_WORDS)
        )
        return self.inside.do(lambda session: [(card, who, about) for card, who, about in session.exec(query) if who])

    def write(self, name: str, words: str) -> None:
        def change(session: Session) -> None:
            for person in session.exec(select(Person)):
                sealing.seal(session, person, "name_sealed", one_line(name) or "?", owner=person.id)
                session.add(person)
            for answer in session.exec(select(Answer)):
                sealing.seal(session, answer, "words_sealed", clean(words), owner=answer.person_id)
                session.add(answer)

        self.inside.do(change)

    def cards(self) -> Iterator[tuple[str, Card]]:
        for card, reader, about in self.shown:
            found = self.inside.show(card, reader, about)
            if isinstance(found, Card):
                yield card, found


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, migrated: object) -> Iterator[Couple]:
    from tests.conftest import Place, copied

    folder = tmp_path_factory.mktemp("markup")
    place = Place("sqlite", folder, copied(migrated, folder), f"sqlite:///{folder / 'keys.db'}")
    inside = Inside(place)
    yield Couple(inside)
    inside.close()


@settings(max_examples=times(500))
@given(st.text(min_size=1, max_size=64), st.text(min_size=1, max_size=1700))
@example(TELLING, TELLING)
@example("\u202e\u2066", "&" * 1700)
def test_names_and_words_stay_text_in_every_card(written: Couple, name: str, words: str) -> None:
    written.write(name, words)
    seen = set()
    for card, shown in written.cards():
        text, entities = parse_html(str(shown.text))
        seen.add(card)
        assert units(text) <= LONGEST_MESSAGE
        assert {entity["type"] for entity in entities} <= {"bold", "italic", "spoiler", "blockquote"}
        if card == "daily.reveal" and clean(words):
            assert clean(words) in text
            assert sum(entity["type"] == "spoiler" for entity in entities) == 2
    assert "daily.reveal" in seen
    reached("texts", 1)


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
