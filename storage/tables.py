"""Every table, each with a word on what its rows mean.

Ids are random and made here, instants are aware UTC, local dates belong to the zone of their person. Words of people
are only ever in `*_sealed` columns (see `storage.sealing`); rows that point at words hold ids.
"""

from datetime import UTC, date, datetime
from re import sub
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, MetaData, TypeDecorator, UniqueConstraint, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
HELD_KIND = "daily.replace"  # of an expectation whose words wait; all others are awaited
AWAITED, HELD = text(f"kind != '{HELD_KIND}'"), text(f"kind = '{HELD_KIND}'")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, on databases with and without zones; a naive one raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, keep UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given where an instant is kept")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back, whatever the database keeps."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(SQLModel):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMING)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy calls it on the class
        """The class name in snake case."""
        return sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Chat(Table, table=True):
    """A private chat with the bot, also of strangers; what the sender claims."""

    __table_args__ = (
        Index(
            "ix_chat_kept",
            "kept_for",
            sqlite_where=text("kept_for IS NOT NULL"),
            postgresql_where=text("kept_for IS NOT NULL"),
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    lookup: bytes = Field(unique=True)  # HMAC of the Telegram id
    address_sealed: bytes  # the Telegram id, under the system's key
    claimed_by: str | None = Field(default=None, max_length=32)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    kept_for: str | None = Field(default=None, max_length=32)  # of several processes, the one that wrote here just now
    kept_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # forgotten within minutes


class Person(Table, table=True):
    """Somebody who agreed to the terms."""

    __table_args__ = (
        Index(
            "ix_person_retention",
            "retention",
            sqlite_where=text("retention > 0"),
            postgresql_where=text("retention > 0"),
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    chat_id: UUID = Field(foreign_key="chat.id", unique=True)
    name_sealed: bytes
    language: str = Field(max_length=16)
    zone: str | None = Field(default=None, max_length=64)
    agreed_on: date  # a UTC date
    ready: bool = False  # has passed set-up
    daily_minute: int = 20 * 60  # of the local day
    days: int = 127  # bit mask of days with a question, Monday = 1
    weekly_day: int = 6  # Monday = 0
    weekly_minute: int = 18 * 60
    depth: int = 2
    themes_off: str = ""  # comma-separated
    protect: bool = False  # partner cannot forward this person's words
    unreachable: bool = False  # blocked the bot
    next_question: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    asked_on: date | None = None  # the newest local date that had its daily question
    start_offered: bool = False  # whether to invite the partner or start alone was asked
    paused: bool = False
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None while paused: until they say so
    quiet_from: int | None = None  # minutes of the local day between which nothing comes in
    quiet_to: int | None = None
    discreet: bool = False  # every message is announced without its content
    retention: int = 0  # days after which their words are removed; 0 keeps them
    rhythm_offered: bool = False
    lighter_offered_on: date | None = None
    patience_told: bool = False
    next_weekly: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    weekly_on: date | None = None  # the newest local date that had its weekly invitation


class Couple(Table, table=True):
    """Two linked persons; its row is what a unit locks."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    linked_on: date
    ended: bool = False


class Membership(Table, table=True):
    """A person's place in a couple; at most one is open per person."""

    __table_args__ = (
        Index(
            "uq_membership_open",
            "person_id",
            unique=True,
            sqlite_where=text("open"),
            postgresql_where=text("open"),
        ),
        Index(
            "ix_membership_tell",
            "tell_at",
            sqlite_where=text("tell_at IS NOT NULL"),
            postgresql_where=text("tell_at IS NOT NULL"),
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    couple_id: UUID = Field(foreign_key="couple.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    open: bool = True
    to_be_told: bool = False  # the other left and this person has not learned it yet
    tell_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # when they are told, unless they learn it before


class Invite(Table, table=True):
    """A single-use link, kept as a hash."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: bytes = Field(unique=True)
    token_sealed: bytes  # for the inviter's own card, under their key
    inviter_id: UUID = Field(foreign_key="person.id", index=True)
    invitee_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    state: str = Field(default="open", max_length=16)  # open, accepted, linked, cancelled, declined, refused, withdrawn
    expires: datetime = Field(sa_type=UtcDateTime, index=True)


class Opening(Table, table=True):
    """A chat that opened an invite's link; goes with the invite."""

    __table_args__ = (UniqueConstraint("chat_id", "invite_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    chat_id: UUID = Field(foreign_key="chat.id")
    invite_id: UUID = Field(foreign_key="invite.id", index=True)
    wanted: bool = False  # accepted; counts as soon as the person is set up


class FailedAttempt(Table, table=True):
    """A bad invite token tried by a chat; pruned after an hour."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    chat_id: UUID = Field(foreign_key="chat.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Block(Table, table=True):
    """Whose invites a chat does not want; chats, since either may be a stranger."""

    __table_args__ = (UniqueConstraint("chat_id", "blocked_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    chat_id: UUID = Field(foreign_key="chat.id")
    blocked_id: UUID = Field(foreign_key="chat.id")


class Occasion(Table, table=True):
    """The prompt that a couple shares on one date."""

    __table_args__ = (UniqueConstraint("couple_id", "kind", "on_date"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    couple_id: UUID = Field(foreign_key="couple.id")
    kind: str = Field(max_length=8)  # first, daily
    on_date: date  # each partner's own local date
    prompt_id: str = Field(max_length=32)
    closes: datetime = Field(sa_type=UtcDateTime)


class Checkin(Table, table=True):
    """One person's daily occasion on one local date; without an occasion it is just for them."""

    __table_args__ = (
        Index(
            "uq_checkin_daily",
            "person_id",
            "on_date",
            unique=True,
            sqlite_where=text("kind = 'daily'"),
            postgresql_where=text("kind = 'daily'"),
        ),
        Index("ix_checkin_person_id_on_date", "person_id", "on_date"),
        Index("ix_checkin_person_id_turn", "person_id", "turn"),
        Index("ix_checkin_open", "closes", sqlite_where=text("NOT closed"), postgresql_where=text("NOT closed")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    kind: str = Field(max_length=8)  # first, daily
    on_date: date
    turn: int = 1  # counts this person's check-ins; the newest has the highest
    occasion_id: UUID | None = Field(default=None, foreign_key="occasion.id", index=True)
    prompt_id: str = Field(max_length=32)
    passed: str = Field(default="", max_length=100)  # comma-separated: what [Another question] replaced
    snoozes: int = 0
    skipped: bool = False
    closes: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the person can no longer change it
    closed: bool = False  # what was not opened by now stays unopened


class Answer(Table, table=True):
    """What a person gave to a check-in: words or a voice note."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    checkin_id: UUID = Field(foreign_key="checkin.id", unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    words_sealed: bytes | None = None
    voice_sealed: bytes | None = None  # Telegram's file id
    shared: bool = False
    decided: bool = False  # [Share] or [Keep for me] was pressed
    taken_back: bool = False
    typed: str = Field(default="", max_length=200)  # comma-separated ids of its messages, while removable


class Reveal(Table, table=True):
    """The committed fact that two shared answers are open for both."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    occasion_id: UUID = Field(foreign_key="occasion.id", unique=True)


class Reaction(Table, table=True):
    """A kind tap under a reveal."""

    __table_args__ = (UniqueConstraint("reveal_id", "person_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    reveal_id: UUID = Field(foreign_key="reveal.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=8)  # heard, thanks, more


class JournalNote(Table, table=True):
    """A private note; in no reveal, summary or partner's export."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    on_date: date
    words_sealed: bytes


# -- the pulse, the weekly summary, memories


class Pulse(Table, table=True):
    """How much room and closeness a person had and wanted on one of their days."""

    __table_args__ = (UniqueConstraint("person_id", "on_date"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    on_date: date  # local
    values_sealed: bytes  # JSON: room now, room wanted, closeness now, closeness wanted; 1 to 5, or null


class SummaryWish(Table, table=True):
    """A person wants a weekly preview; without a row, none comes."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", unique=True)
    next_preview: datetime = Field(sa_type=UtcDateTime, index=True)


class SummaryPreview(Table, table=True):
    """One person's own lines of one week, and what they decided about them; goes when its time is over unopened."""

    __table_args__ = (
        UniqueConstraint("person_id", "week"),
        Index("ix_summary_preview_couple_id_week", "couple_id", "week"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    couple_id: UUID = Field(foreign_key="couple.id")
    week: date  # the Sunday that ends it, in the person's own zone
    closes: datetime = Field(sa_type=UtcDateTime, index=True)
    state: str = Field(default="open", max_length=8)  # open, approved, skipped
    pulse_id: UUID | None = Field(default=None, foreign_key="pulse.id")  # the pulse line, while it is on


class SummaryLine(Table, table=True):
    """A line of a preview: what it is about, never its words."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    preview_id: UUID = Field(foreign_key="summary_preview.id", index=True)
    place: int
    source: str = Field(max_length=16)  # answer; see bot.practice.summary_lines
    about: UUID = Field(index=True)
    removed: bool = False


class Summary(Table, table=True):
    """The committed fact that a week's page is open for both."""

    __table_args__ = (UniqueConstraint("couple_id", "week"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    couple_id: UUID = Field(foreign_key="couple.id")
    week: date
    withdrawn: bool = False


class MemorySearch(Table, table=True):
    """What a person looks for in their own words, and how far the looking has come; at most one each."""

    __table_args__ = (
        Index("ix_memory_search_going_on", "id", sqlite_where=text("NOT done"), postgresql_where=text("NOT done")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", unique=True)
    words_sealed: bytes
    below: int  # check-ins of a lower turn are still to be looked at
    found: str = Field(default="", max_length=2000)  # comma-separated ids of answers, newest first
    done: bool = False


class Conversation(Table, table=True):
    """One week's boundary conversation of a couple."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    couple_id: UUID = Field(foreign_key="couple.id", index=True)
    begins: datetime = Field(sa_type=UtcDateTime)  # when the first of the two was to be invited
    closes: datetime = Field(sa_type=UtcDateTime)  # what is not open by then never opens
    topic: str = Field(max_length=32)  # proposed; each goes on with their own (see Participation)
    opened: bool = False


class Participation(Table, table=True):
    """One person's part in a conversation: where they are in it, and what they look at."""

    __table_args__ = (
        UniqueConstraint("conversation_id", "person_id"),
        Index("ix_participation_person_id_number", "person_id", "number"),
        Index("ix_participation_open", "closes", sqlite_where=text("NOT closed"), postgresql_where=text("NOT closed")),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    person_id: UUID = Field(foreign_key="person.id")
    number: int = 1  # counts this person's weeks
    step: str = Field(default="invited", max_length=12)  # see bot.practice.conversations.STEPS
    topic: str = Field(max_length=32)  # the one this person looks at
    topic_sealed: bytes | None = None  # one in their own words, in its place
    topic_taken_back: bool = False
    passed: str = Field(default="", max_length=32)  # the topic that [Other topic] put aside
    snoozes: int = 0
    closes: datetime = Field(sa_type=UtcDateTime)  # when the person can no longer change anything; their own week
    closed: bool = False


class Appreciation(Table, table=True):
    """What a person thanks their partner for in a conversation."""

    __table_args__ = (UniqueConstraint("conversation_id", "person_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    words_sealed: bytes
    taken_back: bool = False


class Agreement(Table, table=True):
    """What two people agreed on, on trial until its review date; how it was kept is nobody's business."""

    __table_args__ = (Index("ix_agreement_review", "state", "review_on"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    couple_id: UUID = Field(foreign_key="couple.id", index=True)
    state: str = Field(default="current", max_length=8)  # current, ended
    weeks: int  # the length of its trial
    review_on: date  # each reader's own local date
    agenda: bool = False  # a change is to be talked about


class AgreementVersion(Table, table=True):
    """A wording, frozen: both have accepted exactly this. Sealed under the couple's key."""

    __table_args__ = (UniqueConstraint("agreement_id", "number"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    agreement_id: UUID = Field(foreign_key="agreement.id")
    number: int
    since: date  # a UTC date
    words_sealed: bytes


class Acceptance(Table, table=True):
    """That a person accepted a version."""

    __table_args__ = (UniqueConstraint("version_id", "person_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    version_id: UUID = Field(foreign_key="agreement_version.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)


class ReviewWish(Table, table=True):
    """What a person privately wishes for an agreement under review; forgotten with its outcome."""

    __table_args__ = (UniqueConstraint("agreement_id", "person_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    agreement_id: UUID = Field(foreign_key="agreement.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    wish: str = Field(max_length=8)  # renew, change, end; empty for whoever was asked and has said nothing


class BoundaryCard(Table, table=True):
    """A limit, a request, a hope or a decision to take together."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)  # its author
    number: int  # among the author's cards of this conversation
    kind: str = Field(max_length=8)  # limit, request, hope, decision; none as long as its author has not chosen one
    form: str = Field(default="", max_length=8)  # of a limit: will, will_not
    words_sealed: bytes | None = None
    count_on_sealed: bytes | None = None  # of a limit: what the other can count on
    stays_sealed: bytes | None = None  # must stay
    bends_sealed: bytes | None = None  # can bend
    options_sealed: bytes | None = None  # of a decision: a JSON list
    agreement_id: UUID | None = Field(default=None, foreign_key="agreement.id", index=True)  # what a request changes
    shared: bool = False
    decided: bool = False  # [Share] or [Keep for me] was pressed
    taken_back: bool = False
    outcome: str = Field(default="", max_length=12)  # agreed, parked, not_now, read, differently, too, more


class Response(Table, table=True):
    """What is said to a card that is open: a counter-proposal, what was heard, and the answer to that."""

    __table_args__ = (UniqueConstraint("card_id", "number"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    card_id: UUID = Field(foreign_key="boundary_card.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    number: int
    kind: str = Field(max_length=8)  # counter, heard, got_it, almost
    words_sealed: bytes | None = None
    taken_back: bool = False


class PrivateMark(Table, table=True):
    """Which options of a decision a person could live with; nobody else ever sees it."""

    __table_args__ = (UniqueConstraint("card_id", "person_id"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    card_id: UUID = Field(foreign_key="boundary_card.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    options: int = 0  # bit mask
    done: bool = False


class SavedTopic(Table, table=True):
    """What a person wants to come back to in another week."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    words_sealed: bytes


class Delivery(Table, table=True):
    """One message that the bot owes one chat."""

    __table_args__ = (
        Index(
            "ix_delivery_waiting",
            "urgency",
            "due",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_delivery_ended",
            "due",
            sqlite_where=text("state != 'waiting'"),
            postgresql_where=text("state != 'waiting'"),
        ),
        Index(
            "ix_delivery_chat",
            "chat_id",
            "due",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))
    key: str = Field(unique=True, max_length=96)
    chat_id: UUID = Field(foreign_key="chat.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    language: str = Field(default="en", max_length=16)
    card: str = Field(max_length=32)
    about: str = Field(default="", max_length=64)
    mode: str = Field(default="send", max_length=8)  # send, edit, wipe (an edit that may fail), delete
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    nudge_id: int | None = Field(default=None, sa_type=BigInteger)
    urgency: int = 0  # 0 reply, 1 reveal, 2 scheduled
    due: datetime = Field(sa_type=UtcDateTime)
    wanted: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # when it was due, while a pause or quiet holds it
    expires: datetime | None = Field(default=None, sa_type=UtcDateTime)  # not worth sending any more
    state: str = Field(default="waiting", max_length=8)  # waiting, sent, expired, blocked, failed
    attempts: int = 0


class Message(Table, table=True):
    """A message of the bot that stands in a chat, and which card it shows; a stranger's have no person."""

    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        Index("ix_message_shows", "person_id", "card", "about"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    chat_id: UUID = Field(foreign_key="chat.id")
    message_id: int = Field(sa_type=BigInteger)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    card: str = Field(max_length=32)
    about: str = Field(default="", max_length=64)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # pruned after 48 hours


class ProcessedUpdate(Table, table=True):
    """An update whose unit is committed; kept 48 hours."""

    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class ParkedUpdate(Table, table=True):
    """An update that failed three times, by id and without its body."""

    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UtcDateTime)
    failure: str = Field(max_length=64)


class Expectation(Table, table=True):
    """What a person's next typed message would answer, or words of theirs that wait until they say where they belong.

    At most one is awaited per person; words are held for each check-in by themselves, and displaced by nothing.
    """

    __table_args__ = (
        Index("uq_expectation_awaited", "person_id", unique=True, sqlite_where=AWAITED, postgresql_where=AWAITED),
        Index("uq_expectation_held", "person_id", "about", unique=True, sqlite_where=HELD, postgresql_where=HELD),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    kind: str = Field(max_length=24)
    about: str = Field(default="", max_length=64)
    words_sealed: bytes | None = None  # that wait, or the name of a place while the bot asks which one is meant


class BotAccount(Table, table=True):
    """The bot that the people here talk to; one row, from its first start on."""

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    lookup: bytes  # HMAC of its Telegram id


class Lease(Table, table=True):
    """What processes share by time: when updates were last asked for, who may ask, how far the pace is booked."""

    name: str = Field(primary_key=True, max_length=32)
    holder: str = Field(max_length=32)
    until: datetime = Field(sa_type=UtcDateTime)


class Erasure(Table, table=True):
    """A person whose key is gone and whose rows and messages are being removed; goes when that is done."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID  # no foreign key: the person's row goes first
    chat_id: UUID = Field(foreign_key="chat.id", index=True)  # where they were
    phase: str = Field(default="rows", max_length=8)  # rows, partner, own, last
    cursor: UUID | None = None  # the last message that was looked at in this phase


class Export(Table, table=True):
    """A person's wish to take along what is theirs; goes when the file is sent."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", unique=True)
    due: datetime = Field(sa_type=UtcDateTime)  # when to make it, or to try again
    attempts: int = 0
