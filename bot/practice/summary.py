"""The weekly summary: a private preview for each, and one page for both if both approved it; else nothing at all.

A preview belongs to its person's own Sunday and is theirs for 24 hours, whoever of the two was first: nobody can read
from it where the other lives. Whether a page opens is decided by the earlier of the two windows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from bot.practice import pulse, showing, summary_lines, times
from bot.practice.owing import REVEAL, owe
from bot.practice.preferences import check_ready
from bot.practice.refusals import Closed, NotYours
from storage import apart, people, reveals, summary
from storage import pulse as pulses
from storage.pulse import Values
from storage.tables import Person, Pulse, Summary, SummaryLine, SummaryPreview, SummaryWish

SUNDAY = 64
EVENING = 20 * 60
OPEN_FOR = timedelta(hours=24)
LATE = timedelta(hours=3)
AFTER_A_FAILURE = timedelta(minutes=30)
CHUNK = 8
PAGE, PICTURE = "summary.page", "summary.picture"


# -- the standing wish


def is_wanted(session: Session, person: Person) -> bool:
    """Whether the person turned the summary on."""
    return summary.wish(session, person_id=person.id) is not None


def turn_on(session: Session, person: Person, *, now: datetime) -> None:
    """Have a private preview every Sunday evening. Refuses: NotReady."""
    check_ready(person)
    summary.keep_wish(session, person_id=person.id, next_preview=next_evening(person, after=now))


def turn_off(session: Session, person: Person) -> None:
    """Have none; what is before the person now is left as it is, and can be skipped. Refuses: NotReady."""
    check_ready(person)
    summary.forget_wish(session, person_id=person.id)


def next_evening(person: Person, *, after: datetime) -> datetime:
    """The person's next Sunday evening, UTC."""
    return times.next_occurrence(after, minute=EVENING, days=SUNDAY, zone=person.zone or "UTC")[1]


# -- previews as time passes


def send_due(session: Session, *, now: datetime) -> bool:
    """Send a chunk of previews, and plan the next; tells whether more may wait."""
    due = summary.wishes_due(session, now=now, limit=CHUNK)
    people.lock(session, *(wish.person_id for wish in due))
    apart.each(
        session,
        due,
        lambda wish: _take_turn(session, wish, now=now),
        failed=lambda wish: _put_off(session, wish, now),
    )
    return len(due) == CHUNK


def _put_off(session: Session, wish: SummaryWish, now: datetime) -> None:
    """A preview that cannot be made now is tried again, and keeps nobody else waiting."""
    wish.next_preview = now + AFTER_A_FAILURE
    session.add(wish)


def _take_turn(session: Session, wish: SummaryWish, *, now: datetime) -> None:
    session.refresh(wish)
    if wish.next_preview > now:  # somebody else was quicker
        return
    person = people.person(session, wish.person_id)
    week, at = evening_before(person, now)
    in_time = now - wish.next_preview <= LATE and now - at < OPEN_FOR  # whoever flew west has the evening before them
    if in_time and not person.unreachable:
        _send(session, person, week, closes=at + OPEN_FOR, now=now)
    wish.next_preview = next_evening(person, after=now)
    session.add(wish)
    session.flush()


def evening_before(person: Person, now: datetime) -> tuple[date, datetime]:
    """The person's last Sunday evening, where they are now: its date, and its instant (UTC)."""
    zone = person.zone or "UTC"
    today = times.local_date(now, zone)
    week = today - timedelta(days=(today.weekday() + 1) % 7)
    at = times.instant(week, EVENING, zone)
    return (week, at) if at <= now else (week - pulse.WEEK, times.instant(week - pulse.WEEK, EVENING, zone))


def _send(session: Session, person: Person, week: date, *, closes: datetime, now: datetime) -> None:
    couple_id = summary.seeming_couple(session, person_id=person.id)
    if couple_id is None or summary.preview_of(session, person_id=person.id, week=week) is not None:
        return
    lines = summary_lines.found(session, person.id, week, fresh=True)
    preview = summary.add_preview(
        session, person_id=person.id, couple_id=couple_id, week=week, closes=closes, lines=lines
    )
    owe(session, person, "summary.ready", preview.id.hex, due=now, key=f"preview:{preview.id}", expires=closes)


def end_due(session: Session, *, now: datetime) -> bool:
    """Forget a chunk of previews that came to nothing, without a word; tells whether more may wait."""
    due = summary.over(session, now=now, limit=CHUNK)
    people.lock(session, *{preview.person_id for preview in due})
    for preview in due:
        summary.remove_preview(session, preview)
    return len(due) == CHUNK


def card_about(row_id: UUID, page: int = 0) -> str:
    """What a card of several pages is about: an id and a page."""
    return f"{row_id.hex}.{page}"


# -- one's own preview


def own_preview(session: Session, person: Person, preview_id: UUID) -> SummaryPreview:
    """The person's preview, decided or not. Refuses: NotYours."""
    found = summary.preview(session, preview_id=preview_id)
    if found is None or found.person_id != person.id:
        raise NotYours
    return found


def open_preview(
    session: Session, person: Person, preview_id: UUID, *, now: datetime, state: str = "open"
) -> SummaryPreview:
    """The person's preview while it is in this state and can be changed. Refuses: NotYours, Closed."""
    found = own_preview(session, person, preview_id)
    if found.state != state or not is_open(session, found, now=now):
        raise Closed
    return found


def is_open(session: Session, preview: SummaryPreview, *, now: datetime) -> bool:
    """Whether the person can still decide about it, as far as they know of their couple."""
    return now < preview.closes and reveals.seems_linked(
        session, couple_id=preview.couple_id, person_id=preview.person_id
    )


def current_preview(session: Session, person: Person, *, now: datetime) -> SummaryPreview | None:
    """The preview that can be decided about now."""
    found = summary.newest_preview(session, person_id=person.id)
    return found if found is not None and is_open(session, found, now=now) else None


def set_line(session: Session, person: Person, line_id: UUID, *, removed: bool, now: datetime) -> SummaryPreview:
    """Take a line off the page, or put it back. Refuses: NotYours, Closed."""
    line = summary.line(session, line_id=line_id)
    if line is None:
        raise Closed
    preview = open_preview(session, person, line.preview_id, now=now)
    line.removed = removed
    session.add(line)
    session.flush()
    return preview


def set_pulse(session: Session, person: Person, preview_id: UUID, *, on: bool, now: datetime) -> SummaryPreview:
    """Put the week's pulse on the page, or take it off. Refuses: NotYours, Closed."""
    preview = open_preview(session, person, preview_id, now=now)
    found = pulse_of_week(session, person.id, preview.week)
    if on and found is None:
        raise Closed
    preview.pulse_id = found.id if on and found else None
    session.flush()
    return preview


def pulse_of_week(session: Session, person_id: UUID, week: date) -> Pulse | None:
    """The latest whole pulse of the week that ends on this Sunday."""
    first = week - pulse.WEEK + timedelta(days=1)
    rows = pulses.between(session, person_id=person_id, first=first, last=week)
    return next((row for row in reversed(rows) if pulses.values(session, row).is_whole), None)


def kept_lines(session: Session, preview: SummaryPreview) -> list[SummaryLine]:
    """The lines that are to stand on the page."""
    return [line for line in summary.lines_of(session, preview_id=preview.id) if not line.removed]


def has_something(session: Session, preview: SummaryPreview) -> bool:
    """Whether anything of this person would stand on the page."""
    return preview.pulse_id is not None or bool(kept_lines(session, preview))


# -- the decision


def approve(session: Session, person: Person, preview_id: UUID, *, now: datetime) -> None:
    """Approve one's own lines; if both have, the page opens for both. Refuses: NotYours, Closed."""
    preview = open_preview(session, person, preview_id, now=now)
    if not has_something(session, preview):
        raise Closed
    preview.state = "approved"
    session.flush()
    _open_if_both(session, preview, now=now)


def skip(session: Session, person: Person, preview_id: UUID, *, now: datetime) -> None:
    """Not this week; nobody learns of it. Refuses: NotYours, Closed."""
    open_preview(session, person, preview_id, now=now).state = "skipped"
    session.flush()


def look_again(session: Session, person: Person, preview_id: UUID, *, now: datetime) -> None:
    """After [Skip this week], decide anew. Refuses: NotYours, Closed."""
    preview = open_preview(session, person, preview_id, now=now, state="skipped")
    if summary.page_of(session, couple_id=preview.couple_id, week=preview.week) is not None:
        raise Closed
    preview.state = "open"
    session.flush()


def take_back(session: Session, person: Person, preview_id: UUID, *, now: datetime, key: str) -> None:
    """Take one's approval back, at any moment; a page that is open is withdrawn. Refuses: NotYours, Closed."""
    preview = own_preview(session, person, preview_id)
    if preview.state != "approved":
        raise Closed
    preview.state = "skipped"
    session.flush()
    if page := summary.page_of(session, couple_id=preview.couple_id, week=preview.week):
        _withdraw(session, page, now=now, key=key)


def _open_if_both(session: Session, preview: SummaryPreview, *, now: datetime) -> None:
    both = summary.previews_of(session, couple_id=preview.couple_id, week=preview.week)
    if summary.page_of(session, couple_id=preview.couple_id, week=preview.week) is not None or len(both) != 2:
        return
    linked = all(reveals.is_linked(session, couple_id=each.couple_id, person_id=each.person_id) for each in both)
    if linked and all(each.state == "approved" and now < each.closes for each in both):
        _open(session, preview, now=now)


def _open(session: Session, preview: SummaryPreview, *, now: datetime) -> None:
    page = summary.add_page(session, couple_id=preview.couple_id, week=preview.week)
    for person in summary.people_of(session, page):
        key = f"summary:{page.id}:{person.id}"
        owe(session, person, PAGE, card_about(page.id), due=now, key=f"{key}:page", urgency=REVEAL)
        owe(session, person, PICTURE, page.id.hex, due=now, key=f"{key}:picture", urgency=REVEAL)


# -- the page


@dataclass(frozen=True, slots=True)
class Side:
    """One person's part of a page."""

    person: Person
    preview: SummaryPreview
    lines: Sequence[SummaryLine]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as one of the two sees it."""

    summary: Summary
    mine: Side
    theirs: Side

    @property
    def is_protected(self) -> bool:
        """The stricter of the two authors decides."""
        return self.mine.person.protect or self.theirs.person.protect


def shown_page(session: Session, person_id: UUID, summary_id: UUID) -> Page | None:
    """A page for one of its two people, while it is shown; None for everybody else."""
    found = summary.page(session, summary_id=summary_id)
    if found is None or found.withdrawn:
        return None
    previews = summary.previews_of(session, couple_id=found.couple_id, week=found.week)
    sides = {each.person_id: _side(session, each) for each in previews}
    if person_id not in sides or len(sides) != 2:
        return None
    mine = sides.pop(person_id)
    return Page(found, mine, next(iter(sides.values())))


def own_page(session: Session, person: Person, summary_id: UUID) -> Page:
    """The same. Refuses: Closed."""
    found = shown_page(session, person.id, summary_id)
    if found is None:
        raise Closed
    return found


def _side(session: Session, preview: SummaryPreview) -> Side:
    return Side(people.person(session, preview.person_id), preview, kept_lines(session, preview))


def withdraw(session: Session, person: Person, summary_id: UUID, *, now: datetime, key: str) -> None:
    """Show a page to nobody any more, text and picture, at any time. Refuses: Closed."""
    page = own_page(session, person, summary_id)
    page.mine.preview.state = "skipped"
    session.flush()
    _withdraw(session, page.summary, now=now, key=key)


def _withdraw(session: Session, page: Summary, *, now: datetime, key: str) -> None:
    page.withdrawn = True
    session.add(page)
    session.flush()
    for person in summary.people_of(session, page):
        for card, shows in ((PAGE, "summary.withdrawn"), (PICTURE, "summary.unshown")):
            showing.show_anew(session, person, card, page.id.hex, now=now, key=f"{key}:{person.id}", shows=shows)


# -- room and closeness on the page


@dataclass(frozen=True, slots=True)
class SharedWeek:
    """A week in which both put their pulse on the page."""

    sunday: date
    mine: Values
    theirs: Values


def shared_weeks(session: Session, page: Page) -> Sequence[SharedWeek | date]:
    """The weeks up to this page from the first with both pulses, twelve at most, oldest first; a bare date is a gap.

    Nothing if this week's pulses are not both on the page.
    """
    if page.mine.preview.pulse_id is None or page.theirs.preview.pulse_id is None:
        return ()
    until = page.summary.week
    found: dict[date, SharedWeek] = {}
    for week, *pairs in summary.shared_pulses(
        session, couple_id=page.summary.couple_id, until=until, weeks=pulse.MOST_WEEKS
    ):
        if until - week < pulse.MOST_WEEKS * pulse.WEEK:
            by_person = {person_id: _values(session, pulse_id) for person_id, pulse_id in (pairs[:2], pairs[2:])}
            found[week] = SharedWeek(week, by_person[page.mine.person.id], by_person[page.theirs.person.id])
    weeks = (until - min(found)).days // 7
    sundays = (until - back * pulse.WEEK for back in range(weeks, -1, -1))
    return [found.get(sunday, sunday) for sunday in sundays]


def _values(session: Session, pulse_id: UUID) -> Values:
    row = pulses.pulse(session, pulse_id=pulse_id)
    return pulses.values(session, row) if row else Values()


def wished(now: int | None, wanted: int | None) -> int:
    """What somebody would like: 1 for more, 0 for as it is, -1 for less."""
    difference = (wanted or 0) - (now or 0)
    return (difference > 0) - (difference < 0)
