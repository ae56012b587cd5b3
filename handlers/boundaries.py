"""Boundary cards: written and shared before the opening, answered after it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, cast
from uuid import UUID

from bot.messages.buttons import ActOnCard, ActOnDraft, BeginCard, ChangeAgreement, MarkOption
from bot.practice import boundaries, conversations, preparing, removing, responding, taking_back, weekly_words
from bot.practice.refusals import Closed
from bot.practice.weekly_words import What
from handlers.context import Context
from storage.boundaries import Field
from storage.tables import BoundaryCard

FIELDS = ("count_on", "stays", "bends")
ASKED = ("options", *FIELDS)

# -- before it opens


def begin(context: Context, button: BeginCard) -> None:
    """[Limit] [Request] [Hope] [Decide together]."""
    card = boundaries.begin_card(context.session, context.person, button.participation_id, button.kind, now=context.now)
    if card.words_sealed is None:
        context.show("weekly.write", f"{card.id}:words")
    else:
        _show_next(context, card)


def change_agreement(context: Context, button: ChangeAgreement) -> None:
    """A request that changes what is on the agenda."""
    card = boundaries.begin_card(
        context.session,
        context.person,
        button.participation_id,
        "request",
        agreement_id=button.agreement_id,
        now=context.now,
    )
    context.show("weekly.write", f"{card.id}:words")


def act_on_draft(context: Context, button: ActOnDraft) -> None:
    """One tap on one's own card. Refuses: NotYours, Closed."""
    if button.act not in DRAFT:
        raise Closed
    DRAFT[button.act](context, button)


def _show_draft(context: Context, button: ActOnDraft) -> None:
    """Also [Leave it out]: what was awaited is awaited no more."""
    card = boundaries.look_at(context.session, context.person, button.card_id, now=context.now)
    _show(context, card)


def _share(context: Context, button: ActOnDraft) -> None:
    card = boundaries.share_card(context.session, context.person, button.card_id, mark=button.mark, now=context.now)
    if card.shared:
        _show_side(context, card)
    else:
        context.show("weekly.draft", card.id)


def _keep(context: Context, button: ActOnDraft) -> None:
    card = boundaries.keep_card(context.session, context.person, button.card_id, now=context.now)
    context.show("weekly.draft", card.id)


def _edit(context: Context, button: ActOnDraft) -> None:
    _ask(context, button, "words")


def _ask_more(context: Context, button: ActOnDraft) -> None:
    _ask(context, button, button.act)


def _ask(context: Context, button: ActOnDraft, what: str) -> None:
    card = boundaries.ask_for(context.session, context.person, button.card_id, cast(What, what), now=context.now)
    context.show("weekly.write", f"{card.id}:{what}")


def _show_samples(context: Context, button: ActOnDraft) -> None:
    card = boundaries.show_samples(context.session, context.person, button.card_id, now=context.now)
    context.show("weekly.samples", card.id)


def _choose_kind(context: Context, button: ActOnDraft) -> None:
    card = boundaries.choose_kind(context.session, context.person, button.card_id, button.act, now=context.now)
    _show_next(context, card)


def _choose_anew(context: Context, button: ActOnDraft) -> None:
    card = boundaries.choose_anew(context.session, context.person, button.card_id, now=context.now)
    context.show("weekly.draft", card.id)


def _ask_remove(context: Context, button: ActOnDraft) -> None:
    card = boundaries.look_at(context.session, context.person, button.card_id, now=context.now)
    if card.words_sealed is None:
        raise Closed
    context.show("weekly.removal", card.id)


def _remove(context: Context, button: ActOnDraft) -> None:
    part = removing.remove_card(
        context.session, context.person, button.card_id, mark=button.mark, now=context.now, key=_key(context)
    )
    if part is None:
        context.show("weekly.draft", button.card_id)
    else:
        context.show(*conversations.state_card(context.session, part))


def _choose_form(context: Context, button: ActOnDraft) -> None:
    card = boundaries.choose_form(context.session, context.person, button.card_id, button.act, now=context.now)
    _show_next(context, card)


DRAFT: Mapping[str, Callable[[Context, ActOnDraft], None]] = MappingProxyType(
    {
        "show": _show_draft,
        "share": _share,
        "keep": _keep,
        "edit": _edit,
        "samples": _show_samples,
        "unsort": _choose_anew,
        "ask_remove": _ask_remove,
        "remove": _remove,
        **dict.fromkeys(ASKED, _ask_more),
        **dict.fromkeys(boundaries.KINDS, _choose_kind),
        **dict.fromkeys(boundaries.FORMS, _choose_form),
    }
)


def _show(context: Context, card: BoundaryCard) -> None:
    """The card, or one's own side where nothing is written on it yet."""
    if card.words_sealed is None:
        _show_side(context, card)
    else:
        context.show("weekly.draft", card.id)


def _show_next(context: Context, card: BoundaryCard) -> None:
    """What is asked for now, else the card."""
    asked = weekly_words.awaited(context.session, context.person, now=context.now)
    if asked is not None and asked.what in ASKED:
        context.show("weekly.write", f"{card.id}:{asked.what}")
    else:
        context.show("weekly.draft", card.id)


def _show_side(context: Context, card: BoundaryCard) -> None:
    """Where the person is; what its card asks for is what they write now."""
    part = boundaries.part_of(context.session, context.person, card)
    preparing.look(context.session, context.person, part.id, now=context.now)
    context.show(*conversations.state_card(context.session, part))


# -- after the opening


def act_on_card(context: Context, button: ActOnCard) -> None:
    """One tap on a card that is open; what was asked for before is not awaited any more. Refuses: NotYours, Closed."""
    responding.stop_asking(context.session, context.person, now=context.now)
    OPEN.get(button.act, _answer)(context, button)


def _answer(context: Context, button: ActOnCard) -> None:
    """[Agree] [I've read this] … : what is no answer to this kind of card is refused."""
    card = responding.answer(
        context.session,
        context.person,
        button.card_id,
        button.act,
        turn=button.turn,
        now=context.now,
        key=_key(context),
    )
    context.show("weekly.opening", card.conversation_id)


def _show_card(context: Context, button: ActOnCard) -> None:
    card = responding.look_at(context.session, context.person, button.card_id)
    context.show("weekly.card", card.id)


def _counter(context: Context, button: ActOnCard) -> None:
    card = responding.ask_counter(context.session, context.person, button.card_id, turn=button.turn, now=context.now)
    context.show("weekly.counter", card.id)


def _hear(context: Context, button: ActOnCard) -> None:
    card = responding.ask_heard(context.session, context.person, button.card_id, now=context.now)
    context.show("weekly.heard", card.id)


def _confirm_heard(context: Context, button: ActOnCard) -> None:
    card = responding.confirm_heard(
        context.session,
        context.person,
        button.card_id,
        button.act,
        turn=button.turn,
        now=context.now,
        key=_key(context),
    )
    context.show("weekly.card", card.id)


def _finish_marking(context: Context, button: ActOnCard) -> None:
    card, is_done = responding.finish_marking(
        context.session, context.person, button.card_id, shown=button.turn, now=context.now, key=_key(context)
    )
    context.show(*(("weekly.opening", card.conversation_id) if is_done else ("weekly.card", card.id)))


def _ask_take_back(context: Context, button: ActOnCard) -> None:
    card = taking_back.own_open_card(context.session, context.person, button.card_id)
    context.show("weekly.card" if card.taken_back else "weekly.take_back", card.id)


def _take_back(context: Context, button: ActOnCard) -> None:
    card = taking_back.take_card_back(
        context.session, context.person, button.card_id, now=context.now, key=_key(context)
    )
    context.show("weekly.opening", card.conversation_id)


def _ask_take_said(context: Context, button: ActOnCard) -> None:
    card, said = taking_back.own_said(context.session, context.person, button.card_id, button.turn)
    if said.taken_back:
        context.show("weekly.card", card.id)
    else:
        context.show("weekly.take_said", f"{card.id}:{said.number}")


def _take_said_back(context: Context, button: ActOnCard) -> None:
    card = taking_back.take_said_back(
        context.session, context.person, button.card_id, button.turn, now=context.now, key=_key(context)
    )
    context.show("weekly.opening", card.conversation_id)


OPEN: Mapping[str, Callable[[Context, ActOnCard], None]] = MappingProxyType(
    {
        "show": _show_card,
        "counter": _counter,
        "heard": _hear,
        "got_it": _confirm_heard,
        "almost": _confirm_heard,
        "marked": _finish_marking,
        "ask_take_back": _ask_take_back,
        "take_back": _take_back,
        "ask_take_said": _ask_take_said,
        "take_said": _take_said_back,
    }
)


def mark(context: Context, button: MarkOption) -> None:
    """An option that one could live with."""
    responding.stop_asking(context.session, context.person, now=context.now)
    card = responding.mark_option(
        context.session, context.person, button.card_id, button.option, on=bool(button.on), now=context.now
    )
    context.show("weekly.card", card.id)


# -- words


def say(context: Context, what: str, about: UUID, words: str) -> None:
    """The words of a card, of a line beside it, or of what is said to it; `about` is its id, or a new one's part's."""
    person, session, now = context.person, context.session, context.now
    if what == "counter":
        card = responding.write_counter(session, person, about, words, now=now, key=_key(context))
        context.send("weekly.opening", card.conversation_id)
    elif what == "heard":
        card = responding.write_heard(session, person, about, words, now=now, key=_key(context))
        context.send("weekly.opening", card.conversation_id)
    elif what in FIELDS:
        boundaries.write_more(session, person, about, cast(Field, what), words, now=now)
        context.send("weekly.draft", about)
    elif what == "options":
        boundaries.write_options(session, person, about, words, now=now)
        context.send("weekly.draft", about)
    elif what == "card":
        card = boundaries.begin_with_words(session, person, about, words, now=now)
        _show_next(context, card)
    elif what.endswith("+"):
        more = cast(Field | Literal["options"], what.removesuffix("+"))
        card = boundaries.go_on_writing(session, person, about, more, words, now=now)
        _show_next(context, card)
    else:
        card = boundaries.write_words(session, person, about, words, now=now)
        _show_next(context, card)


def _key(context: Context) -> str:
    return f"u{context.arrived.update_id}:b"
