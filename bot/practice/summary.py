"""The weekly summary: a private preview for each, and one page for both if both approved it; else nothing at all.

A preview belongs to its person's own Sunday and is theirs for 24 hours, whoever of the two was first: nobody can read
from it where the other lives. Whether a page opens is decided by the earlier of the two windows.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from bot.practice import pulse, summary_lines, times
from bot.practice.owing import REVEAL, owe
from bot.practice.preferences import check_ready
from bot.practice.refusals import Closed, NotYours
from bot.practice.showing import show_anew
from bot.practice.summary_page import PAGE, PICTURE, card_about, end_page
from storage import apart, people, reveals, summary
from storage import pulse as pulses
from storage.tables import Person, Pulse, SummaryPreview, SummaryWish

SUNDAY = 64
EVENING = 20 * 60
OPEN_FOR = timedelta(hours=24)
LATE = timedelta(hours=3)
AFTER_A_FAILURE = timedelta(minutes=30)
CHUNK = 8


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


def show_pulse(session: Session, person: Person, *, now: datetime, key: str) -> None:
    """Let an undecided preview offer the pulse that was tapped just now."""
    preview = current_preview(session, person, now=now)
    undecided = preview is not None and preview.state == "open"
    if preview is not None and undecided and pulse_of_week(session, person.id, preview.week) is not None:
        show_anew(session, person, "summary.preview", preview.id.hex, now=now, key=key)


def has_something(session: Session, preview: SummaryPreview) -> bool:
    """Whether anything of this person would stand on the page."""
    return preview.pulse_id is not None or bool(summary.kept_lines(session, preview_id=preview.id))


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
        end_page(session, page, now=now, key=key)


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
