"""What people do with two answers that are open."""

from bot.messages.buttons import AskTakeBack, BackToReveal, PlayVoice, React, Stung, TakeMineBack
from bot.practice import reveals
from handlers.context import Context


def react(context: Context, button: React) -> None:
    """[I hear you] [Thank you] [More, when you like]."""
    key = f"u{context.arrived.update_id}:r"
    reveals.react(context.session, context.person.id, button.reveal_id, button.kind, now=context.now, key=key)
    context.show("daily.reveal", button.reveal_id)


def play(context: Context, button: PlayVoice) -> None:
    """[Play]."""
    reveals.check_voice(context.session, context.person.id, button.reveal_id)
    context.send("daily.voice", button.reveal_id)


def stung(context: Context, button: Stung) -> None:
    """[That stung]."""
    reveals.own_reveal(context.session, context.person.id, button.reveal_id)
    context.send("daily.stung", button.reveal_id)


def ask_take_back(context: Context, button: AskTakeBack) -> None:
    """[Take mine back]: asks once."""
    opened = reveals.own_reveal(context.session, context.person.id, button.reveal_id)
    context.show("daily.reveal" if opened.mine.answer.taken_back else "daily.take_back", button.reveal_id)


def take_back(context: Context, button: TakeMineBack) -> None:
    """[Take mine back], asked and meant."""
    key = f"u{context.arrived.update_id}:r"
    reveals.take_back(context.session, context.person.id, button.reveal_id, now=context.now, key=key)
    context.show("daily.reveal", button.reveal_id)


def back(context: Context, button: BackToReveal) -> None:
    """[Back]."""
    reveals.own_reveal(context.session, context.person.id, button.reveal_id)
    context.show("daily.reveal", button.reveal_id)
