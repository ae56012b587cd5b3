"""Cards from the first hello to the first question."""

from sqlmodel import Session

from bot.messages.buttons import (
    Agree,
    AskTimes,
    Begin,
    InvitePartner,
    NotNow,
    OpenSettings,
    PickTime,
    PickZone,
    ReadPrivacy,
    StartAlone,
)
from bot.messages.card import Button, Card, Gone, Reader, Rows, Style, choice, row
from bot.messages.markup import bold, paragraphs
from bot.practice import incoming, preferences
from bot.practice.zones import ZoneChoice
from storage import pairing as invites
from storage import people

LIKELY = 6
PAGE = 15


def welcome(session: Session, reader: Reader, about: str) -> Card:
    """What this is."""
    _ = reader.words
    return Card(
        _(
            "Side by Side is for two people who want to be close and keep room for themselves. You choose what is "
            "shared. Nothing opens until you both share. You can leave at any moment."
        ),
        (row(choice(_("Begin"), Begin(), Style.PRIMARY)), row(choice(_("Privacy"), ReadPrivacy()))),
    )


def consent(session: Session, reader: Reader, about: str) -> Card:
    """What is stored, who sees it, and what this is not."""
    _ = reader.words
    return Card(
        paragraphs(
            _("For people of 18 or over."),
            _("I keep your name, language, time zone, settings and answers."),
            _(
                "Your partner sees only what you share, once it opens. Nobody sees what you keep or skip, though they "
                "may guess."
            ),
            _("Telegram and whoever runs this bot could technically read it."),
            _("This is not therapy and not emergency help."),
        ),
        (row(choice(_("I agree"), Agree(), Style.PRIMARY), choice(_("Not now"), NotNow())),),
    )


def not_now(session: Session, reader: Reader, about: str) -> Card:
    """Somebody did not agree."""
    _ = reader.words
    return Card(_("That is fine. /start is there whenever you like."))


def zone(session: Session, reader: Reader, about: str) -> Card:
    """Which time is it? `about` is `<page>:<language of the account>`; page 0 has the likeliest times."""
    _ = reader.words
    moving = int(reader.known.ready)
    page, _colon, language = about.partition(":")
    return Card(
        paragraphs(
            bold(_("What time is it for you now?")),
            _("It helps me write at a good hour; your partner never sees it."),
            _("Or write /zone and a city, or a zone such as Europe/Berlin.")
            if moving
            else _("You can also type a city, or a zone such as Europe/Berlin."),
        ),
        _times(reader, int(page or 0), language, moving) + _back_to_settings(reader, moving),
    )


def _times(reader: Reader, page: int, language: str, moving: int) -> Rows:
    _ = reader.words
    offsets = preferences.offsets_now(reader.now, language or None)
    if page == 0:
        more = choice(_("Another time"), AskTimes(1, moving))
        return (*_in_rows([_time(reader, offset, moving) for offset in offsets[:LIKELY]]), row(more))
    ordered = sorted(offsets, key=lambda offset: preferences.minute_at(offset, reader.now))
    last = (len(ordered) - 1) // PAGE + 1
    page = min(max(page, 1), last)
    shown = ordered[(page - 1) * PAGE : page * PAGE]
    turns = [choice("‹", AskTimes(page - 1, moving))]
    if page < last:
        turns.append(choice("›", AskTimes(page + 1, moving)))
    return (*_in_rows([_time(reader, offset, moving) for offset in shown]), tuple(turns))


def _time(reader: Reader, offset: int, moving: int) -> Button:
    return choice(reader.clock(preferences.minute_at(offset, reader.now)), PickTime(offset, moving))


def city(session: Session, reader: Reader, about: str) -> Card:
    """Which city has the same clock? `about` is `<minutes ahead of UTC>:<language of the account>`."""
    offset, _colon, language = about.partition(":")
    return _which(reader, preferences.places_at(int(offset), language or None, now=reader.now))


def place(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Which place of that name? What was typed is held for the person; `about` is the language of the account."""
    found = preferences.held_places(session, reader.known, about or None)
    return _which(reader, found) if found else Gone()


def _which(reader: Reader, places: list[ZoneChoice]) -> Card:
    _ = reader.words
    moving = int(reader.known.ready)
    buttons = [choice(each.city, PickZone(each.zone, moving)) for each in places[: preferences.MOST_CHOICES]]
    return Card(
        paragraphs(
            _("Which of these has the same time as you, in summer and in winter?"),
            _("If none does, write /zone and a larger city near you."),
        ),
        (*_in_rows(buttons, 2), row(choice(_("Back"), AskTimes(0, moving)))),
    )


def hours(session: Session, reader: Reader, about: str) -> Card:
    """When things will come, said once set-up has what it needs."""
    _ = reader.words
    person = reader.known
    waits = invites.invite_waited_for(session, person_id=person.id, now=reader.now) is not None
    weekday = reader.words.locale.days["stand-alone"]["wide"][person.weekly_day]
    return Card(
        paragraphs(
            _(
                "A question comes every day at {daily}, and once a week, on {weekday} at {weekly}, time for a longer "
                "talk. You can change both whenever you like.",
                daily=bold(reader.clock(person.daily_minute)),
                weekday=weekday,
                weekly=bold(reader.clock(person.weekly_minute)),
            ),
            _("Whoever invited you is asked to confirm that it is you. Meanwhile, here is a first question.")
            if waits
            else _("Here is a first question."),
        ),
        (row(choice(_("Change the time"), OpenSettings("time"))),),
    )


def next_step(session: Session, reader: Reader, about: str) -> Card | Gone:
    """After the first answer: invite, or start alone."""
    _ = reader.words
    if people.open_membership(session, person_id=reader.known.id) is not None:
        return Gone()
    return Card(
        _("This can be done by two, or on your own for as long as you like. An answer that you share waits for both."),
        _start_buttons(reader),
    )


def alone(session: Session, reader: Reader, about: str) -> Card:
    """[Start on my own] was pressed."""
    _ = reader.words
    return Card(
        paragraphs(
            _("Then this is a place for yourself. Your next question comes at its time; /today shows where you are."),
            _("/invite is there if you ever want it."),
        )
    )


def where(session: Session, reader: Reader, about: str) -> Card:
    """Where a person is who has been here before."""
    _ = reader.words
    person = reader.known
    partner = people.partner_of(session, person_id=person.id)
    if partner is not None:
        first = _("You and {name} are linked.", name=people.name(session, partner) or _("your partner"))
    else:
        first = _("You are here on your own.")
    at = person.next_question
    comes = at is not None and not incoming.is_paused(person, at)
    coming = _("Your next question comes on {day}.", day=reader.day(at)) if at is not None and comes else None
    return Card(
        paragraphs(first, coming, _("/today shows your question, /help what else there is.")),
        () if partner is not None else (row(choice(_("Invite my partner"), InvitePartner())),),
    )


def _start_buttons(reader: Reader) -> Rows:
    _ = reader.words
    return (
        row(choice(_("Invite my partner"), InvitePartner(), Style.PRIMARY)),
        row(choice(_("Start on my own"), StartAlone())),
    )


def _back_to_settings(reader: Reader, moving: int) -> Rows:
    _ = reader.words
    return (row(choice(_("Back"), OpenSettings("menu"))),) if moving else ()


def _in_rows(buttons: list[Button], width: int = 3) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
