"""The agreement book: what holds, what held, and the review of it."""

from markupsafe import Markup
from sqlmodel import Session

from bot.messages import dates
from bot.messages.buttons import ActOnAgreement, Review, TurnBook
from bot.messages.card import Button, Card, Gone, Reader, Rows, choice, row
from bot.messages.cards.daily import parsed_id
from bot.messages.markup import bold, lines, paragraphs, spoiler
from bot.practice import agreements, reviews, times
from bot.practice.refusals import Refusal
from storage import agreements as stored
from storage import people
from storage.tables import Agreement

ON_A_PAGE = 4
EARLIER = 3  # wordings that are shown beside the present one


def book(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Current and past agreements, a page at a time; `about` is the couple, and the page's number behind a dot."""
    _ = reader.words
    couple_id, _dot, number = about.partition(".")
    membership = people.open_membership(session, person_id=reader.known.id)
    if membership is None or str(membership.couple_id) != couple_id or not number.isdecimal():
        return Gone()
    page = int(number)
    found = stored.of_couple(session, couple_id=membership.couple_id)
    if not found:
        return Card(_("There are no agreements yet. They come out of the weekly conversation: /weekly"), private=True)
    shown = found[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    return Card(
        paragraphs(
            bold(_("Your agreements")), *(_entry(session, reader, each, number) for number, each in enumerate(shown, 1))
        ),
        (_numbers(shown), *_turning(reader, page, len(found))),
        private=True,
    )


def one(session: Session, reader: Reader, about: str) -> Card | Gone:
    """An agreement with its wordings and what can be done about it."""
    found = _own(session, reader, about)
    if found is None:
        return Gone()
    _ = reader.words
    earlier = [
        lines(_("Earlier, from {day}:", day=dates.near(reader.words, since)), spoiler(words))
        for since, words in agreements.history(session, found)[:EARLIER]
    ]
    return Card(
        paragraphs(
            _entry(session, reader, found),
            *earlier,
            _own_wish(session, reader, found),
            _("“End it” is your wish for the review, “End it now” ends it at once.")
            if _is_due(reader, found)
            else None,
        ),
        (*_rows(reader, found), row(choice(_("Back"), TurnBook(0)))),
        private=True,
    )


def review(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Privately: what about this agreement? Gone once it is settled."""
    found = _own(session, reader, about)
    if found is None or not _is_due(reader, found):
        return Gone()
    _ = reader.words
    return Card(
        paragraphs(
            _("An agreement comes up for review. What would you like?"),
            _entry(session, reader, found),
            _own_wish(session, reader, found)
            or _("Only the outcome is told, on the day after: renewed if you both renew, and never who chose what."),
        ),
        (_wishes(reader, found), row(_act(_("Back"), found, "show"))),
        private=True,
    )


def outcome(session: Session, reader: Reader, about: str) -> Card | Gone:
    """What became of an agreement; never why."""
    found = _own(session, reader, about)
    if found is None:
        return Gone()
    _ = reader.words
    if found.state == "ended":
        said = _("An agreement has ended.")
    elif found.agenda:
        said = _("An agreement is on the agenda of your next conversation.")
    else:
        said = _("An agreement is renewed.")
    return Card(paragraphs(said, _entry(session, reader, found)), private=True)


def ask_end(session: Session, reader: Reader, about: str) -> Card | Gone:
    """Asks once before an agreement ends."""
    found = _own(session, reader, about)
    if found is None or found.state == "ended":
        return Gone()
    _ = reader.words
    return Card(
        _("End this agreement now? Your partner reads that it has ended, and nothing else."),
        (row(_act(_("End it now"), found, "end"), _act(_("Back"), found, "show")),),
    )


def _own(session: Session, reader: Reader, about: str) -> Agreement | None:
    agreement_id = parsed_id(about)
    try:
        return agreements.own_agreement(session, reader.known, agreement_id) if agreement_id else None
    except Refusal:
        return None


def _entry(session: Session, reader: Reader, agreement: Agreement, number: int | None = None) -> Markup:
    _ = reader.words
    words = spoiler(agreements.wording(session, agreement))
    text = Markup("{}. {}").format(number, words) if number else words
    if agreement.state == "ended":
        return lines(text, _("ended"))
    review_on = _("On trial until the review on {day}", day=dates.near(reader.words, agreement.review_on))
    return lines(text, review_on, _("on the agenda of your next conversation") if agreement.agenda else None)


def _own_wish(session: Session, reader: Reader, agreement: Agreement) -> Markup | None:
    _ = reader.words
    said = {
        "renew": _("You would like to renew it. Only you see this."),
        "change": _("You would like to change it. Only you see this."),
        "end": _("You would like to let it end. Only you see this."),
    }
    return said.get(reviews.own_wish(session, reader.known, agreement) or "")


def _rows(reader: Reader, agreement: Agreement) -> Rows:
    _ = reader.words
    if agreement.state == "ended":
        return ()
    review_now = (_wishes(reader, agreement),) if _is_due(reader, agreement) else ()
    change = () if agreement.agenda else (_act(_("Talk about a change"), agreement, "change"),)
    return (*review_now, (*change, _act(_("End it now"), agreement, "ask_end")))


def _wishes(reader: Reader, agreement: Agreement) -> tuple[Button, ...]:
    _ = reader.words
    labels = {"renew": _("Renew"), "change": _("Change"), "end": _("End it")}
    return tuple(choice(labels[wish], Review(agreement.id, wish)) for wish in reviews.WISHES)


def _numbers(shown: list[Agreement]) -> tuple[Button, ...]:
    return tuple(_act(str(number), each, "show") for number, each in enumerate(shown, 1))


def _turning(reader: Reader, page: int, count: int) -> Rows:
    turns = [choice("‹", TurnBook(page - 1))] if page else []
    if (page + 1) * ON_A_PAGE < count:
        turns.append(choice("›", TurnBook(page + 1)))
    return (tuple(turns),) if turns else ()


def _act(label: str, agreement: Agreement, act: str) -> Button:
    return choice(label, ActOnAgreement(agreement.id, act))


def _is_due(reader: Reader, agreement: Agreement) -> bool:
    """Whether the agreement is up for review, by the reader's own date."""
    return reviews.is_due(agreement, times.local_date(reader.now, reader.known.zone or "UTC"))
