"""G3: private words open for both or for neither, never early, whatever two people do with the daily question.

Two people write, decide, change their minds, press old buttons and each other's, part and link again, while time
passes. What they see is checked after every step against what each was told before it.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import count
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session, col, func, select

from bot.messages.buttons import (
    AddToAnswer,
    AnotherQuestion,
    AnswerLater,
    AskRemoveKept,
    AskTakeBack,
    BackToQuestion,
    BackToReveal,
    DropKept,
    EditAnswer,
    KeepAnswer,
    LeaveAnswer,
    NotToday,
    OpenCard,
    PickChoice,
    PlayVoice,
    PutOff,
    React,
    ReadKept,
    RemoveTyped,
    ReplaceAnswer,
    ShareAnswer,
    Stung,
    TakeMineBack,
    UnshareAnswer,
)
from bot.messages.card import Card
from bot.messages.payload import Payload
from bot.practice import times
from storage.tables import Answer, Checkin, Delivery, Occasion, Reveal
from tests.conftest import Place
from tests.inside import Inside
from tests.machines import check_enough, run_machine
from tests.post import Mailbox, Post

WORD = re.compile(r"word\d+of[01]x")  # whose it is stands in the word
ZONES = ("Europe/Berlin", "America/New_York")
EVENING = 20 * 60
PRESSED: tuple[type[Payload], ...] = (
    AddToAnswer,
    AnotherQuestion,
    AnswerLater,
    AskRemoveKept,
    AskTakeBack,
    BackToQuestion,
    BackToReveal,
    DropKept,
    EditAnswer,
    KeepAnswer,
    LeaveAnswer,
    NotToday,
    OpenCard,
    PickChoice,
    PlayVoice,
    PutOff,
    React,
    ReadKept,
    RemoveTyped,
    ReplaceAnswer,
    ShareAnswer,
    Stung,
    TakeMineBack,
    UnshareAnswer,
)
SEEN_BY_THE_OTHER = (ShareAnswer, React, TakeMineBack)  # all that may ever change the partner's chat
LABELS = (
    "Share",
    "Keep for me",
    "Edit",
    "Take back",
    "Another question",
    "Later",
    "Not today",
    "Back",
    "In an hour",
    "Tomorrow",
    "Replace my answer",
    "Add to my answer",
    "Leave it",
    "Remove my message",
    "Thank you",
    "Take mine back",
    "1",
    "Remove",
    "Remove for good",
)
STEPS = (
    *("taps",) * 6,
    *("presses", "writes", "evening_comes", "share") * 3,
    *("come_together", "hours_pass") * 2,
    *("writes_to_an_old_card", "speaks", "asks_where_they_are", "part", "removes_what_was_kept"),
)
sides = st.integers(0, 1)


class TwoPeople(RuleBasedStateMachine):
    """Ann and Ben, from their first question on."""

    def __init__(self, place: Callable[[], Place], done: Counter[str]) -> None:
        super().__init__()
        self.done = done
        self.inside = Inside(place())
        self.post = Post(self.inside)
        self.boxes: list[Mailbox] = []
        self.couple_id: UUID | None = None
        self.numbers = count()
        self.told_shared: list[set[str]] = [set(), set()]  # words that each was told are shared, before this step
        self.own_words: list[set[str]] = [set(), set()]  # words in each one's answers, before this step
        self.seen: list[set[str]] = [set(), set()]  # words of the other that each has seen
        self.looked = [0, 0]  # how much of each history was looked at
        self.answers: list[dict[str, Card]] = [{}, {}]  # what each was told last of each of their answers
        self.reveals: list[dict[UUID, set[int]]] = [{}, {}]  # the messages in which each reveal stood
        self.taken_back: set[UUID] = set()  # the reveals from which somebody took their words back
        self.buttons: dict[Payload, None] = {}

    def teardown(self) -> None:
        self.done["reveals"] += len(self.post.do(opened))
        self.inside.close()

    @initialize(linked=st.booleans())
    def they_come(self, linked: bool) -> None:
        self.boxes = [self.post.person(name, zone) for name, zone in zip(("Ann", "Ben"), ZONES, strict=True)]
        self.look()
        if linked:
            self.they_link()

    # what people do

    def they_link(self) -> None:
        self.note()
        self.couple_id = self.post.link(*self.boxes)
        self.look(sharing=(0, 1))

    @rule(what=st.sampled_from(STEPS), who=sides, number=st.integers(0, 10_000), label=st.sampled_from(LABELS))
    def step(self, what: str, who: int, number: int, label: str) -> None:
        """One rule for all, so that each run can do everything."""
        if what == "taps":
            self.tap(who, label)
        elif what == "presses":
            self.presses(who, number)
        elif what == "share":
            self.both_share(who, (None, label, "Edit", "Take back")[number % 4])
        else:
            getattr(self, what)(who)

    def come_together(self, who: int) -> None:
        if self.couple_id is None:
            self.they_link()

    def part(self, who: int) -> None:
        if self.couple_id is not None:
            self.note()
            self.post.unlink(self.boxes[who], self.couple_id, tell=bool(next(self.numbers) % 2))
            self.couple_id = None
            self.look()

    def both_share(self, first: int, between: str | None) -> None:
        """What the day is for; and something else, just before the second one shares."""
        for who in (first, 1 - first):
            self.writes(who)
            if who != first and between is not None:
                self.tap(first, between)
            self.tap(who, "Share")

    def presses(self, who: int, number: int) -> None:
        """Somebody presses an old button, their own or not."""
        if self.buttons:
            button = list(self.buttons)[number % len(self.buttons)]
            self.act(who, lambda box: box.press(button), button)

    def hours_pass(self, who: int) -> None:
        self.note()
        self.post.pass_time(hours=(1, 5, 26, 49)[next(self.numbers) % 4])
        self.look()

    def evening_comes(self, who: int) -> None:
        now = self.post.clock.now()
        _, at = times.next_occurrence(now, minute=EVENING, days=127, zone=ZONES[who])
        self.note()
        self.post.pass_to(at)
        self.look()

    def writes(self, who: int) -> None:
        self.act(who, lambda box: box.say(self.word(who)))

    def writes_to_an_old_card(self, who: int) -> None:
        old = next((each.id for each in self.boxes[who].shown.values() if "Not today" in each.labels), None)
        self.act(who, lambda box: box.say(self.word(who), reply_to=old))

    def word(self, who: int) -> str:
        return f"word{next(self.numbers)}of{who}x"

    def speaks(self, who: int) -> None:
        self.act(who, lambda box: box.speak(f"voice-{who}"))

    def asks_where_they_are(self, who: int) -> None:
        self.act(who, lambda box: box.command("today"))

    def removes_what_was_kept(self, who: int) -> None:
        self.act(who, lambda box: box.command("memories"))
        for label in ("Kept for me", "1", "Remove", "Remove for good"):
            self.tap(who, label)

    def tap(self, who: int, label: str) -> None:
        """Tap the newest button with this label, if there is one."""
        if self.boxes[who].offers(label):
            message = self.boxes[who].newest(label)
            button = message.button(label)
            self.act(who, lambda box: box.press(button, on=message.id), button)

    # what has to be true of it

    def act(self, who: int, do: Callable[[Mailbox], object], button: Payload | None = None) -> None:
        """Let one person do something; nothing of it reaches the other but what is meant to."""
        self.note()
        before = self.boxes[1 - who].changes
        do(self.boxes[who])
        if isinstance(button, TakeMineBack):
            self.taken_back.add(button.reveal_id)
        if not isinstance(button, SEEN_BY_THE_OTHER):
            assert self.boxes[1 - who].changes == before, f"{button} of one changed the other's chat"
        self.look(sharing=(who,) if isinstance(button, ShareAnswer) else ())

    def note(self) -> None:
        """Before a step: what each was told."""
        self.done["steps"] += 1
        for who in (0, 1):
            cards = self.answers[who].values()
            self.told_shared[who] = {word for each in cards if "Take back" in labels(each) for word in words(each)}
            self.own_words[who] = {word for each in cards for word in words(each)}

    def look(self, sharing: tuple[int, ...] = ()) -> None:
        """After a step: whoever sees new words of the other sees what both had shared."""
        new = [self.read(who) - self.seen[who] for who in (0, 1)]
        for who in (0, 1):
            self.seen[who] |= new[who]
            allowed = self.told_shared[1 - who] | (self.own_words[1 - who] if 1 - who in sharing else set())
            assert new[who] <= allowed, f"private words were seen by {who}: {new[who] - allowed}\n{self.told()}"
        if any(new):
            assert sharing, "something opened although nobody shared"
            assert self.couple_id is not None, "something opened between people who are not linked"

    def read(self, who: int) -> set[str]:
        """Look at what is new in a chat; the other's words in it."""
        theirs = set()
        for message_id, card in self.boxes[who].history[self.looked[who] :]:
            theirs |= {word for word in words(card) if word.endswith(f"of{1 - who}x")}
            found = [each.payload for row in card.rows for each in row]
            self.buttons |= {each: None for each in found if isinstance(each, PRESSED)}
            if {"Edit", "Take back"} & labels(card):
                self.answers[who][question_of(card)] = card
            for checkin_id in {each.checkin_id for each in found if isinstance(each, NotToday)}:
                self.answers[who].pop(str(EditAnswer(checkin_id)), None)  # asked anew, as the answer was removed
            for reveal_id in {each.reveal_id for each in found if isinstance(each, Stung)}:
                self.reveals[who].setdefault(reveal_id, set()).add(message_id)
        self.looked[who] = len(self.boxes[who].history)
        return theirs

    def told(self) -> str:
        """Both chats in the order in which they changed, for whoever has to find out why."""
        return "\n".join(
            f"{who} {sorted(labels(card))}: {card.text.unescape()!r}"
            for who, box in enumerate(self.boxes)
            for _, card in box.history
        )

    @invariant()
    def all_is_as_it_has_to_be(self) -> None:
        if self.boxes:
            self.post.do(self.check_rows)

    def check_rows(self, session: Session) -> None:
        """What is open is open for both, and what both share in time is open."""
        sent = sendings(session)
        for reveal_id, authors in opened(session):
            assert authors == 2, "a reveal has lost an answer"
            for box, reveals in zip(self.boxes, self.reveals, strict=True):
                assert reveal_id in reveals, "a reveal stands in one chat only"
                for message in map(box.shown.__getitem__, reveals[reveal_id]):
                    is_shown, is_hidden = shows(message.card, reveal_id), "No longer shown" in message.text
                    assert not is_shown or is_hidden == (reveal_id in self.taken_back)
            # what is pruned was sent
            assert sent.get(reveal_id, ["sent", "sent"]) == ["sent", "sent"], "a reveal was not put in both chats once"
        now = self.post.clock.now()
        for couple_id, closes, is_open in shared_pairs(session):
            could_open = couple_id == self.couple_id and closes > now
            assert is_open or not could_open, "both shared, and it did not open"


def words(card: Card) -> list[str]:
    return WORD.findall(card.text.unescape())


def labels(card: Card) -> set[str]:
    return {each.label for row in card.rows for each in row}


def question_of(card: Card) -> str:
    return str(next(each.payload for row in card.rows for each in row if isinstance(each.payload, EditAnswer)))


def shows(card: Card, reveal_id: UUID) -> bool:
    found = (each.payload for row in card.rows for each in row)
    return any(isinstance(each, Stung) and each.reveal_id == reveal_id for each in found)


def opened(session: Session) -> list[tuple[UUID, int]]:
    """Every reveal, and how many answers it has."""
    query = (
        select(col(Reveal.id), func.count(col(Answer.id)))
        .outerjoin(Checkin, col(Checkin.occasion_id) == col(Reveal.occasion_id))
        .outerjoin(Answer, col(Answer.checkin_id) == col(Checkin.id))
        .group_by(col(Reveal.id))
    )
    return list(session.exec(query))


def sendings(session: Session) -> dict[UUID, list[str]]:
    """In what state the messages are that bring each reveal."""
    found: dict[UUID, list[str]] = {}
    query = select(Delivery.key, Delivery.state).where(col(Delivery.key).startswith("reveal:"), Delivery.mode == "send")
    for key, state in session.exec(query):
        found.setdefault(UUID(key.split(":")[1]), []).append(state)
    return found


def shared_pairs(session: Session) -> list[tuple[UUID, datetime, bool]]:
    """Whose both answers are shared and still could open: the couple, when the window closes, whether they opened."""
    query = (
        select(col(Occasion.couple_id), col(Occasion.closes), func.count(col(Reveal.id)))
        .join(Checkin, col(Checkin.occasion_id) == col(Occasion.id))
        .join(Answer, col(Answer.checkin_id) == col(Checkin.id))
        .outerjoin(Reveal, col(Reveal.occasion_id) == col(Occasion.id))
        .where(col(Answer.shared), col(Checkin.closed).is_(False))
        .group_by(col(Occasion.id))
        .having(func.count(col(Answer.id)) == 2)
    )
    return [(couple_id, closes, bool(reveals)) for couple_id, closes, reveals in session.exec(query)]


def run(request: pytest.FixtureRequest, kind: str, *, examples: int, steps: int) -> None:
    done = run_machine(TwoPeople, request, kind, examples=examples, steps=steps)
    check_enough(done, reveals=1 / 8, steps=steps / 2)


def test_words_open_for_both_or_for_neither_on_sqlite(request: pytest.FixtureRequest) -> None:
    run(request, "sqlite", examples=25, steps=80)


def test_words_open_for_both_or_for_neither_on_postgresql(request: pytest.FixtureRequest) -> None:
    run(request, "postgresql", examples=5, steps=80)
