"""What the cards of the weekly conversation and of the agreement book say."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from markupsafe import Markup
from sqlmodel import Session

from bot.messages import topic_shelf
from bot.messages.buttons import MarkOption
from bot.messages.card import Card, Gone
from bot.messages.cards import CARDS, NUDGED
from bot.messages.markup import LONGEST_MESSAGE, shown_units
from bot.messages.rendering import Rendering
from bot.practice import boundaries, card_words, preparing
from storage.claiming import Claimed
from tests.guards.tone import complaints
from tests.inside import LIBRARY, Inside
from tests.messages.wording import FOREIGN, check, check_translated
from tests.post import Mailbox, Shown
from tests.weeks import everything, finish, linked, opening, write

OURS = {name for name in CARDS if name.startswith(("weekly.", "agreements."))}
WORDS = (
    "Would you sing?",
    "The tea.",
    "cook.",
    "Bread.",
    "Where?",
    "Lake",
    "Hills",
    "The bread.",
    "sleep.",
    "At dinner.",
    "The night.",
    "The hour.",
    "cook on Mondays, how could you, and I am afraid of you",
    "Would you hum?",
    "No cooking.",
    "The garden",
    "Ann",
    "Ben",
)


class Seen(Rendering):
    """Renders every card a second time, in a language in which each translated text has a mark."""

    def __init__(self, rendering: Rendering) -> None:
        super().__init__(rendering.languages, rendering.library, rendering.now)
        self.cards: dict[str, list[Card]] = {}
        self.foreign: list[Card] = []
        self.other = Rendering(FOREIGN, rendering.library, rendering.now)

    def card(self, session: Session, claimed: Claimed) -> Card | Gone:
        card = super().card(session, claimed)
        if claimed.card in OURS and isinstance(card, Card):
            self.cards.setdefault(claimed.card, []).append(card)
            twin = self.other.card(session, claimed)
            assert isinstance(twin, Card)
            self.foreign.append(twin)
        return card


@pytest.fixture
def seen(sqlite_inside: Inside) -> Seen:
    weeks = linked(sqlite_inside)
    weeks.post.rendering = Seen(weeks.post.rendering)
    everything(weeks)
    return weeks.post.rendering


def without_peoples_words(card: Card) -> Card:
    return replace(card, text=Markup(re.sub(r"<(tg-spoiler|blockquote)>.*?</", r"<\1></", card.text, flags=re.DOTALL)))


def test_every_card_is_short_warm_and_translated(seen: Seen) -> None:
    assert set(seen.cards) == OURS
    check(without_peoples_words(card) for cards in seen.cards.values() for card in cards)
    topics = LIBRARY.topics.english.values()
    said = {
        text
        for each in topics
        for text in (
            each.name,
            each.room,
            each.contact,
            each.together,
            each.aloud,
            each.alone,
            *(line for samples in each.samples.values() for sample in samples for line in sample.splitlines()),
        )
    }
    check_translated(
        seen.foreign, names=(*WORDS, *said, *(f"{mark} {word}" for word in WORDS for mark in ("1.", "2.", "✓")))
    )


def test_a_partners_words_come_behind_a_nudge(seen: Seen) -> None:
    for name, cards in seen.cards.items():
        for card in cards:
            assert card.private == (name in NUDGED), name
            if card.private:
                uncovered = card.text
                assert "<blockquote>" not in uncovered


def test_nothing_is_shown_to_those_it_does_not_belong_to(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside)
    cleo = weeks.post.person("Cleo")
    weeks.sunday()
    weeks.one_card_each()
    part_id = weeks.ann.shown and opening(weeks.ann).button("Later").participation_id  # type: ignore[attr-defined]
    card_id = opening(weeks.ann).button("Mine: Request").card_id  # type: ignore[attr-defined]
    conversation_id = opening(weeks.ann).button("Close the week").conversation_id  # type: ignore[attr-defined]
    weeks.ben.tap("Agree")
    for name in sorted(OURS - {"weekly.nothing", "weekly.listed"}):
        for about in (part_id, card_id, conversation_id, uuid4(), "no id", f"{part_id}:1", f"{card_id}:words"):
            if name == "agreements.book":
                about = f"{weeks.couple_id}:0"  # noqa: PLW2901
            card = weeks.inside.show(name, cleo.person_id, about)
            assert isinstance(card, Gone), (name, about)


def test_the_fullest_week_fits_into_one_message(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside)
    weeks.sunday()
    for box in (weeks.ann, weeks.ben):
        box.tap("Yes")
        box.say("x" * preparing.LONGEST_THANKS)
        for _ in range(boundaries.MOST_CARDS):
            write(box, "Request", "🌿" * (card_words.LONGEST["words"] // 2))
        finish(box)
    for box in (weeks.ann, weeks.ben):
        assert shown_units(opening(box).card.text) <= LONGEST_MESSAGE


def test_a_week_of_decisions_fits_into_one_message(sqlite_inside: Inside) -> None:
    """While they are marked, and when each has an overlap."""
    weeks = linked(sqlite_inside)
    weeks.sunday()
    options = ["🌿" * (card_words.LONGEST["option"] // 2 - 1) + str(number) for number in range(4)]
    for box in (weeks.ann, weeks.ben):
        box.tap("Yes")
        box.say("x" * preparing.LONGEST_THANKS)
        for _ in range(boundaries.MOST_CARDS):
            write(box, "Decide together", "\n".join(("q" * card_words.LONGEST["words"], *options)))
        finish(box)
    for box in (weeks.ann, weeks.ben):
        for whose in ("Theirs", "Mine"):
            for number in range(1, boundaries.MOST_CARDS + 1):
                card = box.tap(f"{whose}: Decide together {number}", on=opening(box))
                mark_all(box, card)
        assert shown_units(opening(box).card.text) <= LONGEST_MESSAGE
    for box in (weeks.ann, weeks.ben):
        box.command("weekly")
        assert "You could both live with this" in opening(box).card.text
        assert shown_units(opening(box).card.text) <= LONGEST_MESSAGE


def mark_all(box: Mailbox, card: Shown) -> None:
    """Tick all options of a decision, and be done."""
    for number in range(card_words.MOST_OPTIONS):
        ticks = [each.payload for row in card.card.rows for each in row if isinstance(each.payload, MarkOption)]
        box.press(ticks[number], on=card.id)
    box.tap("These I could live with", on=card)


def test_a_single_card_with_everything_on_it_is_shown_in_short_when_it_does_not_fit(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside)
    weeks.sunday()
    full = "y" * card_words.LONGEST["words"]
    write(weeks.ann, "Request", full, thanks="x" * preparing.LONGEST_THANKS)
    for _ in range(3):
        write(weeks.ben, "Request", full, thanks="x" * preparing.LONGEST_THANKS)
    weeks.ann.tap("Request: shared")
    for box in (weeks.ann, weeks.ben):
        finish(box) if box is weeks.ben else None
    weeks.ann.tap("Edit")
    weeks.ann.say(full)
    for label in ("Must stay", "Can bend"):
        weeks.ann.tap(label)
        weeks.ann.say("z" * 200)
    weeks.ann.tap("Share")
    finish(weeks.ann)
    assert weeks.ben.offers("Agree")
    weeks.ben.tap("Counter")
    weeks.ben.say(full)
    weeks.ben.command("weekly")
    weeks.ann.tap("Mine: Request")
    weeks.ann.tap("Counter")
    weeks.ann.say(full)
    weeks.ben.command("weekly")
    weeks.ben.tap("Say what I heard", on=weeks.ben.last)
    weeks.ben.say(full)
    assert shown_units(opening(weeks.ben).card.text) <= LONGEST_MESSAGE
    assert "Agree" not in opening(weeks.ben).labels  # all of it stands on the card itself
    weeks.ben.tap("Theirs: Request", on=opening(weeks.ben))
    assert "Agree" in weeks.ben.last.labels


def test_words_of_somebody_who_is_leaving_are_no_longer_shown(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside)
    weeks.sunday()
    weeks.one_card_each()
    weeks.inside.keys.erase(weeks.ann.person_id)
    for name, about in (
        ("weekly.opening", opening(weeks.ben).button("Close the week").conversation_id),  # type: ignore[attr-defined]
        ("weekly.card", opening(weeks.ben).button("Say what I heard").card_id),  # type: ignore[attr-defined]
    ):
        card = weeks.inside.show(name, weeks.ben.person_id, about)
        assert isinstance(card, Card)
        assert "No longer shown" in card.text
        assert "Sunday" not in card.text


@pytest.mark.parametrize("topic", LIBRARY.topics.english.values(), ids=lambda topic: topic.id)
def test_a_topic_is_plain_and_presses_nobody(topic) -> None:
    for text in (
        topic.name,
        topic.room,
        topic.contact,
        topic.together,
        topic.aloud,
        topic.alone,
        *(sample for samples in topic.samples.values() for sample in samples),
    ):
        assert complaints(text) == [], text
    for sample in topic.samples["limit"]:
        assert card_words.form_of(sample, "en")[0], sample
    for sample in topic.samples["decision"]:
        _, *options = sample.splitlines()
        assert card_words.FEWEST_OPTIONS <= len(options) <= card_words.MOST_OPTIONS


BLOCK = (topic_shelf.FOLDER / "en.toml").read_text("utf-8").split("[[topic]]")[1]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("topic = 3", "'int' object"),
        ("no toml", "cannot be read"),
        ("[[other]]", "cannot be read"),
        (f"[[topic]]{BLOCK}[[topic]]{BLOCK}", "used once"),
        (f"[[topic]]{BLOCK}colour = 3", "no field colour"),
        (f"[[topic]]{BLOCK}".replace('name = "Time"', 'name = ""'), "name has to be a text"),
        (f"[[topic]]{BLOCK}".replace("limits = [", "limits = [3, "), "has to be 3 texts"),
    ][1:],
)
def test_a_broken_topic_is_named(tmp_path, text: str, complaint: str) -> None:
    (tmp_path / "en.toml").write_text(text, "utf-8")
    with pytest.raises(topic_shelf.BrokenTopic, match=complaint):
        topic_shelf.load(tmp_path)


def test_a_topic_can_be_translated(tmp_path) -> None:
    (tmp_path / "en.toml").write_text(f"[[topic]]{BLOCK}", "utf-8")
    (tmp_path / "de.toml").write_text(f"[[topic]]{BLOCK}".replace('name = "Time"', 'name = "Zeit"'), "utf-8")
    topics = topic_shelf.load(tmp_path)
    assert topics.topic("time", "de-AT").name == "Zeit"
    assert topics.topic("time", "fr").name == "Time"
    (tmp_path / "de.toml").write_text(f"[[topic]]{BLOCK}".replace('id = "time"', 'id = "zeit"'), "utf-8")
    with pytest.raises(topic_shelf.BrokenTopic, match="no such topic"):
        topic_shelf.load(tmp_path)


def test_what_a_person_wrote_is_sealed_under_their_own_key(sqlite_inside: Inside) -> None:
    weeks = linked(sqlite_inside)
    weeks.sunday()
    weeks.one_card_each()
    weeks.ben.tap("Agree")
    weeks.inside.keys.erase(weeks.ann.person_id)
    weeks.ben.command("agreements")
    assert "Would you keep Sunday for us?" in weeks.ben.last.text  # agreed by both: under the couple's key
