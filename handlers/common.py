"""Presses that belong to no feature."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.messages.buttons import OpenCard, OpenHere
from bot.messages.cards import NUDGED
from bot.messages.cards.daily import parsed_id
from bot.practice import memories
from bot.practice.refusals import Closed
from handlers.context import Context
from storage import deliveries


def _is_id(about: str) -> bool:
    parsed = parsed_id(about)
    return parsed is not None and str(parsed) == about


def _is_page(about: str) -> bool:
    """An id and the number of a page."""
    found, _dot, page = about.partition(".")
    return _is_hex(found) and _is_number(page)


def _is_book(about: str) -> bool:
    """The id of a couple and the number of a page."""
    found, _dot, page = about.partition(".")
    return _is_id(found) and _is_number(page)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and str(int(text)) == text


def _is_hex(about: str) -> bool:
    parsed = parsed_id(about)
    return parsed is not None and parsed.hex == about


def _is_memory(about: str) -> bool:
    """An id and the view that leads back."""
    found, _dot, view = about.partition(".")
    return _is_hex(found) and memories.is_view(view)


SPELLED: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "agreements.book": _is_book,
        "summary.page": _is_page,
        "summary.picture": _is_hex,
        "memories.page": memories.is_page,
        "memories.entry": _is_memory,
    }
)


def _is_canonical(card: str, about: str) -> bool:
    """Whether it is spelled as we spell it: by another spelling its message would not be found again."""
    return SPELLED.get(card, _is_id)(about)


def fill_nudge(context: Context, button: OpenCard) -> None:
    """[Open]: put the words into this very message, whether or not the sender knows it. Refuses: Closed."""
    if button.card not in NUDGED or not _is_canonical(button.card, button.about):
        raise Closed
    pressed = context.arrived.pressed_id
    waiting = pressed is not None and deliveries.adopt_nudge(
        context.session,
        person_id=context.person.id,
        card=button.card,
        about=button.about,
        message_id=pressed,
        now=context.now,
    )
    if not waiting:
        context.show(button.card, button.about)


def fill_here(context: Context, button: OpenHere) -> None:
    """[Open] in discreet mode: put what the delivery was for into this very message. Refuses: Closed."""
    pressed = context.arrived.pressed_id
    owed = deliveries.owed_to(context.session, person_id=context.person.id, delivery_id=button.delivery_id)
    if owed is None or pressed is None:
        raise Closed
    if not deliveries.adopt_this(context.session, owed, message_id=pressed, now=context.now):
        context.show(owed.card, owed.about)
