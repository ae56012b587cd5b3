"""Both people through every order of steps, old buttons, edits, pauses, parting and lost units.

Nothing private is seen early, no limit is ever voted on, no agreement exists that both did not accept in exactly that
wording, and whatever is shown was shared by its author first.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session, select

from bot.messages.buttons import (
    ActOnAgreement,
    ActOnCard,
    ActOnDraft,
    ActOnOpening,
    BeginCard,
    ChangeAgreement,
    MarkOption,
    OpenCard,
    PickSaved,
    PickTopic,
    PutOffWeek,
    Review,
    TakeStep,
    TurnBook,
)
from bot.messages.payload import Payload
from storage import agreements, boundaries
from storage import conversations as weeks
from storage.tables import (
    Acceptance,
    Agreement,
    AgreementVersion,
    Appreciation,
    BoundaryCard,
    Conversation,
    Participation,
    Response,
)
from tests.conftest import Place
from tests.inside import Inside
from tests.machines import check_enough, run_machine
from tests.post import Mailbox
from tests.weeks import Weeks, finish, linked, write

WORD = re.compile(r"word\d+of[01]x")  # whose it is stands in the word
PRESSED: tuple[type[Payload], ...] = (
    ActOnAgreement,
    ActOnCard,
    ActOnDraft,
    ActOnOpening,
    BeginCard,
    ChangeAgreement,
    MarkOption,
    OpenCard,
    PickSaved,
    PickTopic,
    PutOffWeek,
    Review,
    TakeStep,
    TurnBook,
)
# all that may ever change the partner's chat: finishing, and what is said to what is open
REACHES_THE_OTHER = (ActOnCard, ActOnOpening, ActOnAgreement)
TAKES_BACK = ("keep", "edit", "stays", "bends")  # whoever presses one shares that card no more, and has not finished
GOES_ON = ("yes", "alone", "away", "back", "thanks", "go_on")  # nor has whoever takes one of these steps
STEPS = (
    *("presses_newest",) * 6,
    *("presses_old", "writes", "side", "both") * 2,
    *("hours_pass", "week_comes", "asks", "loses_a_unit", "part", "come_together"),
)
SECOND_THOUGHTS = ((), (), ("Take back",), ("Edit",), ("Take back", "Remove", "Remove for good"))
COMMANDS = ("weekly", "agreements", "today", "cancel")
sides = st.integers(0, 1)


class TwoPeople(RuleBasedStateMachine):
    """Ann and Ben, from their first week on."""

    def __init__(self, place: Callable[[], Place], done: Counter[str]) -> None:
        super().__init__()
        self.done = done
        self.inside = Inside(place())
        self.weeks: Weeks | None = None
        self.boxes: list[Mailbox] = []
        self.couple_id: UUID | None = None
        self.numbers = count()
        self.looked = [0, 0]  # how much of each history was looked at
        self.seen: set[str] = set()  # words of the other that somebody has seen
        self.opened: set[UUID] = set()
        self.buttons: dict[Payload, None] = {}

    def teardown(self) -> None:
        if self.boxes:
            self.done["openings"] += self.weeks.post.do(
                lambda s: sum(each.opened for each in s.exec(select(Conversation)))
            )
            self.done["agreements"] += self.weeks.post.do(lambda s: len(s.exec(select(Agreement)).all()))
        self.inside.close()

    @initialize()
    def they_come(self) -> None:
        self.weeks = linked(self.inside)
        self.boxes, self.couple_id = [self.weeks.ann, self.weeks.ben], self.weeks.couple_id
        self.weeks.sunday()
        self.look()

    @rule(what=st.sampled_from(STEPS), who=sides, number=st.integers(0, 10_000))
    def step(self, what: str, who: int, number: int) -> None:
        """One rule for all, so that each run can do everything."""
        self.done["steps"] += 1
        getattr(self, what)(who, number)
        self.look()

    # what people do

    def presses_newest(self, who: int, number: int) -> None:
        found = [button.payload for row in self.boxes[who].last.card.rows for button in row]
        if found and isinstance(found[number % len(found)], PRESSED):
            self.press(who, found[number % len(found)], on=self.boxes[who].last.id)

    def presses_old(self, who: int, number: int) -> None:
        """Somebody presses an old button, their own or not."""
        if self.buttons:
            self.press(who, list(self.buttons)[number % len(self.buttons)])

    def press(self, who: int, button: Payload, on: int | None = None) -> None:
        quiet = not isinstance(button, REACHES_THE_OTHER) and button not in self.finishing(who)
        before = self.boxes[1 - who].changes
        self.boxes[who].press(button, on=on)
        if quiet:
            assert self.boxes[1 - who].changes == before, f"{button} of one changed the other's chat"

    def finishing(self, who: int) -> list[Payload]:
        return [each for each in self.buttons if isinstance(each, TakeStep) and each.step == "finish"]

    def writes(self, who: int, number: int) -> None:
        word = self.word(who)
        texts = (word, f"{word}\na{word}\nb{word}", f"I won't {word}")
        self.boxes[who].say(texts[number % len(texts)])

    def word(self, who: int) -> str:
        return f"word{next(self.numbers)}of{who}x"

    def side(self, who: int, number: int) -> None:
        """The way that it is meant, as far as it goes."""
        box = self.boxes[who]
        box.command("weekly")
        if not {"Yes", "Add another", "Nothing now"} & set(box.last.labels) or len(box.last.labels) > 9:
            return
        word = self.word(who)
        kind, texts = (
            ("Request", [word]),
            ("Limit", [f"I will {word}", f"{who} more"]),
            ("Decide together", [f"{word}\n{who} yes\n{who} no"]),
        )[number % 3]
        cards = self.weeks.post.do(
            lambda s: len(
                s.exec(select(BoundaryCard).where(BoundaryCard.person_id == box.person_id, BoundaryCard.shared)).all()
            )
        )
        if cards % 3 == 0:
            write(box, kind, *texts)
            self.changes_their_mind(who, SECOND_THOUGHTS[number // 3 % len(SECOND_THOUGHTS)])
            finish(box)

    def changes_their_mind(self, who: int, taps: Sequence[str]) -> None:
        """What was just shared is taken back, also to be removed, or not shared while it is edited."""
        box = self.boxes[who]
        if taps:
            box.tap(next(label for label in box.last.labels if label.endswith(": shared")), on=box.last)
            for label in taps:
                self.press(who, box.last.button(label), on=box.last.id)
            box.command("weekly")

    def both(self, who: int, number: int) -> None:
        for each in (who, 1 - who):
            self.side(each, number + each)

    def asks(self, who: int, number: int) -> None:
        self.boxes[who].command(COMMANDS[number % len(COMMANDS)])

    def hours_pass(self, who: int, number: int) -> None:
        self.weeks.post.pass_time(hours=(1, 5, 26, 73)[number % 4])

    def week_comes(self, who: int, number: int) -> None:
        self.weeks.sunday()

    def loses_a_unit(self, who: int, number: int) -> None:
        """The process dies in the middle of a press: nothing of it may stand."""
        if not self.buttons:
            return
        button = list(self.buttons)[number % len(self.buttons)]
        before = [box.changes for box in self.boxes], self.weeks.post.do(everything)
        door = self.weeks.post.door

        class Died(Exception):
            pass

        unit = door.unit

        def dies(*given: object) -> None:
            unit(*given)  # type: ignore[arg-type]
            raise Died

        door.unit = dies  # type: ignore[assignment,method-assign]
        try:
            with pytest.raises(Died):
                self.boxes[who].press(button)
        finally:
            door.unit = unit  # type: ignore[method-assign]
        assert ([box.changes for box in self.boxes], self.weeks.post.do(everything)) == before

    def part(self, who: int, number: int) -> None:
        if self.couple_id is not None and number % 3 == 0:
            self.weeks.post.unlink(self.boxes[who], self.couple_id, tell=bool(number % 2))
            self.couple_id = None

    def come_together(self, who: int, number: int) -> None:
        if self.couple_id is None:
            self.couple_id = self.weeks.post.link(*self.boxes)

    # what has to be true of it

    def look(self) -> None:
        for who, box in enumerate(self.boxes):
            for _, card in box.history[self.looked[who] :]:
                self.seen |= {word for word in WORD.findall(card.text.unescape()) if word.endswith(f"of{1 - who}x")}
                found = (each.payload for row in card.rows for each in row)
                self.buttons |= {each: None for each in found if isinstance(each, PRESSED)}
            self.looked[who] = len(box.history)

    @invariant()
    def all_is_as_it_has_to_be(self) -> None:
        if self.boxes:
            self.weeks.post.do(self.check_rows)

    def check_rows(self, session: Session) -> None:
        """What is seen was opened, what both agreed on is an agreement, and no limit is ever voted on."""
        for conversation in session.exec(select(Conversation).where(Conversation.opened)):
            if conversation.id not in self.opened:
                self.check_will(session, conversation.id)
                self.opened.add(conversation.id)
        assert self.seen <= words_that_are_open(session), "private words were seen"
        gone = words_taken_back(session)
        for who, box in enumerate(self.boxes):
            standing = " ".join(shown.text for shown in box.shown.values() if not shown.removed)
            shown = {word for word in WORD.findall(standing) if word.endswith(f"of{1 - who}x")}
            assert not shown & gone, "what was taken back stands on"
        check_agreements(session)
        limits = session.exec(select(BoundaryCard.outcome).where(BoundaryCard.kind == "limit"))
        assert set(limits) <= {"", "read", "differently"}

    def check_will(self, session: Session, conversation_id: UUID) -> None:
        """What opened just now was meant to, by what each has pressed: both finished, and each shared their cards."""
        for box in self.boxes:
            part = weeks.part_of(session, conversation_id, box.person_id)
            assert part is not None, "it opened before both were invited"
            cards = weeks.cards_of(session, conversation_id=conversation_id, person_id=box.person_id)
            mine, shared, finished = {card.id for card in cards}, set(), False
            for button in box.pressed:
                if isinstance(button, TakeStep) and button.participation_id == part.id:
                    finished = button.step == "finish" or (finished and button.step not in GOES_ON)
                elif isinstance(button, ActOnDraft) and button.card_id in mine:
                    if button.act == "share":
                        shared.add(button.card_id)
                    elif button.act in TAKES_BACK:
                        shared.discard(button.card_id)
                        finished = False
            assert finished, "it opened although one had not finished"
            assert {card.id for card in cards if card.shared} <= shared, "a card opened that its author does not share"


def everything(session: Session) -> list[str]:
    tables = (Conversation, Participation, BoundaryCard, Response, Agreement, AgreementVersion, Acceptance)
    return sorted(str(row) for table in tables for row in session.exec(select(table)))


def words_that_are_open(session: Session) -> set[str]:
    """All that may have been seen: what was shared in conversations that opened, and what was said to it."""
    found: set[str] = set()
    for conversation in session.exec(select(Conversation)):
        if not conversation.opened:
            continue
        for card in session.exec(select(BoundaryCard).where(BoundaryCard.conversation_id == conversation.id)):
            if card.shared:
                for field in ("words", "count_on", "stays", "bends"):
                    found |= set(WORD.findall(boundaries.words_of(session, card, field) or ""))  # type: ignore[arg-type]
                found |= set(WORD.findall(" ".join(boundaries.options_of(session, card))))
            for response in boundaries.responses(session, card_id=card.id):
                if response.words_sealed:
                    found |= set(WORD.findall(boundaries.said(session, response)))
        for part in session.exec(select(Participation).where(Participation.conversation_id == conversation.id)):
            found |= set(WORD.findall(weeks.own_topic(session, part) or ""))
            thanks = weeks.appreciation(session, conversation_id=conversation.id, person_id=part.person_id)
            found |= set(WORD.findall(weeks.thanks_of(session, thanks))) if thanks else set()
    return found


def words_taken_back(session: Session) -> set[str]:
    """All that was taken back after it opened, but what both agreed on."""
    found: set[str] = set()
    for card in session.exec(select(BoundaryCard).where(BoundaryCard.taken_back)):
        found |= set(WORD.findall(boundaries.words_of(session, card) or ""))
    for response in session.exec(select(Response).where(Response.taken_back)):
        found |= set(WORD.findall(boundaries.said(session, response)))
    for part in session.exec(select(Participation).where(Participation.topic_taken_back)):
        found |= set(WORD.findall(weeks.own_topic(session, part) or ""))
    for thanks in session.exec(select(Appreciation).where(Appreciation.taken_back)):
        found |= set(WORD.findall(weeks.thanks_of(session, thanks)))
    for agreement in session.exec(select(Agreement)):
        for version in agreements.versions(session, agreement_id=agreement.id):
            found -= set(WORD.findall(agreements.words_of(session, agreement, version)))
    return found


def check_agreements(session: Session) -> None:
    for agreement in session.exec(select(Agreement)):
        cards = list(session.exec(select(BoundaryCard).where(BoundaryCard.agreement_id == agreement.id)))
        proposed = {words for card in cards for words in wordings(session, card)}
        for version in agreements.versions(session, agreement_id=agreement.id):
            accepted = session.exec(select(Acceptance).where(Acceptance.version_id == version.id)).all()
            assert len({each.person_id for each in accepted}) == 2
            assert agreements.words_of(session, agreement, version) in proposed
        assert all(card.outcome in ("agreed", "") or card.kind == "request" for card in cards)


def wordings(session: Session, card: BoundaryCard) -> list[str]:
    """Every wording of a card that could have been accepted, also one that was taken back after that."""
    words = boundaries.words_of(session, card)
    if words is None:
        return []
    if card.kind == "decision":
        marks = boundaries.marks(session, card_id=card.id)
        assert card.outcome != "agreed" or (len(marks) == 2 and all(mark.done for mark in marks))
        options = boundaries.options_of(session, card)
        return [f"{words}\n{each}" for at, each in enumerate(options) if all(mark.options >> at & 1 for mark in marks)]
    counters = [each for each in boundaries.responses(session, card_id=card.id) if each.kind == "counter"]
    standing = [number for number, each in enumerate(counters) if not each.taken_back]
    said = [boundaries.said(session, each) for each in counters[standing[-1] if standing else 0 :]]
    return said if standing else [words, *said]


def run(request: pytest.FixtureRequest, kind: str, *, examples: int, steps: int) -> None:
    done = run_machine(TwoPeople, request, kind, examples=examples, steps=steps)
    check_enough(done, openings=1 / 4, steps=steps / 2)


def test_every_order_of_steps_on_sqlite(request: pytest.FixtureRequest) -> None:
    run(request, "sqlite", examples=25, steps=40)


def test_every_order_of_steps_on_postgresql(request: pytest.FixtureRequest) -> None:
    run(request, "postgresql", examples=4, steps=40)
