"""Messages that are not commands: each gets an answer."""

from bot.practice import answering
from bot.practice.refusals import WrongKind
from handlers import EXPECTED
from handlers.context import Context
from storage import expectations


def words(context: Context) -> None:
    """Typed or spoken words: what the bot asked for, else the answer to the question; a reply goes where it points."""
    kind = expectations.kind_awaited(context.session, person_id=context.person.id)
    if kind and answering.is_meant_for_another(context.session, context.person, context.arrived.replied_to):
        kind = None
    EXPECTED[kind or "answer"](context)


def unknown_command(context: Context) -> None:
    """A command that the bot does not have."""
    context.send("common.unknown_command")


def other_kind(context: Context) -> None:
    """A sticker, picture, video, poll, contact, place: says what can be kept."""
    _ = context.person
    raise WrongKind


def edited(context: Context) -> None:
    """An edited message: what was kept stays as it was, and the bot says how to change it."""
    context.send("common.edited")
