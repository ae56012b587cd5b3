"""What the bot owes: rows for the sender, and the messages that stand in chats."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, delete, select

from storage.claiming import REPLY, Claimed, release
from storage.rows import change, core, insert_if_new, insert_or_update
from storage.tables import Delivery, Message, Person

FEW = 3  # times that something is sent, if nobody knows whether it arrived
_delivery = core(Delivery)
_SUPERSEDE = (
    update(_delivery)
    .where(
        _delivery.c.chat_id == bindparam("chat"),
        _delivery.c.message_id == bindparam("message"),
        _delivery.c.mode == "edit",
        _delivery.c.state == "waiting",
        _delivery.c.key != bindparam("new"),
    )
    .values(state="expired")
)


def add(session: Session, **values: object) -> bool:
    """Owe a delivery unless one with this key was owed before; tells whether it is new.

    An edit takes the place of those that still wait for the same message: only the last one matters.
    """
    session.info["owes"] = True
    is_new = insert_if_new(session, Delivery, **values)
    if is_new and values.get("mode") == "edit":
        older = {"chat": values["chat_id"], "message": values["message_id"], "new": values["key"]}
        session.connection().execute(_SUPERSEDE, older)
    return is_new


def mark_sent(session: Session, claimed: Claimed, *, message_id: int, now: datetime) -> None:
    """It stands in the chat as `message_id`."""
    _end(session, claimed, "sent", message_id=message_id)
    if claimed.person_id and claimed.mode != "delete":
        insert_or_update(
            session,
            Message,
            ("chat_id", "message_id"),
            id=uuid4(),
            chat_id=claimed.chat_id,
            message_id=message_id,
            person_id=claimed.person_id,
            card=claimed.card,
            about=claimed.about,
            sent_at=now,
        )


def mark_nudged(session: Session, claimed: Claimed, *, nudge_id: int) -> None:
    """The nudge stands; the words are still to be edited in."""
    change(session, Delivery, claimed.id, {"nudge_id": nudge_id})


def mark_expired(session: Session, claimed: Claimed) -> None:
    """There is nothing left to send."""
    _end(session, claimed, "expired")


def mark_failed(session: Session, claimed: Claimed) -> None:
    """Given up; the sender logs it."""
    _end(session, claimed, "failed")


def mark_blocked(session: Session, *, chat_id: UUID) -> None:
    """The chat takes no more messages: cancel what waits and leave the person alone. A claim ends by itself."""
    session.execute(
        update(Delivery)
        .where(col(Delivery.chat_id) == chat_id, col(Delivery.state) == "waiting")
        .values(state="blocked")
    )
    session.execute(update(Person).where(col(Person.chat_id) == chat_id).values(unreachable=True))


def postpone(session: Session, claimed: Claimed, *, due: datetime, surely_unsent: bool) -> None:
    """Try again at `due`; an attempt that surely did not arrive does not count.

    Whoever comes back after the claim has passed to somebody else leaves everything to them.
    """
    if release(session, claimed):
        change(session, Delivery, claimed.id, {"due": due, "attempts": claimed.attempts - surely_unsent})
        session.info["owes"] = True


def send_anew(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """The message to edit is gone: send a new one instead, a few times at most."""
    _forget(session, claimed)
    if release(session, claimed):
        attempts = claimed.attempts if claimed.attempts <= FEW else 1
        anew = {"mode": "send", "message_id": None, "nudge_id": None, "due": now, "attempts": attempts}
        change(session, Delivery, claimed.id, anew)
        session.info["owes"] = True


def let_go(session: Session, claimed: Claimed) -> None:
    """The message to edit is gone, and nobody waits for what it would show."""
    _forget(session, claimed)
    _end(session, claimed, "expired")


def owe_words(session: Session, claimed: Claimed, card: str, about: str, *, now: datetime) -> None:
    """Say what became of a delivery to whom it was for."""
    add(
        session,
        key=f"about:{claimed.id}",
        chat_id=claimed.chat_id,
        person_id=claimed.person_id,
        language=claimed.language,
        card=card,
        about=about,
        urgency=REPLY,
        due=now,
    )


def owe_removal_of(session: Session, claimed: Claimed, *, message_id: int, now: datetime) -> None:
    """Take out of the chat what was sent while it ceased to be allowed."""
    add(
        session,
        key=f"late:{claimed.id}",
        chat_id=claimed.chat_id,
        person_id=claimed.person_id,
        card="common.quiet_removal",
        mode="delete",
        message_id=message_id,
        urgency=REPLY,
        due=now,
    )


def adopt_nudge(session: Session, *, person_id: UUID, card: str, about: str, message_id: int, now: datetime) -> bool:
    """Let a waiting delivery fill the nudge that the person pressed; tells whether one waited."""
    row = session.exec(
        select(Delivery)
        .where(
            Delivery.person_id == person_id, Delivery.card == card, Delivery.about == about, Delivery.state == "waiting"
        )
        .where(col(Delivery.mode) == "send")
        .limit(1)
    ).first()
    if row is None:
        return False
    row.nudge_id, row.due = message_id, now
    session.add(row)
    session.info["owes"] = True
    return True


def standing(session: Session, *, person_id: UUID, card: str, about: str) -> Sequence[int]:
    """The ids of this person's messages that show a card, oldest first."""
    query = (
        select(Message.message_id)
        .where(Message.person_id == person_id, Message.card == card, Message.about == about)
        .order_by(col(Message.message_id))
    )
    return session.exec(query).all()


def prune(session: Session, *, before: datetime, limit: int = 500) -> bool:
    """Drop operational rows and times older than `before`; tells whether more may remain."""
    ended = select(Delivery.id).where(col(Delivery.state) != "waiting", col(Delivery.due) < before).limit(limit)
    ids: Sequence[int | None] = session.exec(ended).all()
    session.execute(delete(Delivery).where(col(Delivery.id).in_(ids)))
    old = session.exec(select(Message.id).where(col(Message.sent_at) < before).limit(limit)).all()
    session.execute(update(Message).where(col(Message.id).in_(old)).values(sent_at=None))
    return len(ids) == limit or len(old) == limit


def _forget(session: Session, claimed: Claimed) -> None:
    """Nothing stands any more where this was to be edited."""
    gone = claimed.nudge_id if claimed.nudge_id is not None else claimed.message_id
    session.execute(delete(Message).where(col(Message.chat_id) == claimed.chat_id, col(Message.message_id) == gone))


def _end(session: Session, claimed: Claimed, state: str, **values: object) -> None:
    change(session, Delivery, claimed.id, {"state": state, **values})
    release(session, claimed)
