"""The agreement book, and the review of what stands in it."""

from bot.messages.buttons import ActOnAgreement, Review, TurnBook
from bot.practice import agreements as book
from bot.practice import pairing, reviews
from bot.practice.refusals import Closed
from handlers.context import Context


def agreements(context: Context) -> None:
    """/agreements."""
    context.send("agreements.book", _page(context, 0))


def turn(context: Context, button: TurnBook) -> None:
    """A page of the book."""
    context.show("agreements.book", _page(context, max(button.page, 0)))


def _page(context: Context, number: int) -> str:
    """What the card of a page is about. Refuses: NotLinked."""
    return f"{pairing.own_membership(context.session, context.person).couple_id}.{number}"


def act(context: Context, button: ActOnAgreement) -> None:
    """Look at an agreement, put it on the agenda, or end it; ending is asked once. Refuses: NotYours, Closed."""
    session, person, agreement_id = context.session, context.person, button.agreement_id
    if button.act == "change":
        book.put_on_agenda(session, person, agreement_id)
    elif button.act == "ask_end":
        book.current_agreement(session, person, agreement_id)
        context.show("agreements.ask_end", agreement_id)
        return
    elif button.act == "end":
        book.end(session, person, agreement_id, now=context.now, key=f"u{context.arrived.update_id}:a")
    elif button.act != "show":
        raise Closed
    book.own_agreement(session, person, agreement_id)
    context.show("agreements.one", agreement_id)


def review(context: Context, button: Review) -> None:
    """[Renew] [Change] [End it], privately."""
    reviews.wish_for(context.session, context.person, button.agreement_id, button.wish, now=context.now)
    context.show("agreements.review", button.agreement_id)
