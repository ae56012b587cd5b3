"""What the cards of the pulse, the weekly summary and memories say, and to whom."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from bot.messages.buttons import OpenCard, OwnWeek
from bot.messages.card import Card, Gone
from bot.messages.cards import CARDS, NUDGED
from bot.messages.cards.paging import page_at, pages, turning
from bot.messages.chart import Balance, Moments
from bot.messages.markup import LONGEST_CAPTION, LONGEST_MESSAGE, bold, shown_units
from bot.messages.payload import LONGEST, pack
from bot.practice import memories, summary
from bot.practice.answering import LONGEST_ANSWER
from bot.practice.memories import View
from storage import conversations, daily, journal, people, sealing
from storage import memories as stored
from storage import pulse as pulses
from storage import summary as weeks
from storage.daily import Given
from storage.tables import Answer, Checkin, Person, Summary
from tests.inside import Inside
from tests.messages.wording import FOREIGN, check, check_translated, shown
from tests.post import Mailbox, Post

SUNDAY = datetime(2026, 3, 8, 19, 0, 1, tzinfo=UTC)
WEEK = date(2026, 3, 8)
SOME_ID = 32 * "f"
OURS = [name for name in CARDS if name.startswith(("pulse.", "summary.", "memories."))]


@dataclass
class Two:
    """Ann and Ben on a Sunday evening, with something open and something kept."""

    inside: Inside
    post: Post
    ann: Mailbox
    ben: Mailbox

    def show(self, card: str, to: Mailbox, about: object = "") -> Card | Gone:
        self.inside.now = self.post.clock.now()
        return self.inside.show(card, to.person_id, str(about))

    def preview(self, box: Mailbox) -> UUID:
        found = self.post.do(lambda session: weeks.preview_of(session, person_id=box.person_id, week=WEEK))
        assert found is not None
        return found.id

    def page(self) -> UUID:
        return self.post.do(lambda session: session.exec(select(Summary.id)).one())

    def taps_the_pulse(self, box: Mailbox, values: str, *, on: date = WEEK) -> None:
        def keep(session: Session) -> None:
            for part, value in enumerate(values):
                pulses.keep(session, person_id=box.person_id, on=on, part=part, value=int(value))

        self.post.do(keep)

    def approve(self, *, pulse: bool) -> None:
        for box in (self.ann, self.ben):
            box.tap("Look")
            if pulse:
                box.tap("Add my pulse")
            box.tap("Approve")


@pytest.fixture
def two(sqlite_inside: Inside) -> Two:
    post = Post(sqlite_inside)
    two = Two(sqlite_inside, post, post.person("Ann"), post.person("Ben"))
    post.link(two.ann, two.ben)
    for box in (two.ann, two.ben):
        box.say(f"Words of {box.address}.")
        box.tap("Share")
        box.command("summary")
        box.tap("Turn it on")
    post.pass_to(SUNDAY)
    return two


def every_card(two: Two) -> list[Card | Gone]:
    """Each of our cards, in each of its states; people's own words are so short that they do not count."""
    ann, day, cards = two.ann, WEEK.toordinal(), []
    preview = two.preview(ann)
    cards += [two.show("memories.found", ann, "f.0"), two.show("pulse.trend", ann), two.show("summary.menu", ann)]
    cards += [two.show("pulse.today", ann, f"{day}.{part}") for part in range(5)]
    two.taps_the_pulse(ann, "2345")
    two.taps_the_pulse(ann, "2345", on=WEEK - timedelta(days=8))
    two.taps_the_pulse(two.ben, "2345")
    cards += [two.show("pulse.today", ann, f"{day}.{part}") for part in range(5)]
    cards += [two.show("pulse.today", ann, f"{day - 8}.4"), two.show("pulse.trend", ann)]
    cards += [two.show("summary.ready", ann, preview.hex), two.show("summary.lines", ann, preview.hex)]
    cards += [two.show("summary.preview", ann, f"{preview.hex}.0"), two.show("summary.own", ann, "0")]
    ann.tap("Skip this week")
    cards.append(two.show("summary.preview", ann, f"{preview.hex}.0"))
    ann.tap("Look again")
    ann.tap("Add my pulse")
    cards.append(two.show("summary.preview", ann, f"{preview.hex}.0"))
    ann.tap("Approve")
    cards.append(two.show("summary.preview", ann, f"{preview.hex}.0"))
    two.ben.tap("Look")
    two.ben.tap("Add my pulse")
    two.ben.tap("Approve")
    page = two.page().hex
    cards += [two.show("summary.page", ann, f"{page}.0"), two.show("summary.picture", ann, page)]
    cards += [two.show("summary.withdraw", ann, page), two.show("summary.withdrawn", ann)]
    cards.append(two.show("memories.saved", ann, "s.0"))
    saved = two.post.do(lambda session: conversations.save_topic(session, person_id=ann.person_id, words="The sea.").id)
    cards += [two.show("memories.saved", ann, "s.0"), two.show("memories.saved_entry", ann, f"{saved.hex}.s.0")]
    cards.append(two.show("memories.notes", ann, "n.0"))
    note = two.post.do(
        lambda session: journal.add_note(session, person_id=ann.person_id, on=WEEK, words="It stung.").id.hex
    )
    cards.append(two.show("memories.notes", ann, "n.0"))
    cards += [two.show(f"memories.{card}", ann, f"{note}.n.0") for card in ("note_entry", "note_removal")]
    cards += [two.show("summary.unshown", ann), two.show("summary.menu", ann)]
    cards += [two.show(card, ann, about) for card, about in (("memories.page", "m202603.0"), ("memories.page", "t1.0"))]
    cards += [two.show("memories.months", ann, "j.0"), two.show("memories.themes", ann, "h")]
    cards += [two.show("memories.ask", ann), two.show("memories.kept", ann, "k.0")]
    reveal = two.post.do(
        lambda session: stored.between(session, person_id=ann.person_id, first=WEEK.replace(day=1), last=WEEK)
    )
    cards.append(two.show("memories.entry", ann, f"{reveal[0].reveal_id.hex}.m202603.0"))
    answer = two.post.do(lambda session: session.exec(select(Answer.id).where(Answer.person_id == ann.person_id)).one())
    cards.append(two.show("memories.kept_entry", ann, f"{answer.hex}.k.0"))
    cards.append(two.show("memories.kept_removal", ann, f"{_unopened(two, ann).hex}.k.0"))
    two.post.do(lambda session: memories.search(session, people.person(session, ann.person_id), "words"))
    cards.append(two.show("memories.found", ann, "f.0"))
    return cards


def _unopened(two: Two, box: Mailbox) -> UUID:
    def keep(session: Session) -> UUID:
        checkin = Checkin(
            person_id=box.person_id, kind="daily", on_date=WEEK, turn=1000, prompt_id="my-hour", closed=True
        )
        session.add(checkin)
        session.flush()
        daily.add_answer(session, checkin, Given("Only for me."))
        return session.exec(select(Answer.id).where(Answer.checkin_id == checkin.id)).one()

    return two.post.do(keep)


def test_every_card_is_short_and_warm(two: Two) -> None:
    """With the questions of the library left out: they have a length of their own."""
    cards = every_card(two)
    assert not any(isinstance(each, Gone) for each in cards)
    check(each for each in cards if not holds_questions(each))
    assert {type(each) for each in cards} == {Card}


def holds_questions(card: Card | Gone) -> bool:
    return "Words of" in shown(card).text


def test_the_preview_itself_adds_few_words(two: Two) -> None:
    preview = two.preview(two.ann)
    text = shown(two.show("summary.preview", two.ann, f"{preview.hex}.0")).text
    own = [line for line in text.splitlines() if "Words of" in line or "?" in line]
    assert len([word for line in text.splitlines() if line not in own for word in line.split()]) <= 60


def test_everything_is_translated(two: Two) -> None:
    two.inside.languages = FOREIGN
    reviewed = (
        ("pulse.today", f"{WEEK.toordinal()}.0"),
        ("summary.menu", ""),
        ("summary.ready", two.preview(two.ann).hex),
    )
    check_translated(two.show(card, two.ann, about) for card, about in reviewed)
    check_translated([two.show("memories.themes", two.ann, "h"), two.show("memories.ask", two.ann)])


def test_our_cards_are_all_known() -> None:
    assert len(OURS) == 26
    assert {"summary.page", "summary.picture", "memories.page", "memories.entry"} <= NUDGED


@pytest.mark.parametrize(
    ("card", "about"),
    [
        ("summary.page", f"{SOME_ID}.12"),
        ("summary.picture", SOME_ID),
        ("memories.page", "m202612.12"),
        ("memories.entry", f"{SOME_ID}.m202612.12"),
    ],
)
def test_an_open_button_fits_for_whatever_comes_as_a_nudge(card: str, about: str) -> None:
    assert len(pack(OpenCard(card, about))) <= LONGEST


# -- what overlaps, in a sentence


@pytest.mark.parametrize(
    ("anns", "bens", "said"),
    [
        ("3324", "3325", ["For both of you the room was about right.", "You both wanted more closeness."]),
        ("2433", "1544", ["You both wanted more room.", "For both of you the closeness was about right."]),
        ("4252", "5341", ["You both wanted less room.", "You both wanted a little less closeness."]),
        ("2424", "4242", ["You wanted different things this week, and both are on the page."]),
        ("2424", "4224", ["You both wanted more closeness."]),
    ],
)
def test_what_overlaps_is_said(two: Two, anns: str, bens: str, said: list[str]) -> None:
    two.taps_the_pulse(two.ann, anns)
    two.taps_the_pulse(two.ben, bens)
    two.approve(pulse=True)
    card = two.show("summary.picture", two.ann, two.page().hex)
    assert isinstance(card, Card)
    assert isinstance(card.picture, Balance)
    assert card.text.unescape().replace("</tg-spoiler>", "").endswith("\n\n" + "\n".join(said))
    assert card.picture.rows[0][0].title == "You: room"
    assert card.picture.rows[0][1].title == "Ben: room"
    mirrored = two.show("summary.picture", two.ben, two.page().hex)
    assert isinstance(mirrored, Card)
    assert isinstance(mirrored.picture, Balance)
    assert mirrored.picture.rows[1][1].title == "Ann: closeness"
    assert mirrored.picture.rows[0][0].now == (int(bens[0]),)


def test_moments_name_each_theme_once_and_whatever_was_taken_back_not_at_all(two: Two) -> None:
    two.approve(pulse=False)
    card = two.show("summary.picture", two.ann, two.page().hex)
    assert isinstance(card, Card)
    assert isinstance(card.picture, Moments)
    assert len(card.picture.moments) == 1
    assert card.picture.moments[0] in card.text
    assert shown_units(card.text) <= LONGEST_CAPTION

    def take_back(session: Session) -> None:
        for answer in session.exec(select(Answer)):
            answer.taken_back = True

    two.post.do(take_back)
    quiet = two.show("summary.picture", two.ann, two.page().hex)
    assert isinstance(quiet, Card)
    assert "A quiet week." in quiet.text


def test_nobody_else_sees_any_of_it(two: Two) -> None:
    two.approve(pulse=False)
    carl = two.post.person("Carl")
    page, preview = two.page().hex, two.preview(two.ann).hex
    strangers = (
        ("summary.page", f"{page}.0"),
        ("summary.picture", page),
        ("summary.withdraw", page),
        ("summary.ready", preview),
        ("summary.preview", f"{preview}.0"),
        ("summary.lines", preview),
    )
    for card, about in strangers:
        assert isinstance(two.show(card, carl, about), Gone), card
    for card, about in strangers[3:]:
        assert isinstance(two.show(card, two.ben, about), Gone), card
    answer = two.post.do(
        lambda session: session.exec(select(Answer.id).where(Answer.person_id == two.ann.person_id)).one()
    )
    assert isinstance(two.show("memories.kept_entry", two.ben, f"{answer.hex}.k.0"), Gone)


# -- when somebody is leaving: the key goes first


def test_words_whose_key_is_gone_are_no_longer_shown(two: Two) -> None:
    two.taps_the_pulse(two.ann, "3324")
    two.taps_the_pulse(two.ben, "3324")
    two.approve(pulse=False)
    two.inside.keys.erase(two.ben.person_id)
    for card, about in (("summary.page", f"{two.page().hex}.0"), ("memories.page", "m202603.0")):
        text = shown(two.show(card, two.ann, about)).text
        assert "Your partner" in text
        assert "No longer shown" in text
    assert isinstance(two.show("summary.picture", two.ann, two.page().hex), Card)


# -- pages


def test_blocks_go_on_as_few_pages_as_they_need() -> None:
    blocks = [bold("x" * 1200)] * 5
    found = pages(blocks)
    assert [len(page) for page in found] == [2, 2, 1]
    assert page_at(found, 9) == (2, blocks[:1])
    assert page_at(found, -1)[0] == 0
    assert pages([]) == [[]]
    assert turning(0, 1, OwnWeek) == ()
    assert [button.label for button in turning(1, 3, OwnWeek)[0]] == ["‹", "›"]


def test_the_longest_answers_fit_on_their_pages(two: Two) -> None:
    def lengthen(session: Session) -> None:
        for answer in session.exec(select(Answer)):
            sealing.seal(session, answer, "words_sealed", "&" * LONGEST_ANSWER, owner=answer.person_id)
            session.add(answer)
        for person in session.exec(select(Person)):
            sealing.seal(session, person, "name_sealed", "N" * 64, owner=person.id)
            session.add(person)

    two.post.do(lengthen)
    two.approve(pulse=False)
    first = two.show("summary.page", two.ann, f"{two.page().hex}.0")
    second = two.show("summary.page", two.ann, f"{two.page().hex}.1")
    for card in (first, second, two.show("memories.page", two.ann, "m202603.0")):
        assert isinstance(card, Card)
        assert shown_units(card.text) <= LONGEST_MESSAGE
    assert "›" in shown(first).labels
    assert "‹" in shown(second).labels


def test_views_are_read_as_they_are_written() -> None:
    for view in (View("m", 202603, 2), View("t", 6, 0), View("k", 0, 3), View("f"), View("j", 0, 1), View("h")):
        assert memories.read_view(str(view)) == view


def test_a_summary_of_a_person_alone_is_their_own_week(sqlite_inside: Inside) -> None:
    post = Post(sqlite_inside)
    alone = post.person("Al")
    alone.command("summary")
    alone.tap("My week so far")
    assert "That is a week, too." in alone.last.text
    assert not post.do(lambda session: summary.is_wanted(session, people.person(session, alone.person_id)))
