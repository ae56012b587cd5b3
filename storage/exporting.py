"""What a person can take along: every table is either in a section of the export or says why not; a guard looks.

A section is read in chunks, so that no unit takes long: each reader gives the records behind an id, oldest id first.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select

from storage import agreements, boundaries, daily, people, pulse, reveals, sealing, tables
from storage import conversations as weeks
from storage.keys import KeyGone
from storage.reveals import Opened
from storage.rows import insert_if_new
from storage.tables import (
    Agreement,
    Answer,
    Appreciation,
    BoundaryCard,
    Checkin,
    Conversation,
    Export,
    JournalNote,
    Membership,
    Occasion,
    Participation,
    Person,
    Pulse,
    Reveal,
    SavedTopic,
    Table,
)

Record: TypeAlias = dict[str, Any]  # plain JSON; "id" is where to go on, and is left out of the file
Reader: TypeAlias = Callable[[Session, Person, UUID | None, int], list[Record]]

CARD_WORDS: tuple[boundaries.Field, ...] = ("words", "count_on", "stays", "bends")
SETTINGS = (
    *("language", "zone", "agreed_on", "daily_minute", "days", "weekly_day", "weekly_minute", "depth", "themes_off"),
    *("protect", "paused", "paused_until", "quiet_from", "quiet_to", "discreet", "retention"),
)


def settings(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """The name and everything that was set, in one record."""
    if after is not None:
        return []
    found = {name: _plain(getattr(person, name)) for name in SETTINGS}
    return [{"id": person.id, "name": people.name(session, person), **found}]


def answers(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """The questions that were asked, and what was given to each."""
    query = select(Checkin, Answer).outerjoin(Answer, col(Answer.checkin_id) == col(Checkin.id))
    query = _page(query.where(Checkin.person_id == person.id), Checkin, after, limit)
    return [_answered(session, checkin, answer) for checkin, answer in session.exec(query)]


def _answered(session: Session, checkin: Checkin, answer: Answer | None) -> Record:
    return {
        "id": checkin.id,
        "date": _plain(checkin.on_date),
        "prompt": checkin.prompt_id,
        "skipped": checkin.skipped,
        "words": daily.words_of(session, answer) if answer else None,
        "voice": daily.voice_of(session, answer) if answer else None,  # Telegram's file id, later the file
        "shared": bool(answer and answer.shared),
        "taken_back": bool(answer and answer.taken_back),
    }


def opened(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """What opened for two: the partner's part only as far as it is still shown."""
    query = (
        select(Reveal)
        .join(Occasion, col(Occasion.id) == col(Reveal.occasion_id))
        .join(Membership, col(Membership.couple_id) == col(Occasion.couple_id))
        .where(Membership.person_id == person.id)
    )
    found = session.exec(_page(query, Reveal, after, limit))
    views = [reveals.opened(session, reveal_id=reveal.id, person_id=person.id) for reveal in found]
    return [_revealed(session, person, seen) for seen in views if seen is not None]


def _revealed(session: Session, person: Person, seen: Opened) -> Record:
    reveal = seen.reveal
    reactions = reveals.reactions(session, reveal_id=reveal.id)
    mine, theirs = seen.mine, seen.theirs
    return {
        "id": reveal.id,
        "date": _plain(mine.checkin.on_date),
        "prompt": mine.checkin.prompt_id,
        "words": daily.words_of(session, mine.answer),
        "voice_note": mine.answer.voice_sealed is not None,
        "partner_prompt": theirs.checkin.prompt_id if theirs else None,
        "partner_words": _still_shown(session, theirs.answer) if theirs else None,
        "partner_voice_note": bool(theirs and theirs.answer.voice_sealed and not theirs.answer.taken_back),
        "reaction": reactions.get(person.id),
        "partner_reaction": reactions.get(theirs.person.id) if theirs else None,
    }


def _still_shown(session: Session, answer: Answer) -> str | None:
    if answer.taken_back:
        return None
    try:
        return daily.words_of(session, answer)
    except KeyGone:
        return None


def notes(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """Private notes."""
    query = _page(select(JournalNote).where(JournalNote.person_id == person.id), JournalNote, after, limit)
    return [
        {
            "id": note.id,
            "date": _plain(note.on_date),
            "words": sealing.opened(session, note, "words_sealed", owner=person.id),
        }
        for note in session.exec(query)
    ]


def conversations(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """Weekly conversations: one's own words, and the partner's as far as they opened and are still shown."""
    query = select(Participation).where(Participation.person_id == person.id)
    return [_week(session, person, part) for part in session.exec(_page(query, Participation, after, limit))]


def _week(session: Session, person: Person, part: Participation) -> Record:
    week = session.get_one(Conversation, part.conversation_id)
    thanks = weeks.appreciation(session, conversation_id=week.id, person_id=person.id)
    mine = weeks.cards_of(session, conversation_id=week.id, person_id=person.id)
    others = select(BoundaryCard).where(
        BoundaryCard.conversation_id == week.id, BoundaryCard.person_id != person.id, col(BoundaryCard.shared)
    )
    theirs = session.exec(others).all() if week.opened else []
    return {
        "id": part.id,
        "date": _plain(week.begins.date()),
        "topic": weeks.own_topic(session, part) or part.topic,
        "thanks": weeks.thanks_of(session, thanks) if thanks else None,
        "cards": [_card(session, person, card) for card in mine],
        "partner_thanks": _partner_thanks(session, person, week),
        "partner_cards": [found for card in theirs if (found := _card(session, person, card))["words"]],
    }


def _card(session: Session, person: Person, card: BoundaryCard) -> Record:
    """A card; the partner's without what was taken back, and with this person's own responses alone."""
    hidden = card.person_id != person.id and card.taken_back
    said: Record = {}
    with suppress(KeyGone):
        said = {} if hidden else _written(session, card)
    responses = [each for each in boundaries.responses(session, card_id=card.id) if each.person_id == person.id]
    return {
        "kind": card.kind,
        "form": card.form or None,
        **dict.fromkeys((*CARD_WORDS, "options")),
        **said,
        "shared": card.shared,
        "own_responses": [boundaries.said(session, each) for each in responses if each.words_sealed],
    }


def _written(session: Session, card: BoundaryCard) -> Record:
    options = "\n".join(boundaries.options_of(session, card)) if card.options_sealed else None
    return {**{str(name): boundaries.words_of(session, card, name) for name in CARD_WORDS}, "options": options}


def _partner_thanks(session: Session, person: Person, week: Conversation) -> str | None:
    query = select(Appreciation).where(Appreciation.conversation_id == week.id, Appreciation.person_id != person.id)
    thanks = session.exec(query).first()
    if thanks is None or thanks.taken_back or not week.opened:
        return None
    try:
        return weeks.thanks_of(session, thanks)
    except KeyGone:
        return None


def agreed(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """What this person and a partner agreed on, with every wording."""
    query = (
        select(Agreement)
        .join(Membership, col(Membership.couple_id) == col(Agreement.couple_id))
        .where(Membership.person_id == person.id)
    )
    return [
        {
            "id": found.id,
            "date": _plain(found.review_on),
            "state": found.state,
            "wordings": [
                {"since": _plain(each.since), "words": agreements.words_of(session, found, each)}
                for each in agreements.versions(session, agreement_id=found.id)
            ],
        }
        for found in session.exec(_page(query, Agreement, after, limit))
    ]


def topics(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """Topics that were put aside for another week."""
    query = _page(select(SavedTopic).where(SavedTopic.person_id == person.id), SavedTopic, after, limit)
    return [{"id": each.id, "words": weeks.saved_words(session, each)} for each in session.exec(query)]


def pulses(session: Session, person: Person, after: UUID | None, limit: int) -> list[Record]:
    """Room and closeness, now and wanted, day by day."""
    query = _page(select(Pulse).where(Pulse.person_id == person.id), Pulse, after, limit)
    return [
        {"id": row.id, "date": _plain(row.on_date), **asdict(pulse.values(session, row))} for row in session.exec(query)
    ]


SECTIONS: Mapping[str, Reader] = MappingProxyType(
    {"settings": settings, "answers": answers, "opened": opened, "notes": notes, "pulse": pulses}
    | {"conversations": conversations, "agreements": agreed, "topics": topics}
)

# each table: the section that it is in, or why it is in none
EXPORTED: Mapping[type[Table], str] = MappingProxyType(
    {
        tables.Person: "settings",
        tables.Checkin: "answers",
        tables.Answer: "answers",
        tables.Occasion: "opened",
        tables.Reveal: "opened",
        tables.Reaction: "opened",
        tables.JournalNote: "notes",
        tables.Conversation: "conversations",
        tables.Participation: "conversations",
        tables.Appreciation: "conversations",
        tables.BoundaryCard: "conversations",
        tables.Response: "conversations",
        tables.PrivateMark: "not: a tick that nobody sees, until what both ticked is agreed on",
        tables.SavedTopic: "topics",
        tables.Agreement: "agreements",
        tables.AgreementVersion: "agreements",
        tables.Acceptance: "not: both accepted what is in it",
        tables.ReviewWish: "not: forgotten with the outcome",
        tables.Pulse: "pulse",
        tables.SummaryWish: "not: that a weekly page is wanted, until it is turned off",
        tables.SummaryPreview: "not: a choice among answers that are in it",
        tables.SummaryLine: "not: the same",
        tables.Summary: "not: a page made of what opened",
        tables.MemorySearch: "not: what was looked for last",
        tables.Membership: "not: that there was a partner shows in what opened",
        tables.Couple: "not: the same",
        tables.Invite: "not: a link that works once, for 48 hours",
        tables.Opening: "not: the same",
        tables.FailedAttempt: "not: forgotten after an hour",
        tables.Block: "not: it names other people",
        tables.Expectation: "not: words on their way to an answer",
        tables.Chat: "not: the account's address",
        tables.Delivery: "not: messages on their way, for 48 hours",
        tables.Message: "not: numbers of messages",
        tables.ProcessedUpdate: "not: numbers of updates",
        tables.ParkedUpdate: "not: numbers of updates",
        tables.Lease: "not: who polls",
        tables.BotAccount: "not: which bot this is",
        tables.Erasure: "not: for people who are gone",
        tables.Export: "not: this wish",
    }
)


def chunk(session: Session, person: Person, section: str, *, after: UUID | None, limit: int) -> Sequence[Record]:
    """The next records of a section."""
    return SECTIONS[section](session, person, after, limit)


# -- the wish

_NEXT_WISH = (
    select(Export)
    .where(col(Export.due) <= bindparam("now"))
    .order_by(col(Export.due))
    .limit(1)
    .with_for_update(skip_locked=True)
)


def wish(session: Session, *, person_id: UUID, due: datetime) -> bool:
    """Note that a person wants their export; False if they wait for one already."""
    row = Export(person_id=person_id, due=due)
    return insert_if_new(session, Export, id=row.id, person_id=person_id, due=due, attempts=0)


def next_wish(session: Session, *, now: datetime) -> Export | None:
    """The wish that has waited longest."""
    return session.scalars(_NEXT_WISH, {"now": now}).first()


def forget_wish(session: Session, *, export_id: UUID) -> None:
    """It was fulfilled, or cannot be."""
    session.execute(delete(Export).where(col(Export.id) == export_id))


def _page(query: Any, table: type[Any], after: UUID | None, limit: int) -> Any:
    if after is not None:
        query = query.where(col(table.id) > after)
    return query.order_by(col(table.id)).limit(limit)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
