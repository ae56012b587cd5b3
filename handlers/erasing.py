"""Deleting everything, in two taps."""

from bot.messages.buttons import DeleteAll
from bot.practice import erasing
from handlers.context import Context


def delete(context: Context) -> None:
    """/delete: asks once; works before set-up is done, too."""
    context.send("erasing.nothing" if context.stranger is None else "erasing.ask")


def delete_all(context: Context, button: DeleteAll) -> None:
    """[Delete everything]; for who is gone already, the same last message."""
    if context.stranger is None:
        context.show("erasing.closing")
        return
    key = f"u{context.arrived.update_id}:x"
    erasing.delete_person(context.session, context.person, now=context.now, key=key)
    context.stranger = None
