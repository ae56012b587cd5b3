"""Pausing, and the settings about what comes in, what is kept and who is blocked."""

from collections.abc import Mapping

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import dates
from bot.messages.buttons import OpenSettings, PauseFor, Resume, SetDiscreet, SetQuiet, SetRetention, Unblock
from bot.messages.card import Button, Card, Reader, Rows, Style, choice, row
from bot.messages.i18n import Words
from bot.messages.markup import bold, one_line, paragraphs
from bot.practice import control, incoming
from storage import pairing as invites
from storage import people
from storage.tables import Person

PAUSES = (1, 3, 7, 14)  # days
HOUR = 60
NIGHTS = ((21, 7), (22, 7), (22, 8), (23, 8), (0, 9))  # hours
MOST_BLOCKS = 20
LONGEST_NAME = 24


def pause(session: Session, reader: Reader, about: str) -> Card:
    """/pause: let nothing come in, or end it."""
    _ = reader.words
    if incoming.is_paused(reader.known, reader.now):
        return _paused(reader)
    days = [choice(_until(reader, each), PauseFor(each)) for each in PAUSES]
    return Card(
        paragraphs(
            _("While you pause, nothing comes in from me or from anybody, and nobody is told."),
            _("Until when? Any other day: write /pause 2026-12-31"),
        ),
        (tuple(days[:2]), tuple(days[2:]), row(choice(_("Until I say so"), PauseFor(0))), _back(_)),
    )


def _paused(reader: Reader) -> Card:
    _ = reader.words
    until = reader.known.paused_until
    state = _("Paused until {day}.", day=bold(reader.day(until))) if until else bold(_("Paused."))
    return Card(
        paragraphs(state, _("Nothing comes in, and nobody is told. You can use everything here meanwhile.")),
        (row(choice(_("End the pause"), Resume(), Style.PRIMARY)), _back(_)),
    )


def resumed(session: Session, reader: Reader, about: str) -> Card:
    """[End the pause] was pressed."""
    _ = reader.words
    return Card(_("The pause has ended. Your next question comes at its time; /today shows where you are."))


def _until(reader: Reader, days: int) -> str:
    day = control.day_after(reader.known, days, reader.now)
    return dates.short_near(reader.words, day)


# -- views of the settings


def quiet(session: Session, reader: Reader, about: str) -> Card:
    """Hours in which nothing comes in."""
    _ = reader.words
    now = (reader.known.quiet_from, reader.known.quiet_to)
    nights = [(start * HOUR, end * HOUR) for start, end in NIGHTS]
    buttons = [choice(_mark(_span(each), now == each), SetQuiet(*each)) for each in nights]
    none = choice(_mark(_("No quiet hours"), now == (None, None)), SetQuiet(0, 0))
    return Card(
        paragraphs(
            _("In your quiet hours nothing comes in; it waits until they end. Only you know of them."),
            _(
                "Also without them, what comes because of your partner makes no sound from {start} to {end}.",
                start=reader.clock(incoming.NIGHT[0]),
                end=reader.clock(incoming.NIGHT[1]),
            ),
        ),
        (*_in_rows(buttons, 2), row(none), _back(_)),
    )


def discreet(session: Session, reader: Reader, about: str) -> Card:
    """Whether every message is announced without its content."""
    _ = reader.words
    on = reader.known.discreet
    return Card(
        paragraphs(
            _("Every message of mine comes as “Something is here for you.” first.")
            if on
            else _("What carries your partner's words comes as “Something is here for you.” first."),
            _("Then the words take its place. A screen that is on still shows them."),
        ),
        (row(choice(_("Usual mode") if on else _("Discreet mode"), SetDiscreet(int(not on)))), _back(_)),
    )


def retention(session: Session, reader: Reader, about: str) -> Card:
    """How long one's own words are kept."""
    _ = reader.words
    now = reader.known.retention
    names = retention_names(_)
    buttons = [choice(_mark(names[days], days == now), SetRetention(days, 0)) for days in control.RETENTIONS]
    return Card(
        paragraphs(
            _("Your own words, shared or kept, are removed after this time: here, and in your partner's chat with me."),
            _("“No longer shown” stands there then."),
        ),
        (*_in_rows(buttons, 2), _back(_)),
    )


def shorter(session: Session, reader: Reader, about: str) -> Card:
    """Asks once before words are removed; `about` is the number of days."""
    _ = reader.words
    days = int(about)
    return Card(
        paragraphs(
            bold(retention_names(_)[days]),
            _("Your older words go within the hour, everywhere. That cannot be undone; /export first keeps a copy."),
        ),
        (
            row(choice(_("Remove older words"), SetRetention(days, 1), Style.DANGER)),
            row(choice(_("Back"), OpenSettings("retention"))),
        ),
    )


def blocks(session: Session, reader: Reader, about: str) -> Card:
    """Whose invites lead nowhere for the reader."""
    _ = reader.words
    found = invites.blocks_of(session, chat_id=reader.known.chat_id, limit=MOST_BLOCKS)
    buttons = [row(choice(_unblock(session, _, person), Unblock(block_id))) for block_id, person in found]
    said = _("Invites from these people lead nowhere for you. They cannot see that.")
    return Card(said if found else _("You have blocked nobody."), (*buttons, _back(_)))


def _unblock(session: Session, words: Words, person: Person | None) -> str:
    _ = words
    name = one_line(people.name(session, person), LONGEST_NAME) if person is not None else ""
    return _("Unblock {name}", name=name).unescape() if name else str(_("Unblock somebody"))


# -- words for what is set


def quiet_words(words: Words, start: int | None, end: int | None) -> Markup | str:
    """The quiet hours in a few words."""
    return words("none") if start is None or end is None else _span((start, end))


def retention_names(words: Words) -> Mapping[int, Markup]:
    """What the times are called."""
    _ = words
    return {0: _("As long as you stay"), 30: _("30 days"), 90: _("90 days"), 365: _("A year")}


def _span(minutes: tuple[int, int]) -> str:
    start, end = map(dates.clock, minutes)
    return f"{start}–{end}"


def _mark(label: str, on: bool) -> str:
    return f"✓ {label}" if on else str(label)


def _back(words: Words) -> tuple[Button, ...]:
    _ = words
    return row(choice(_("Back"), OpenSettings("menu")))


def _in_rows(buttons: list[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
