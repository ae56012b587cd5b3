"""/help and /privacy: they work in every state, for strangers as well."""

from bot.messages.buttons import HelpOn, ReadPrivacy
from handlers.context import Context


def help_command(context: Context) -> None:
    """/help."""
    context.send("info.help")


def help_on(context: Context, button: HelpOn) -> None:
    """A group of commands, or [Back]."""
    context.show("info.help", str(button.group))


def privacy(context: Context) -> None:
    """/privacy."""
    context.send("info.privacy")


def read_privacy(context: Context, button: ReadPrivacy) -> None:
    """[Privacy] under the first card."""
    context.show("info.privacy", "start")
