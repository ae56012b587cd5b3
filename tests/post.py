"""A postman instead of Telegram: people press and write into real handlers, and get what they are owed as cards.

Everything is rows and units; nothing waits for a network, so thousands of steps take seconds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from bot.clock import Clock
from bot.messages import payload
from bot.messages.card import Card
from bot.messages.payload import Payload
from bot.messages.rendering import Rendering
from bot.practice.refusals import Closed
from handlers import BUTTONS, COMMANDS, messages
from handlers.context import Arrived, Context, Toast
from handlers.door import Door, Handler
from schedules import JOBS
from schedules.clock import Job, Ring
from storage import claiming, deliveries, people
from storage.claiming import URGENCIES, Claimed
from storage.deliveries import Standing
from storage.tables import Chat
from tests.inside import LIBRARY, NOON, Inside

T = TypeVar("T")
CLAIMS_LAST = timedelta(seconds=20)


@dataclass(slots=True)
class Shown:
    """One message of the bot in a chat, with every state it had."""

    id: int
    states: list[Card] = field(default_factory=list)
    removed: bool = False

    @property
    def card(self) -> Card:
        return self.states[-1]

    @property
    def text(self) -> str:
        return self.card.text.unescape()

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.card.rows for button in row]

    def button(self, label: str) -> Payload:
        """What stands behind a label."""
        found = [each.payload for row in self.card.rows for each in row if each.label == label]
        assert found, f"no [{label}] in {self.labels}"
        assert found[0] is not None
        return found[0]


class Mailbox:
    """One person's chat."""

    def __init__(self, post: "Post", person_id: UUID, address: int) -> None:
        self.post, self.person_id, self.address = post, person_id, address
        self.shown: dict[int, Shown] = {}
        self.history: list[tuple[int, Card]] = []  # every state of every message, in the order of showing
        self.removals = 0
        self.pressed: list[Payload] = []  # in order; what was refused too, but nothing whose unit was lost
        self.toasts: list[Toast] = []

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        return self.shown[max(self.shown)]

    @property
    def changes(self) -> int:
        """How often the bot has changed this chat."""
        return len(self.history) + self.removals

    def everything(self) -> str:
        """All that this chat ever showed."""
        return "\n".join(state.text.unescape() for message in self.shown.values() for state in message.states)

    def in_sight(self) -> str:
        """All that this chat shows now."""
        return "\n".join(each.text for each in self.shown.values() if not each.removed)

    def offers(self, label: str) -> bool:
        return any(label in message.labels for message in self.shown.values() if not message.removed)

    def newest(self, label: str) -> Shown:
        """The newest message that offers this button."""
        return next(each for each in reversed(self.shown.values()) if label in each.labels and not each.removed)

    def say(self, text: str, *, reply_to: int | None = None) -> int:
        """Write something; gives the message's number."""
        return self.post.arrive(self, messages.words, text=text, reply_to=reply_to)

    def speak(self, voice: str) -> int:
        """Send a voice note."""
        return self.post.arrive(self, messages.words, voice=voice)

    def command(self, name: str, text: str = "") -> None:
        self.post.arrive(self, COMMANDS[name], text=text)

    def tap(self, label: str, *, on: Shown | None = None) -> Shown:
        """Tap a button; gives the message that it stands under."""
        message = on or self.newest(label)
        self.press(message.button(label), on=message.id)
        return message

    def press(self, button: Payload, *, on: int | None = None) -> None:
        """Press whatever was a button once."""
        data = payload.pack(button)

        def handle(context: Context) -> None:
            try:
                known = payload.unpack(data, payload.by_tag(list(BUTTONS)))
            except payload.UnknownButton:
                raise Closed from None
            BUTTONS[type(known)](context, known)

        self.post.arrive(self, handle, pressed=on if on is not None else max(self.shown))
        self.pressed.append(button)


class Post:
    """Takes updates to handlers, and deliveries to mailboxes."""

    def __init__(self, inside: Inside, *, seed: int = 7) -> None:
        self.inside, self.random = inside, Random(seed)
        self.clock = Clock()
        self.clock.move(NOON - self.clock.now())
        self.boxes: dict[int, Mailbox] = {}
        self._number = 0
        self.rendering = Rendering(inside.languages, LIBRARY, self.clock.now)
        self.door = Door(
            units=inside.units,
            clock=self.clock,
            languages=inside.languages,
            library=LIBRARY,
            random=self.random,
            answer=lambda _id, _toast: None,
            leave=lambda _id, _kind: None,
        )

    def box(self, person_id: UUID) -> Mailbox:
        """The chat of somebody who exists."""
        address = self.do(lambda session: claiming.address(session, self._chat(session, person_id)))
        return self.boxes.setdefault(address, Mailbox(self, person_id, address))

    def person(self, name: str, zone: str = "Europe/Berlin") -> Mailbox:
        """Somebody who is set up and has the first question before them."""
        self.inside.now = self.clock.now()
        box = self.box(self.inside.person(name, zone))
        self.deliver()
        return box

    def link(self, inviter: Mailbox, other: Mailbox) -> UUID:
        """Two people become a couple."""
        self.inside.now = self.clock.now()
        couple_id = self.inside.link(inviter.person_id, other.person_id)
        self.deliver()
        return couple_id

    def unlink(self, box: Mailbox, couple_id: UUID, *, tell: bool = False) -> None:
        self.inside.now = self.clock.now()
        self.inside.unlink(box.person_id, couple_id, tell=tell)
        self.deliver()

    def do(self, work: Callable[[Session], T]) -> T:
        """Run one unit."""
        return self.inside.do(work)

    def arrive(
        self,
        box: Mailbox,
        handler: Handler,
        *,
        text: str = "",
        voice: str | None = None,
        reply_to: int | None = None,
        pressed: int | None = None,
    ) -> int:
        """Something comes from a person, and what follows is delivered; gives the number of what came."""
        number = self._next()
        come = Arrived(
            update_id=number,
            telegram_id=box.address,
            text=text,
            voice=voice,
            typed_id=number if pressed is None else None,
            replied_to=reply_to,
            pressed_id=pressed,
            callback_id=str(number) if pressed is not None else None,
        )
        toast = self.do(lambda session: self.door.unit(session, come, handler))
        if toast is not None and pressed is not None:
            box.toasts.append(toast)
        self.deliver()
        return number

    def pass_time(self, **by: float) -> None:
        """Move the clock, ring every job until nothing is left to do, and deliver."""
        self.clock.move(timedelta(**by))
        jobs = [alarm.job for alarm in JOBS]
        while jobs:
            jobs = [job for job, has_more in zip(jobs, self._ring_all(jobs), strict=True) if has_more]
        self.deliver()

    def pass_to(self, at: datetime) -> None:
        """Let time pass until an instant, UTC."""
        self.pass_time(seconds=(at - self.clock.now()).total_seconds())

    def deliver(self) -> None:
        """Take to every chat what is due now."""
        for claimed, message_id, card in self.do(self._deliver_all):
            self._show(claimed, message_id, card)

    def skip_numbers(self, count: int) -> None:
        """As if so many messages had been sent to others."""
        self._number += count

    def _ring_all(self, jobs: Sequence[Job]) -> Sequence[bool]:
        """A unit of each, in order: with one commit, or one after the other where each has its own."""
        units = self.inside.units
        if units.share_commits:
            return [each.result(60) for each in [units.submit(partial(self._ring, job)) for job in jobs]]
        return [self.do(partial(self._ring, job)) for job in jobs]

    def _ring(self, job: Job, session: Session) -> bool:
        return job(Ring(session, self.clock.now(), LIBRARY, self.random))

    def _deliver_all(self, session: Session) -> Sequence[tuple[Claimed, int, Card | None]]:
        """In one unit until nothing is due: each chat gets one message at a time."""
        done: list[tuple[Claimed, int, Card | None]] = []
        while some := self._deliver_some(session):
            done += some
        return done

    def _deliver_some(self, session: Session) -> Sequence[tuple[Claimed, int, Card | None]]:
        now = self.clock.now()
        claimed = claiming.claim(
            session, holder="post", now=now, until=now + CLAIMS_LAST, limit=16, busy=(), urgencies=URGENCIES
        ).found
        self.rendering.prepare(session, claimed)
        return [self._carry(session, one, now) for one in claimed]

    def _carry(self, session: Session, one: Claimed, now: datetime) -> tuple[Claimed, int, Card | None]:
        """One delivery, as the sender treats it; the card is None where nothing is shown."""
        card = self.rendering.card(session, one)
        stale = one.expires is not None and one.expires <= now
        if one.mode == "send" and (stale or not isinstance(card, Card)):
            deliveries.mark_expired(session, one)
            return one, 0, None
        message_id = one.message_id or self._next()
        deliveries.mark_sent(session, Standing(one, message_id, now))
        if one.mode == "delete":
            return one, message_id, None
        return one, message_id, card if isinstance(card, Card) else self.rendering.closed(one)

    def _show(self, claimed: Claimed, message_id: int, card: Card | None) -> None:
        shown = self.boxes[claimed.address].shown
        if card is not None:
            shown.setdefault(message_id, Shown(message_id)).states.append(card)
            self.boxes[claimed.address].history.append((message_id, card))
        elif message_id in shown:
            shown[message_id].removed = True
            self.boxes[claimed.address].removals += 1

    def _next(self) -> int:
        self._number += 1
        return self._number

    @staticmethod
    def _chat(session: Session, person_id: UUID) -> Chat:
        chat = session.get(Chat, people.person(session, person_id).chat_id)
        assert chat is not None
        return chat
