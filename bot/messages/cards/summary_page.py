"""The weekly page that two people approved: its text, its picture, and what stands where it was withdrawn."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import dates
from bot.messages.buttons import AskWithdraw, TurnSummary, WithdrawSummary
from bot.messages.card import Card, Gone, Reader, choice, row
from bot.messages.cards.common import name_of
from bot.messages.cards.paging import page_at, pages, turning
from bot.messages.cards.pulse import number
from bot.messages.cards.summary_lines import READ, THEMES, moment_names
from bot.messages.chart import Balance, Blank, Moments, Panel, is_right_to_left, marks, without_emoji
from bot.messages.markup import bold, italic, lines, one_line, paragraphs, spoiler
from bot.practice import summary_page as practice
from bot.practice.summary_page import Page, SharedWeek, Side, wished
from storage.pulse import Values

LONGEST_NAME = 12  # above half a picture


def page(session: Session, reader: Reader, about: str) -> Card | Gone:
    """What both approved, own lines first and what belongs to both last, page by page."""
    _ = reader.words
    row_id, _dot, wanted = about.partition(".")
    found = practice.shown_page(session, reader.known.id, UUID(row_id))
    if found is None:
        return Gone()
    blocks = [block for side in (found.mine, found.theirs) for block in _part(session, reader, side)]
    blocks += [READ[line.source](session, reader, line.about, False) for line in found.of_both]
    turned, shown = page_at(pages(blocks), int(wanted))
    withdraw = row(choice(_("Withdraw this page"), AskWithdraw(found.summary.id)))
    return Card(
        paragraphs(bold(_title(reader, found)), *shown),
        (*turning(turned, len(pages(blocks)), lambda to: TurnSummary(found.summary.id, to)), withdraw),
        private=True,
        protect=found.is_protected,
    )


def ask_withdraw(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before a page is shown to nobody any more."""
    _ = reader.words
    found = practice.shown_page(session, reader.known.id, UUID(about))
    if found is None:
        return Gone()
    yes = choice(_("Withdraw this page"), WithdrawSummary(found.summary.id))
    return Card(
        _("Withdraw this page? In both of your chats, “No longer shown” will stand in its place."),
        (row(yes, choice(_("Back"), TurnSummary(found.summary.id, 0))),),
        protect=found.is_protected,
    )


def withdrawn(session: Session, reader: Reader, about: str) -> Card:
    """What stands where a page was."""
    _ = reader.words
    return Card(_("No longer shown"))


def unshown(session: Session, reader: Reader, about: str) -> Card:
    """What stands where its picture was: a text cannot take the place of a picture, another picture can."""
    _ = reader.words
    return Card(_("No longer shown"), picture=Blank())


def picture(session: Session, reader: Reader, about: str) -> Card | Gone:
    """The balance of both, if both put their pulse on the page, else the week's moments; the caption says the same."""
    found = practice.shown_page(session, reader.known.id, UUID(about))
    if found is None:
        return Gone()
    weeks = practice.shared_weeks(session, found)
    chart = _balance(session, reader, found, weeks) if weeks else _moments(session, reader, found)
    said = _balance_in_words(session, reader, found, weeks[-1]) if weeks else _moments_in_words(reader, chart)
    return Card(spoiler(said), private=True, protect=found.is_protected, silent=True, picture=chart)


# -- the text


def _part(session: Session, reader: Reader, side: Side) -> list[Markup]:
    """One person's lines; the name stands with the first."""
    read = [READ[line.source](session, reader, line.about, False) for line in side.lines]
    name = italic(name_of(session, reader, side.person))
    return [lines(name, read[0]), *read[1:]] if read else []


def _drawn_name(session: Session, reader: Reader, side: Side) -> str:
    _ = reader.words
    return one_line(without_emoji(name_of(session, reader, side.person)), LONGEST_NAME) or _("Your partner")


def _title(reader: Reader, found: Page) -> str:
    _ = reader.words
    return _("Your week, {days}", days=dates.week_until(_, found.summary.week))


# -- room and closeness


def _balance(session: Session, reader: Reader, found: Page, weeks: Sequence[SharedWeek | date]) -> Balance:
    _ = reader.words
    columns = (
        (_drawn_name(session, reader, found.mine), [_values(week, mine=True) for week in weeks]),
        (_drawn_name(session, reader, found.theirs), [_values(week, mine=False) for week in weeks]),
    )
    room = tuple(
        Panel(
            str(_("{name}: room", name=name).unescape()),
            tuple(each.room_now for each in values),
            tuple(each.room_wanted for each in values),
        )
        for name, values in columns
    )
    closeness = tuple(
        Panel(
            str(_("{name}: closeness", name=name).unescape()),
            tuple(each.closeness_now for each in values),
            tuple(each.closeness_wanted for each in values),
        )
        for name, values in columns
    )
    return Balance(
        title=_("Room and closeness").unescape(),
        rows=(room, closeness),
        weeks=tuple(dates.short(_, week.sunday if isinstance(week, SharedWeek) else week) for week in weeks),
        scale=tuple(marks(_.locale)),
        legend=(_("now").unescape(), _("wanted").unescape()),
        right_to_left=is_right_to_left(_.locale),
    )


def _values(week: SharedWeek | date, *, mine: bool) -> Values:
    if not isinstance(week, SharedWeek):
        return Values()
    return week.mine if mine else week.theirs


def _balance_in_words(session: Session, reader: Reader, found: Page, week: SharedWeek | date) -> Markup:
    """This week's values of both, and what overlaps."""
    assert isinstance(week, SharedWeek)  # the page's own week
    return paragraphs(
        _person_in_words(reader, name_of(session, reader, found.mine.person), week.mine),
        _person_in_words(reader, name_of(session, reader, found.theirs.person), week.theirs),
        overlap(reader, week),
    )


def _person_in_words(reader: Reader, name: str, values: Values) -> Markup:
    _ = reader.words
    room_now, room_wanted, closeness_now, closeness_wanted = (number(_, each) for each in values.parts)
    return lines(
        name,
        _("Room: {now} now, {wanted} wanted", now=room_now, wanted=room_wanted),
        _("Closeness: {now} now, {wanted} wanted", now=closeness_now, wanted=closeness_wanted),
    )


def overlap(reader: Reader, week: SharedWeek) -> Markup:
    """What both wanted alike, in a sentence for each."""
    _ = reader.words
    room = {1: _("You both wanted more room."), 0: _("For both of you the room was about right.")}
    room[-1] = _("You both wanted less room.")
    closeness = {1: _("You both wanted more closeness."), 0: _("For both of you the closeness was about right.")}
    closeness[-1] = _("You both wanted a little less closeness.")
    mine, theirs = week.mine, week.theirs
    said = []
    if wished(mine.room_now, mine.room_wanted) == wished(theirs.room_now, theirs.room_wanted):
        said.append(room[wished(mine.room_now, mine.room_wanted)])
    if wished(mine.closeness_now, mine.closeness_wanted) == wished(theirs.closeness_now, theirs.closeness_wanted):
        said.append(closeness[wished(mine.closeness_now, mine.closeness_wanted)])
    return lines(*said) if said else _("You wanted different things this week, and both are on the page.")


# -- moments


def _moments(session: Session, reader: Reader, found: Page) -> Moments:
    """What the week's lines were about: each theme once, whosever line it was."""
    _ = reader.words
    themes = [THEMES[line.source](session, reader, line.about) for line in found.lines]
    moments = tuple(str(name.unescape()) for theme, name in moment_names(_).items() if theme in themes)
    return Moments(_("Moments of the week").unescape(), moments, is_right_to_left(_.locale))


def _moments_in_words(reader: Reader, chart: Balance | Moments) -> Markup:
    _ = reader.words
    assert isinstance(chart, Moments)
    if not chart.moments:
        return _("A quiet week.")
    return _("Moments of the week: {moments}.", moments=", ".join(chart.moments))
