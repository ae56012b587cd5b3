"""Taking along what is one's own."""

from bot.practice import exporting
from handlers.context import Context


def export(context: Context) -> None:
    """/export."""
    exporting.ask_export(context.session, context.person, now=context.now)
    context.send("exporting.begun")
