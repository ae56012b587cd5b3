"""The weekly page that two approved: who sees it, what both wanted, and how either withdraws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from bot.practice import pulse, showing, summary_lines
from bot.practice.refusals import Closed
from storage import people, summary
from storage import pulse as pulses
from storage.pulse import Values
from storage.tables import Person, Summary, SummaryLine, SummaryPreview

PAGE, PICTURE = "summary.page", "summary.picture"


def card_about(row_id: UUID, page: int = 0) -> str:
    """What a card of several pages is about: an id and a page."""
    return f"{row_id.hex}.{page}"


@dataclass(frozen=True, slots=True)
class Side:
    """One person's own part of a page."""

    person: Person
    preview: SummaryPreview
    lines: Sequence[SummaryLine]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as one of the two sees it."""

    summary: Summary
    mine: Side
    theirs: Side
    of_both: Sequence[SummaryLine]  # once, whoever of the two left it on

    @property
    def lines(self) -> Sequence[SummaryLine]:
        """All lines in their order."""
        return (*self.mine.lines, *self.theirs.lines, *self.of_both)

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
    shared = [line for each in previews for line in _kept(session, each) if line.source in summary_lines.OF_BOTH]
    return Page(found, mine, next(iter(sides.values())), summary_lines.once(session, shared))


def own_page(session: Session, person: Person, summary_id: UUID) -> Page:
    """The same. Refuses: Closed."""
    found = shown_page(session, person.id, summary_id)
    if found is None:
        raise Closed
    return found


def _side(session: Session, preview: SummaryPreview) -> Side:
    own = [line for line in _kept(session, preview) if line.source not in summary_lines.OF_BOTH]
    return Side(people.person(session, preview.person_id), preview, own)


def _kept(session: Session, preview: SummaryPreview) -> Sequence[SummaryLine]:
    return summary.kept_lines(session, preview_id=preview.id)


def withdraw(session: Session, person: Person, summary_id: UUID, *, now: datetime, key: str) -> None:
    """Show a page to nobody any more, text and picture, at any time. Refuses: Closed."""
    page = own_page(session, person, summary_id)
    page.mine.preview.state = "skipped"
    session.flush()
    end_page(session, page.summary, now=now, key=key)


def end_page(session: Session, page: Summary, *, now: datetime, key: str) -> None:
    """Withdraw a page: what is on its way expires, what stands is edited away."""
    page.withdrawn = True
    session.add(page)
    session.flush()
    for person in summary.people_of(session, page):
        for card, shows in ((PAGE, "summary.withdrawn"), (PICTURE, "summary.unshown")):
            showing.hide(session, person, card, page.id.hex, now=now, key=f"{key}:{person.id}", shows=shows)


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
