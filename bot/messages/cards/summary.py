"""/summary, and the private preview of one's own lines."""

from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.buttons import (
    ApprovePreview,
    ChooseLines,
    DecideAnew,
    LookAtPreview,
    OpenPulse,
    OpenSettings,
    OpenSummary,
    OwnWeek,
    RemoveLine,
    SkipPreview,
    SwitchPulseLine,
    SwitchSummary,
    TakeApprovalBack,
    TurnSummary,
)
from bot.messages.card import Button, Card, Gone, Reader, Rows, Style, choice, row
from bot.messages.cards.paging import page_at, pages, turning
from bot.messages.cards.pulse import both_needs
from bot.messages.cards.summary_lines import LABELS, READ
from bot.messages.markup import bold, lines, one_line, paragraphs
from bot.practice import pulse as pulses
from bot.practice import summary, summary_lines
from storage import pulse
from storage import summary as stored
from storage.tables import SummaryPreview

LONGEST_LABEL = 28


def menu(session: Session, reader: Reader, about: str) -> Card:
    """What the summary is, whether it is on, and what there is of it now."""
    _ = reader.words
    on = summary.is_wanted(session, reader.known)
    switch = choice(_("Turn it off"), SwitchSummary(0)) if on else choice(_("Turn it on"), SwitchSummary(1))
    return Card(
        paragraphs(
            bold(_("The weekly page")),
            _(
                "On Sunday evening you look at your own lines, in private. Only if you both approve, one page comes to "
                "both of you. If not, nothing does, and nothing says why."
            ),
            _("Between two people nobody is anonymous. You can withdraw at any moment."),
            _("It is on for you.") if on else _("It is off for you."),
        ),
        (
            row(switch),
            *_of_now(session, reader),
            row(choice(_("My week so far"), OwnWeek(0))),
            row(choice(_("Back"), OpenSettings("menu"))),
        ),
    )


def _of_now(session: Session, reader: Reader) -> Rows:
    """Ways to the preview that is open now, and to the latest page."""
    _ = reader.words
    found: list[tuple[Button, ...]] = []
    if preview := summary.current_preview(session, reader.known, now=reader.now):
        found.append(row(choice(_("This week's lines"), LookAtPreview(preview.id, 0))))
    if page := stored.newest_page(session, person_id=reader.known.id):
        found.append(row(choice(_("The latest page"), TurnSummary(page.id, 0))))
    return tuple(found)


def own(session: Session, reader: Reader, about: str) -> Card:
    """One's own side of this week, for oneself alone; `about` is the page."""
    _ = reader.words
    week = pulses.sunday_of(pulses.today(reader.known, reader.now))
    found = summary_lines.found(session, reader.known.id, week, fresh=False)
    blocks = [READ[source](session, reader, each, True) for source, each in found]
    page, shown = page_at(pages(blocks), int(about))
    tapped = summary.pulse_of_week(session, reader.known.id, week)
    return Card(
        paragraphs(
            lines(bold(_("Your week so far")), _("For you alone.")),
            *shown,
            None if blocks else _("Nothing is open from this week yet. That is a week, too."),
            both_needs(_, pulse.values(session, tapped)) if tapped else None,
        ),
        (*turning(page, len(pages(blocks)), OwnWeek), row(choice(_("Back"), OpenSummary()))),
    )


# -- the preview


def ready(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Comes by itself, so it holds no words that a lock screen could show."""
    _ = reader.words
    found = _own(session, reader, about)
    if found is None:
        return Gone()
    return Card(
        _("Your own lines of this week are here, for you first."),
        (row(choice(_("Look"), LookAtPreview(found.id, 0)), choice(_("Skip this week"), SkipPreview(found.id))),),
    )


def preview(session: Session, reader: Reader, about: str) -> Card | Gone:
    """One's own lines of a week, and what can be decided about them."""
    row_id, _dot, page = about.partition(".")
    found = _own(session, reader, row_id)
    if found is None:
        return Gone()
    shows = {"open": _to_decide, "approved": _approved, "skipped": _skipped}[found.state]
    return shows(session, reader, found, int(page))


def _to_decide(session: Session, reader: Reader, found: SummaryPreview, page: int) -> Card:
    _ = reader.words
    number, shown, count = _lines(session, reader, found, page)
    return Card(
        paragraphs(
            lines(bold(_("Your lines of the week")), _("Only you see this.")),
            *shown,
            None if shown else _("There is nothing of this week on it."),
            _pulse_line(session, reader, found),
            _("If you both approve within 24 hours, the page opens for both. If not, it tells you nothing about why."),
        ),
        (*turning(number, count, lambda to: LookAtPreview(found.id, to)), *_decisions(session, reader, found)),
    )


def _lines(session: Session, reader: Reader, found: SummaryPreview, page: int) -> tuple[int, list[Markup], int]:
    """The lines of one page, its number, and how many pages there are."""
    kept = stored.kept_lines(session, preview_id=found.id)
    all_pages = pages([READ[line.source](session, reader, line.about, True) for line in kept])
    return *page_at(all_pages, page), len(all_pages)


def _pulse_line(session: Session, reader: Reader, found: SummaryPreview) -> Markup:
    _ = reader.words
    row_of_it = pulse.pulse(session, pulse_id=found.pulse_id) if found.pulse_id else None
    if row_of_it is None:
        return _("Your pulse is not on it.")
    return lines(
        _("Your pulse is on it, and opens if theirs is, too:"), both_needs(_, pulse.values(session, row_of_it))
    )


def _decisions(session: Session, reader: Reader, found: SummaryPreview) -> Rows:
    _ = reader.words
    approve = choice(_("Approve"), ApprovePreview(found.id), Style.PRIMARY)
    skip = choice(_("Skip this week"), SkipPreview(found.id))
    remove = row(choice(_("Remove a line"), ChooseLines(found.id)))
    return (
        row(approve, skip) if summary.has_something(session, found) else row(skip),
        *((remove,) if stored.lines_of(session, preview_id=found.id) else ()),
        *_pulse_rows(session, reader, found),
    )


def _pulse_rows(session: Session, reader: Reader, found: SummaryPreview) -> Rows:
    """The pulse on or off; one that is tapped after the Sunday belongs to the next week."""
    _ = reader.words
    if found.pulse_id is not None:
        return (row(choice(_("Take my pulse off"), SwitchPulseLine(found.id, 0))),)
    if summary.pulse_of_week(session, reader.known.id, found.week) is not None:
        return (row(choice(_("Add my pulse"), SwitchPulseLine(found.id, 1))),)
    lasts = pulses.today(reader.known, reader.now) <= found.week
    return (row(choice(_("My pulse"), OpenPulse())),) if lasts else ()


def _approved(session: Session, reader: Reader, found: SummaryPreview, page: int) -> Card:
    """The same whether or not a page has come of it."""
    _ = reader.words
    return Card(
        paragraphs(
            bold(_("Approved.")),
            _("If you both approve within 24 hours, the page opens for both. If not, it tells you nothing about why."),
        ),
        (row(choice(_("Take it back"), TakeApprovalBack(found.id))),),
    )


def _skipped(session: Session, reader: Reader, found: SummaryPreview, page: int) -> Card:
    _ = reader.words
    page_of_it = stored.page_of(session, couple_id=found.couple_id, week=found.week)
    again = page_of_it is None and summary.is_open(session, found, now=reader.now)
    return Card(
        _("Nothing of this week is shown to anybody. Nobody is told."),
        (row(choice(_("Look again"), DecideAnew(found.id))),) if again else (),
    )


def choose_lines(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Which lines stand on the page: a tap takes one off, another puts it back."""
    _ = reader.words
    found = _own(session, reader, about)
    if found is None or found.state != "open":
        return Gone()
    there = stored.lines_of(session, preview_id=found.id)
    taps = [
        row(
            choice(
                _label(session, reader, line.source, line.about, line.removed),
                RemoveLine(line.id, int(not line.removed)),
            )
        )
        for line in there
    ]
    of_both = any(line.source in summary_lines.OF_BOTH for line in there)
    return Card(
        paragraphs(
            _("What is marked stands on the page. Tap a line to take it off, or to put it back."),
            _("An agreement belongs to both of you: one mark, yours or theirs, keeps it on.") if of_both else None,
        ),
        (*taps, row(choice(_("Back"), LookAtPreview(found.id, 0)))),
    )


def _label(session: Session, reader: Reader, source: str, about: UUID, removed: bool) -> str:
    label = one_line(LABELS[source](session, reader, about), LONGEST_LABEL)
    return label if removed else f"✓ {label}"


def _own(session: Session, reader: Reader, row_id: str) -> SummaryPreview | None:
    found = stored.preview(session, preview_id=UUID(row_id))
    return found if found is not None and found.person_id == reader.known.id else None
