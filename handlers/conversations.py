"""The weekly conversation: /weekly, every step as a row of STEPS, and the words that belong to one."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from bot.messages.buttons import ActOnOpening, PickSaved, PickTopic, PutOffWeek, TakeStep
from bot.messages.markup import clean
from bot.practice import answering, conversations, preparing, responding, taking_back
from bot.practice.refusals import Closed
from handlers import boundaries, daily
from handlers.context import Context
from storage.tables import Participation

UseCase: TypeAlias = Callable[..., Participation]


def weekly(context: Context) -> None:
    """/weekly: the current step, at any time."""
    part = conversations.current_part(context.session, context.person, now=context.now)
    if part is None:
        context.send("weekly.nothing")
    else:
        preparing.look(context.session, context.person, part.id, now=context.now)
        context.send(*conversations.state_card(context.session, part))


# a tap: its use case, and the card that follows where that is not simply where the person is then
STEPS: Mapping[str, tuple[UseCase, str]] = MappingProxyType(
    {
        "show": (preparing.look, ""),
        "yes": (preparing.say_yes, ""),
        "topics": (preparing.look_around, "weekly.topics"),
        "own_topic": (preparing.ask_own_topic, "weekly.own_topic"),
        "list": (preparing.look_around, "weekly.saved"),
        "alone": (preparing.go_alone, ""),
        "away": (preparing.leave, ""),
        "later": (conversations.own_part, "weekly.later"),
        "back": (preparing.come_back, ""),
        "thanks": (preparing.ask_thanks, ""),
        "pass": (preparing.pass_over, ""),
        "drop": (preparing.drop_thanks, ""),
        "drop_topic": (preparing.drop_topic, ""),
        "go_on": (preparing.go_on, ""),
        "add": (preparing.add_card, "weekly.kinds"),
        "finish": (preparing.finish, "weekly.done"),
        "save": (preparing.ask_saved_topic, "weekly.save"),
        "reopen": (conversations.open_again, ""),
    }
)


def take_step(context: Context, button: TakeStep) -> None:
    """One tap. Refuses: NotYours, Closed."""
    if button.step == "safety":
        context.send("info.safety")
        return
    if button.step not in STEPS:
        raise Closed
    use_case, card = STEPS[button.step]
    part = use_case(context.session, context.person, button.participation_id, now=context.now)
    _show(context, part, card)


def pick_topic(context: Context, button: PickTopic) -> None:
    """Another topic."""
    part = preparing.choose_topic(
        context.session,
        context.person,
        button.participation_id,
        button.topic,
        topics=context.library.topics,
        now=context.now,
    )
    _show(context, part)


def pick_saved(context: Context, button: PickSaved) -> None:
    """A topic from one's own list."""
    part = preparing.take_saved_topic(
        context.session, context.person, button.participation_id, button.saved_id, now=context.now
    )
    _show(context, part)


def put_off(context: Context, button: PutOffWeek) -> None:
    """[In an hour] [This evening] [Tomorrow]."""
    part = preparing.put_off(context.session, context.person, button.participation_id, button.until, now=context.now)
    context.show("weekly.put_off", part.id)


TAKEN_BACK: Mapping[str, Callable[..., None]] = MappingProxyType(
    {"take_thanks_back": taking_back.take_thanks_back, "take_topic_back": taking_back.take_topic_back}
)


def act_on_opening(context: Context, button: ActOnOpening) -> None:
    """Back to what opened, taking one's thanks or topic back, closing the week."""
    conversations.opened_for(context.session, context.person.id, button.conversation_id)
    responding.stop_asking(context.session, context.person, now=context.now)
    if button.act == "close":
        part = conversations.close_week(context.session, context.person, button.conversation_id, now=context.now)
        context.show("weekly.close", part.id)
        return
    if button.act in TAKEN_BACK:
        key = f"u{context.arrived.update_id}:w"
        TAKEN_BACK[button.act](context.session, context.person, button.conversation_id, now=context.now, key=key)
    context.show("weekly.opening", button.conversation_id)


# -- words


def say(context: Context) -> None:
    """Words for whatever the conversation asked for; a question that came since is answered instead.

    A reply goes where it points.
    """
    replied_to = context.arrived.replied_to
    awaited = preparing.awaited(context.session, context.person, replied_to=replied_to, now=context.now)
    if awaited is None or answering.is_reply(context.session, context.person, replied_to):
        daily.answer(context)
    elif awaited.what in WRITING:
        WRITING[awaited.what](context, awaited.about, clean(context.text))
    elif awaited.what in responding.SAID and not responding.can_be_said(
        context.session, context.person, awaited.about, awaited.what, now=context.now
    ):
        context.send("refusal.said", "closed")
    else:
        boundaries.say(context, awaited.what, awaited.about, clean(context.text))


def _say_thanks(context: Context, participation_id: UUID, words: str) -> None:
    _send(context, preparing.write_thanks(context.session, context.person, participation_id, words, now=context.now))


def _say_topic(context: Context, participation_id: UUID, words: str) -> None:
    part = preparing.write_own_topic(context.session, context.person, participation_id, words, now=context.now)
    _send(context, part)


def _say_alone(context: Context, participation_id: UUID, words: str) -> None:
    preparing.write_alone(context.session, context.person, participation_id, words, now=context.now)
    context.send("journal.kept", str(context.arrived.typed_id or ""))


def _say_saved(context: Context, participation_id: UUID, words: str) -> None:
    preparing.save_topic(context.session, context.person, participation_id, words, now=context.now)
    context.send("weekly.listed")


WRITING: Mapping[str, Callable[[Context, UUID, str], None]] = MappingProxyType(
    {"thanks": _say_thanks, "topic": _say_topic, "alone": _say_alone, "save": _say_saved}
)


def _show(context: Context, part: Participation, card: str = "") -> None:
    context.show(*((card, part.id) if card else conversations.state_card(context.session, part)))


def _send(context: Context, part: Participation) -> None:
    context.send(*conversations.state_card(context.session, part))
