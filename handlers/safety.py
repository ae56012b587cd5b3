"""/safety: works in every state, for strangers as well, and leaves no trace."""

from bot.messages.buttons import ClearThis, HelpElsewhere, HelpIn
from bot.messages.helplines import helplines
from bot.practice import danger
from bot.practice.refusals import Closed
from handlers.context import Context


def safety(context: Context) -> None:
    """/safety."""
    context.send("safety.help", str(context.arrived.typed_id or ""))


def help_in(context: Context, button: HelpIn) -> None:
    """A country; without one, what holds anywhere."""
    if button.country and button.country not in helplines().countries:
        raise Closed
    context.show("safety.help", f"{button.message_id}:{button.country or 'ZZ'}")


def elsewhere(context: Context, button: HelpElsewhere) -> None:
    """[Another country]."""
    context.show("safety.countries", str(button.message_id))


def clear(context: Context, button: ClearThis) -> None:
    """[Clear this]: takes away the numbers and the message that asked for them."""
    for message_id in (context.arrived.pressed_id, button.message_id):
        if message_id:
            context.remove(message_id)


def listen(context: Context) -> None:
    """Words that may speak of danger: their author is offered help, and nothing else follows from them."""
    if danger.is_heard_in(context.text):
        context.send("safety.offer")
