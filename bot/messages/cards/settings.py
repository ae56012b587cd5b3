"""The settings: one message, edited in place."""

from collections.abc import Mapping, Sequence

from babel import Locale
from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import (
    AskTimes,
    OpenSettings,
    OpenSummary,
    SetDay,
    SetDepth,
    SetLanguage,
    SetProtection,
    SetRhythm,
    SetTheme,
    SetTime,
    SetWeek,
)
from bot.messages.card import Button, Card, Reader, Rows, choice, row
from bot.messages.cards import control
from bot.messages.dates import clock
from bot.messages.i18n import Words
from bot.messages.markup import bold, lines, paragraphs
from bot.practice import preferences, zones
from bot.practice.prompts import DEPTHS, THEMES
from storage.tables import Person

DAILY_HOURS = (7, 8, 9, 12, 13, 17, 18, 19, 20, 21, 22, 23)
WEEKLY_HOURS = (9, 10, 11, 14, 16, 17, 18, 19, 20)


def settings(session: Session, reader: Reader, about: str) -> Card:
    """Everything that can be set, and how it is set now."""
    _ = reader.words
    return Card(
        paragraphs(
            bold(_("Your settings")),
            lines(*as_they_are(_, reader.known)),
            _("Nobody else can see or change these."),
        ),
        (
            row(_open(_("Daily time"), "time"), _open(_("Days"), "days")),
            row(_open(_("Week"), "week"), choice(_("Time zone"), AskTimes(0, 1))),
            row(_open(_("Language"), "language"), _open(_("Depth"), "depth")),
            row(_open(_("Themes"), "themes"), _open(_("Forwarding"), "protection")),
            row(_open(_("Quiet hours"), "quiet"), _open(_("Discreet mode"), "discreet")),
            row(_open(_("Keeping words"), "retention"), _open(_("Blocked people"), "blocks")),
            row(choice(_("Weekly page"), OpenSummary())),
        ),
    )


def as_they_are(words: Words, person: Person) -> Sequence[Markup]:
    """All that is set, a line each."""
    _ = words
    wanted = len(THEMES) - len(preferences.themes_off(person))
    quiet = control.quiet_words(_, person.quiet_from, person.quiet_to)
    return (
        _("Question: {time}, {days}", time=clock(person.daily_minute), days=_days(_, person)),
        _("Week: {day} {time}", day=_weekday(_, person.weekly_day), time=clock(person.weekly_minute)),
        _("Time zone: {place}", place=zones.city(person.zone or "UTC", person.language)),
        _("Language: {language}", language=_own_name(person.language)),
        _("Depth: {depth} of 3", depth=person.depth),
        _("Themes: {wanted} of {all}", wanted=wanted, all=len(THEMES)),
        _("Forwarding of your words: {state}", state=_("not possible") if person.protect else _("possible")),
        _("Quiet hours: {hours}", hours=quiet),
        _("Discreet mode: {state}", state=_("on") if person.discreet else _("off")),
        _("Words kept: {time}", time=control.retention_names(_)[person.retention]),
    )


def time(session: Session, reader: Reader, about: str) -> Card:
    """The hour of the daily question; about "now" if today's was still to come and its new hour has passed."""
    _ = reader.words
    now = reader.known.daily_minute
    hours = [choice(_mark(reader.clock(hour * 60), now == hour * 60), SetTime(hour * 60)) for hour in DAILY_HOURS]
    return Card(
        paragraphs(
            _("Your question comes at {time}.", time=bold(reader.clock(now))),
            _("Today's was still to come, so it comes now.") if about == "now" else None,
            _("Any other time: write /time 19:45"),
        ),
        (*_in_rows(hours, 4), _back(_)),
    )


def days(session: Session, reader: Reader, about: str) -> Card:
    """The days with a question: a rhythm, or single days."""
    _ = reader.words
    person = reader.known
    names = {"every": _("Every day"), "three": _("Three a week"), "weekly": _("Weekly only")}
    rhythms = [(name, person.days == mask) for name, mask in preferences.RHYTHMS.items()]
    single = [_day(_, person, day) for day in range(7)]
    return Card(
        paragraphs(
            bold(_days(_, person)),
            _("Your partner cannot see which days you chose. Two answers can open on days that you both have."),
        ),
        (
            *(row(choice(_mark(names[name], on), SetRhythm(name))) for name, on in rhythms),
            *_in_rows(single, 4),
            _back(_),
        ),
    )


def _day(words: Words, person: Person, day: int) -> Button:
    on = bool(person.days >> day & 1)
    return choice(_mark(_short_weekday(words, day), on), SetDay(day, int(not on)))


def week(session: Session, reader: Reader, about: str) -> Card:
    """The weekday and hour of the weekly occasion."""
    _ = reader.words
    person = reader.known
    at = person.weekly_minute
    weekdays = [choice(_mark(_short_weekday(_, day), day == person.weekly_day), SetWeek(day, at)) for day in range(7)]
    hours = [
        choice(_mark(reader.clock(hour * 60), at == hour * 60), SetWeek(person.weekly_day, hour * 60))
        for hour in WEEKLY_HOURS
    ]
    return Card(
        paragraphs(
            _(
                "Time for a longer talk: {when}.",
                when=bold(_("{day} {time}", day=_weekday(_, person.weekly_day), time=reader.clock(at))),
            ),
            _("Any other time: write /week Sunday 18:00"),
        ),
        (*_in_rows(weekdays, 4), *_in_rows(hours, 3), _back(_)),
    )


def language(session: Session, reader: Reader, about: str) -> Card:
    """The languages that the bot speaks."""
    _ = reader.words
    now = _.language
    spoken = [choice(_mark(_own_name(each), each == now), SetLanguage(each)) for each in reader.languages]
    back = (_back(_),) if reader.known.ready else ()
    return Card(_("Which language shall I write in?"), (*_in_rows(spoken, 2), *back))


def depth(session: Session, reader: Reader, about: str) -> Card:
    """How deep questions may go."""
    _ = reader.words
    now = reader.known.depth
    return Card(
        paragraphs(
            lines(
                _("1: light, the small things of a day"),
                _("2: warmer, what moves you"),
                _("3: deep, what is hard to say"),
            ),
            _("Only you know your choice. With a partner, questions never go deeper than either of you wants."),
        ),
        (tuple(choice(_mark(str(each), each == now), SetDepth(each)) for each in DEPTHS), _back(_)),
    )


def themes(session: Session, reader: Reader, about: str) -> Card:
    """The themes of the questions."""
    _ = reader.words
    names = theme_names(_)
    off = preferences.themes_off(reader.known)
    buttons = [choice(_mark(names[theme], theme not in off), SetTheme(theme, int(theme in off))) for theme in THEMES]
    return Card(
        _("Questions take turns through these themes. Tap one to switch it off or on."),
        (*_in_rows(buttons, 2), _back(_)),
    )


def protection(session: Session, reader: Reader, about: str) -> Card:
    """Whether the partner's app lets this person's words be forwarded."""
    _ = reader.words
    on = reader.known.protect
    return Card(
        paragraphs(
            _("Your words cannot be forwarded or saved from your partner's chat with me.")
            if on
            else _("Your words can be forwarded from your partner's chat with me, like any message."),
            _("Nothing can stop a photo of a screen."),
        ),
        (row(choice(_("Allow forwarding") if on else _("Protect my words"), SetProtection(int(not on)))), _back(_)),
    )


# -- words for what is set


def _days(words: Words, person: Person) -> Markup:
    _ = words
    if person.days == preferences.RHYTHMS["every"]:
        return _("every day")
    return Markup(", ").join(_short_weekday(words, day) for day in range(7) if person.days >> day & 1)


def theme_names(words: Words) -> Mapping[str, Markup]:
    """What people call the themes of questions."""
    _ = words
    return {
        "self-awareness": _("Knowing myself"),
        "appreciation": _("Appreciation"),
        "support": _("Support"),
        "vulnerability": _("Openness"),
        "ritual": _("Rituals"),
        "individuality": _("Being oneself"),
        "play": _("Play"),
    }


def _weekday(words: Words, day: int) -> str:
    return str(words.locale.days["stand-alone"]["wide"][day])


def _short_weekday(words: Words, day: int) -> str:
    return str(words.locale.days["stand-alone"]["abbreviated"][day])


def _own_name(language: str) -> str:
    """A language as its speakers call it."""
    locale = Locale.parse(language.replace("-", "_"))
    return locale.get_display_name(locale) or language


# -- buttons


def _mark(label: str, on: bool) -> str:
    return f"✓ {label}" if on else str(label)


def _open(label: str, view: str) -> Button:
    return choice(label, OpenSettings(view))


def _back(words: Words) -> tuple[Button, ...]:
    _ = words
    return row(choice(_("Back"), OpenSettings("menu")))


def _in_rows(buttons: list[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
