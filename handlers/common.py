"""Presses that belong to no feature."""

from bot.messages.buttons import OpenCard
from bot.messages.cards import NUDGED
from bot.messages.cards.daily import parsed_id
from bot.practice.refusals import Closed
from handlers.context import Context
from storage import deliveries


def _is_canonical(about: str) -> bool:
    """Whether an id is spelled as we spell it: by another spelling its message would not be found again."""
    found, _colon, _rest = about.partition(":")
    parsed = parsed_id(found)
    return parsed is not None and str(parsed) == found


def fill_nudge(context: Context, button: OpenCard) -> None:
    """[Open]: put the words into this very message, whether or not the sender knows it. Refuses: Closed."""
    if button.card not in NUDGED or not _is_canonical(button.about):
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
