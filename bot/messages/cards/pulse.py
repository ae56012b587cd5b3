"""The pulse: four taps on one message, and one's own trend as a picture."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import dates
from bot.messages.buttons import ChangePulse, ShowTrend, TapPulse
from bot.messages.card import Button, Card, Gone, Reader, choice, row
from bot.messages.chart import Balance, Panel, is_right_to_left, marks, numerals
from bot.messages.i18n import Words
from bot.messages.markup import bold, italic, lines, paragraphs
from bot.practice import pulse
from bot.practice.pulse import HIGHEST, LOWEST, Week
from storage.pulse import PARTS, Values


def today(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The pulse of a day; `about` is the day's ordinal, and the part that is asked for, PARTS for none."""
    day, _dot, asked = about.partition(".")
    on, part = date.fromordinal(int(day)), int(asked)
    values = pulse.values_on(session, reader.known, on)
    if not pulse.can_change(session, reader.known, on, now=reader.now):
        return _closed(reader, values)
    return _whole(reader, on, values) if part >= PARTS else _asks(reader, on, values, part)


def trend(session: Session, reader: Reader, about: str) -> Card:
    """One's own last weeks, for one's own eyes."""
    _ = reader.words
    weeks = pulse.trend(session, reader.known, now=reader.now)
    if not pulse.is_trend(weeks):
        return Card(_("With a pulse in two different weeks there is a picture here. There is no hurry."))
    caption = paragraphs(_("Your last weeks, for you alone."), _latest(reader, weeks))
    return Card(caption, picture=picture(_, weeks), silent=True)


def picture(words: Words, weeks: Sequence[Week]) -> Balance:
    """The trend as a chart; weeks without a pulse are gaps."""
    _ = words
    values = [week.values or Values() for week in weeks]
    room = Panel(
        _("Room for yourself").unescape(),
        tuple(each.room_now for each in values),
        tuple(each.room_wanted for each in values),
    )
    closeness = Panel(
        _("Closeness").unescape(),
        tuple(each.closeness_now for each in values),
        tuple(each.closeness_wanted for each in values),
    )
    return Balance(
        title=_("Your pulse").unescape(),
        rows=((room,), (closeness,)),
        weeks=tuple(dates.short(_, week.sunday) for week in weeks),
        scale=tuple(marks(_.locale)),
        legend=(_("now").unescape(), _("wanted").unescape()),
        right_to_left=is_right_to_left(_.locale),
    )


def both_needs(words: Words, values: Values) -> Markup:
    """The four values in words."""
    _ = words
    room_now, room_wanted, closeness_now, closeness_wanted = (number(words, each) for each in values.parts)
    return lines(
        _("Room: {now} now, {wanted} wanted", now=room_now, wanted=room_wanted),
        _("Closeness: {now} now, {wanted} wanted", now=closeness_now, wanted=closeness_wanted),
    )


def number(words: Words, value: int | None) -> str:
    """One value as the language writes it; a dash for none."""
    return "–" if value is None else numerals(str(value), words.locale)


def _latest(reader: Reader, weeks: Sequence[Week]) -> Markup:
    last = next(week for week in reversed(weeks) if week.values is not None)
    assert last.values is not None
    _ = reader.words
    return lines(bold(_("Week to {day}", day=dates.short(_, last.sunday))), both_needs(_, last.values))


def _asks(reader: Reader, on: date, values: Values, part: int) -> Card:
    _ = reader.words
    questions = (
        _("How much room for yourself do you have now?"),
        _("How much room for yourself would you like?"),
        _("How much closeness with your partner do you have now?"),
        _("How much closeness with your partner would you like?"),
    )
    set_to = values.parts[part]
    taps = tuple(_value(reader, on, part, value, value == set_to) for value in range(LOWEST, HIGHEST + 1))
    back = (row(choice(_("Back"), ChangePulse(on.toordinal(), part - 1))),) if part else ()
    return Card(
        paragraphs(
            lines(bold(_("Your pulse")), italic(_("For you alone, until you put it on a page."))),
            _so_far(reader, values, part),
            questions[part],
            _("1 is little, 5 is plenty."),
        ),
        (taps, *back),
    )


def _value(reader: Reader, on: date, part: int, value: int, is_set: bool) -> Button:
    label = number(reader.words, value)
    return choice(f"✓ {label}" if is_set else label, TapPulse(on.toordinal(), part, value))


def _so_far(reader: Reader, values: Values, part: int) -> Markup | None:
    """What was tapped before this part."""
    _ = reader.words
    said = (
        _("Room now: {value}", value=number(_, values.room_now)),
        _("Room wanted: {value}", value=number(_, values.room_wanted)),
        _("Closeness now: {value}", value=number(_, values.closeness_now)),
    )
    return lines(*said[:part]) if part else None


def _whole(reader: Reader, on: date, values: Values) -> Card:
    _ = reader.words
    return Card(
        paragraphs(bold(_("Your pulse")), both_needs(_, values), _("You can change it until the day ends.")),
        (row(choice(_("Change"), ChangePulse(on.toordinal(), 0)), choice(_("My trend"), ShowTrend())),),
    )


def _closed(reader: Reader, values: Values) -> Card | Gone:
    """A day that is over, or a pulse on an approved page, stays as it is."""
    _ = reader.words
    if values == Values():
        return Gone()
    return Card(paragraphs(bold(_("Your pulse")), both_needs(_, values)), (row(choice(_("My trend"), ShowTrend())),))
