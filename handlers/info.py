"""/help, /privacy and /safety: they work in every state, for strangers as well."""

from bot.messages.buttons import ClearThis, ReadPrivacy
from handlers.context import Context


def help_command(context: Context) -> None:
    """/help."""
    context.send("info.help")


def privacy(context: Context) -> None:
    """/privacy."""
    context.send("info.privacy")


def read_privacy(context: Context, button: ReadPrivacy) -> None:
    """[Privacy] under the first card."""
    context.show("info.privacy", "start")


def safety(context: Context) -> None:
    """/safety."""
    context.send("info.safety", str(context.arrived.typed_id or ""))


def clear(context: Context, button: ClearThis) -> None:
    """[Clear this]: takes away the numbers and the message that asked for them."""
    for message_id in (context.arrived.pressed_id, button.message_id):
        if message_id:
            context.remove(message_id)
