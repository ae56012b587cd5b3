"""Deleting everything: the key first, then the couple, the rows, and what stands in both chats.

One unit makes it final: afterwards nothing of the person's can be read, and their chat is a stranger's. What follows
are steps that may be interrupted anywhere. A list beside the keys remembers who was erased, so that a restored backup
of the database erases them again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlmodel import Session

from bot.practice import pairing
from bot.practice.owing import overwrite, owe_chat, owe_chat_removal, owe_removal, wipe_chat
from storage import erasing, people
from storage.keys import KeyStore
from storage.tables import Erasure, Message, Person

BATCH = 20  # messages of one chat that are seen to at a time
LISTED = 200
REMOVABLE = timedelta(hours=47)  # of the 48 in which Telegram removes a message, what leaves time to get there
# Cards in a partner's chat that show this person's words or name, and what stands there afterwards: mostly the same,
# made anew without them. A card with a voice note cannot be edited and is removed.
_MADE_ANEW = (
    *("daily.reveal", "pairing.linked", "setup.where", "memories.page", "memories.entry"),
    *("weekly.opening", "weekly.card", "weekly.counter", "weekly.heard"),
    *("agreements.book", "agreements.one", "agreements.review", "agreements.outcome"),
)
SHOWN_TO_PARTNERS: Mapping[str, str] = MappingProxyType(
    {
        **{card: card for card in _MADE_ANEW},
        "summary.page": "summary.withdrawn",
        "summary.picture": "summary.unshown",
    }
)
SPOKEN_TO_PARTNERS = frozenset({"daily.voice"})
ABOUT_INVITES = frozenset({"pairing.invitation", "pairing.confirm"})
# A text cannot take the place of a picture; another picture can.
PICTURED = frozenset({"summary.picture", "summary.unshown", "pulse.trend"})
# Cards that a stranger may be shown: there is nobody's word in them.
WORDLESS = frozenset(
    {
        *("setup.welcome", "setup.consent", "setup.not_now"),
        *("info.help", "info.privacy", "info.safety", "info.left", "safety.help", "safety.countries"),
        *("pairing.invitation", "pairing.declined", "refusal.said"),
        *("common.closed", "common.edited", "common.unknown_command"),
        *("erasing.closing", "erasing.gone", "erasing.blank", "erasing.nothing"),
    }
)


def delete_person(session: Session, person: Person, *, now: datetime, key: str) -> None:
    """Delete everything of a person's, at once and for good; their chat is told when that has happened."""
    chat_id, language = person.chat_id, person.language
    _erase(session, person, now=now, to_clean=True)
    owe_chat(session, chat_id, "erasing.closing", language=language, due=now, key=key)


def replay_list(session: Session, *, after: UUID | None, now: datetime) -> UUID | None:
    """Erase whoever is on the list of the erased and has rows, as in a restored backup; gives where to go on."""
    keys: KeyStore = session.info["keys"]
    listed = keys.erased(after=after, most=LISTED)
    _erase_again(session, listed, now=now)
    return listed[-1][0] if len(listed) == LISTED else None


def replay_unsettled(session: Session, *, now: datetime) -> None:
    """The same for those whose deletion is not known to be done: the unit that began it may have been lost."""
    keys: KeyStore = session.info["keys"]
    _erase_again(session, keys.erased(most=LISTED, unsettled=True), now=now)


def _erase_again(session: Session, listed: Sequence[tuple[UUID, bool]], *, now: datetime) -> None:
    """Whose deletion was cut off is told that it has happened; who was erased long ago is not written to."""
    settled = dict(listed)
    for person in erasing.still_here(session, person_ids=list(settled)):
        if erasing.is_erasing(session, person_id=person.id):
            continue
        if settled[person.id]:
            _erase(session, person, now=now, to_clean=False)
        else:
            delete_person(session, person, now=now, key=f"erased:{person.id}")


def _erase(session: Session, person: Person, *, now: datetime, to_clean: bool) -> None:
    keys: KeyStore = session.info["keys"]
    couples = erasing.couples_of(session, person_id=person.id)
    keys.erase(person.id)
    for couple_id in couples:
        keys.erase(couple_id)
    mine = people.open_membership(session, person_id=person.id)
    if mine is not None:
        pairing.unlink(session, person, mine.couple_id, tell=False, now=now)
    if to_clean:
        _clean_invites(session, person, now=now)
        _remove_typed(session, person, now=now)
    erasing.begin(session, person, to_clean=to_clean)


# -- the steps that follow


def go_on(session: Session, *, now: datetime) -> bool:
    """One step of each erasure; tells whether more can be done right away."""
    return any(_step(session, work, now=now) for work in erasing.under_way(session))


def _step(session: Session, work: Erasure, *, now: datetime) -> bool:
    match work.phase:
        case "rows" | "silent":
            more = erasing.remove_rows(session, person_id=work.person_id)
            if not more:
                _next(session, work, "partner" if work.phase == "rows" else "last")
            return True
        case "partner":
            return _clean_partners(session, work, now=now)
        case "own":
            return _clean_own(session, work, now=now)
        case _:
            return _finish(session, work, now=now)


def _next(session: Session, work: Erasure, phase: str) -> None:
    work.phase, work.cursor = phase, None
    session.info["erases"] = True
    session.add(work)
    session.flush()


def _clean_partners(session: Session, work: Erasure, *, now: datetime) -> bool:
    """See to a batch of messages in the chats of partners; waits while the last batch is on its way."""
    found = erasing.messages_of_partners(
        session,
        person_id=work.person_id,
        cards=(*SHOWN_TO_PARTNERS, *SPOKEN_TO_PARTNERS),
        after=work.cursor,
        limit=BATCH,
    )
    if found and erasing.waiting_in(session, chat_id=found[0].chat_id) >= BATCH:
        return False
    for message in found:
        _clean(session, message, now=now, key=f"erase:{work.id}:{message.id}")
        work.cursor = message.id
    session.add(work)
    if not found:
        _next(session, work, "own")
    return True


def _clean(session: Session, message: Message, *, now: datetime, key: str) -> None:
    assert message.person_id is not None
    reader = people.person(session, message.person_id)
    if message.card in SPOKEN_TO_PARTNERS:
        owe_removal(session, reader, message.message_id, due=now, key=key, quiet=True)
    else:
        shows = SHOWN_TO_PARTNERS[message.card]
        overwrite(session, reader, shows, message.about, message.message_id, due=now, key=key)


def _clean_own(session: Session, work: Erasure, *, now: datetime) -> bool:
    """See to a batch of the bot's messages in the person's own chat; waits as above."""
    if erasing.waiting_in(session, chat_id=work.chat_id) >= BATCH:
        return False
    found = erasing.messages_of(session, person_id=work.person_id, limit=BATCH)
    for message in found:
        _take_away(session, work, message, now=now)
    if not found:
        _next(session, work, "last")
    return True


def _take_away(session: Session, work: Erasure, message: Message, *, now: datetime) -> None:
    """Remove a message while Telegram lets us, which is for 48 hours, else put three words in its place."""
    key = f"erase:{work.id}:{message.id}"
    if message.sent_at is not None and now - message.sent_at < REMOVABLE:
        owe_chat_removal(session, message.chat_id, message.message_id, due=now, key=key, quiet=True)
    else:
        shows = "erasing.blank" if message.card in PICTURED else "erasing.gone"
        wipe_chat(session, message.chat_id, shows, message.message_id, due=now, key=key)
    session.delete(message)
    session.flush()


def _finish(session: Session, work: Erasure, *, now: datetime) -> bool:
    """The person's own row, what was on its way meanwhile, and the chat."""
    if erasing.remove_last_rows(session, person_id=work.person_id):
        return True
    for message in erasing.strays(session, chat_id=work.chat_id, wordless=WORDLESS):
        _take_away(session, work, message, now=now)
    person_id = work.person_id
    done = erasing.leave_chat(session, work, now=now)
    if done:
        keys: KeyStore = session.info["keys"]
        keys.settle(person_id)
        session.info["erases"] = True
    return done


# -- what has to be seen to while the rows are still there


def _clean_invites(session: Session, person: Person, *, now: datetime) -> None:
    """Whoever was invited by this person, or invited them, has their name on a card."""
    about = [str(each) for each in erasing.invites_of(session, person_id=person.id)]
    for message in erasing.messages_about(session, cards=ABOUT_INVITES, about=about):
        if message.chat_id != person.chat_id:
            wipe_chat(
                session,
                message.chat_id,
                message.card,
                message.message_id,
                about=message.about,
                person_id=message.person_id,
                due=now,
                key=f"erase:{person.id}:{message.id}",
            )


def _remove_typed(session: Session, person: Person, *, now: datetime) -> None:
    """The person's own messages, as far as they are known and Telegram lets us."""
    for typed in erasing.typed_of(session, person_id=person.id):
        for message_id in filter(None, typed.split(",")):
            key = f"erase:{person.id}:typed:{message_id}"
            owe_chat_removal(session, person.chat_id, int(message_id), due=now, key=key, quiet=True)
