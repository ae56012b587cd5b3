"""Private notes."""

from bot.messages.buttons import LeaveNote, RemoveNote, WriteNote
from bot.messages.markup import clean
from bot.practice import journal
from handlers import daily
from handlers.context import Context


def write(context: Context, button: WriteNote) -> None:
    """[Write it down just for you]."""
    journal.await_note(context.session, context.person, now=context.now)
    context.show("journal.write")


def say(context: Context) -> None:
    """The words of a note. Refuses: OnlyWords, TooLong."""
    if not journal.is_awaited(context.session, context.person, now=context.now):
        daily.answer(context)
        return
    journal.write_note(context.session, context.person, clean(context.text), now=context.now)
    context.send("journal.kept", str(context.arrived.typed_id or ""))


def leave(context: Context, button: LeaveNote) -> None:
    """[Not now]."""
    journal.leave_note(context.session, context.person)
    context.show("journal.left")


def remove(context: Context, button: RemoveNote) -> None:
    """[Remove my message]: what the note was typed in, in this person's own chat."""
    context.remove(button.message_id)
    context.show("journal.kept")
