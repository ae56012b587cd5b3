"""Memories: views in place, and the search over one's own words."""

from collections.abc import Mapping
from uuid import UUID

from bot.messages.buttons import (
    AskRemoveKept,
    AskRemoveNote,
    DropKept,
    DropNote,
    OpenMemories,
    ReadKept,
    ReadMemory,
    ReadNote,
    ReadSaved,
    RemoveSaved,
    SearchMemories,
)
from bot.messages.markup import clean
from bot.practice import journal, removing, reveals
from bot.practice import memories as practice
from bot.practice.preferences import SEARCH, check_ready
from handlers.context import Context
from storage import expectations

CARDS: Mapping[str, str] = {
    practice.MONTH: "memories.page",
    practice.THEME: "memories.page",
    practice.KEPT: "memories.kept",
    practice.HITS: "memories.found",
    practice.SAVED: "memories.saved",
    practice.NOTES: "memories.notes",
    practice.JUMP: "memories.months",
    practice.CHOOSE: "memories.themes",
}


def memories(context: Context) -> None:
    """/memories: the newest month."""
    view = practice.newest(context.session, context.person)
    context.send(CARDS[view.kind], str(view))


def look(context: Context, button: OpenMemories) -> None:
    """Another view, in the same message; no search is awaited there."""
    check_ready(context.person)
    expectations.forget_kinds(context.session, (SEARCH,), person_ids=[context.person.id])
    view = practice.read_view(button.view)
    context.show(CARDS[view.kind], str(view))


def read(context: Context, button: ReadMemory) -> None:
    """One memory in full."""
    practice.read_view(button.view)
    reveals.own_reveal(context.session, context.person.id, button.reveal_id)
    context.show("memories.entry", _about(button.reveal_id, button.view))


def read_kept(context: Context, button: ReadKept) -> None:
    """One kept answer in full."""
    practice.read_view(button.view)
    practice.own_answer(context.session, context.person, button.answer_id)
    context.show("memories.kept_entry", _about(button.answer_id, button.view))


def ask_remove_kept(context: Context, button: AskRemoveKept) -> None:
    """[Remove] under a kept answer."""
    practice.read_view(button.view)
    removing.removable(context.session, context.person, button.answer_id)
    context.show("memories.kept_removal", _about(button.answer_id, button.view))


def drop_kept(context: Context, button: DropKept) -> None:
    """[Remove for good] of a kept answer."""
    view = practice.read_view(button.view)
    gone = removing.remove_answer(
        context.session, context.person, button.answer_id, mark=button.mark, now=context.now, key=_key(context)
    )
    if gone:
        context.show(CARDS[view.kind], str(view))
    else:
        context.show("memories.kept_entry", _about(button.answer_id, button.view))


def read_saved(context: Context, button: ReadSaved) -> None:
    """One saved topic, to keep or to remove."""
    practice.read_view(button.view)
    practice.own_saved(context.session, context.person, button.saved_id)
    context.show("memories.saved_entry", _about(button.saved_id, button.view))


def remove_saved(context: Context, button: RemoveSaved) -> None:
    """[Remove] on a saved topic."""
    view = practice.read_view(button.view)
    practice.remove_saved(context.session, context.person, button.saved_id)
    context.show(CARDS[view.kind], str(view))


def read_note(context: Context, button: ReadNote) -> None:
    """One note in full."""
    _show_note(context, button, "memories.note_entry")


def ask_remove_note(context: Context, button: AskRemoveNote) -> None:
    """[Remove] under a note."""
    _show_note(context, button, "memories.note_removal")


def _show_note(context: Context, button: ReadNote | AskRemoveNote, card: str) -> None:
    practice.read_view(button.view)
    journal.own_note(context.session, context.person, button.note_id)
    context.show(card, _about(button.note_id, button.view))


def drop_note(context: Context, button: DropNote) -> None:
    """[Remove for good] of a note."""
    view = practice.read_view(button.view)
    removing.remove_note(context.session, context.person, button.note_id, now=context.now, key=_key(context))
    context.show(CARDS[view.kind], str(view))


def search(context: Context, button: SearchMemories) -> None:
    """[Search my words]."""
    practice.await_search(context.session, context.person)
    context.show("memories.ask")


def say_words(context: Context) -> None:
    """The words to look for."""
    practice.search(context.session, context.person, clean(context.text))
    context.send("memories.found", str(practice.View(practice.HITS)))


def _about(row_id: UUID, view: str) -> str:
    return f"{row_id.hex}.{view}"


def _key(context: Context) -> str:
    return f"u{context.arrived.update_id}:m"
