"""How the lines of a weekly summary read: a row a source (see `bot.practice.summary_lines`)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.card import Reader
from bot.messages.markup import bold, italic, lines, one_line, quote, spoiler
from storage import daily, summary
from storage.keys import KeyGone

LONGEST_QUESTION = 160


Read: TypeAlias = Callable[[Session, Reader, UUID, bool], Markup]  # `own`: for its author alone, else behind a spoiler
Label: TypeAlias = Callable[[Session, Reader, UUID], str]


def answer(session: Session, reader: Reader, about: UUID, own: bool) -> Markup:
    """An opened answer below its question; "No longer shown", alone, where it was taken back or is gone."""
    _ = reader.words
    found = summary.answer(session, answer_id=about)
    if found is None or found[0].taken_back:
        return _("No longer shown")
    try:
        words = daily.words_of(session, found[0])
    except KeyGone:
        return _("No longer shown")
    question = bold(
        one_line(reader.library.prompt(found[1].prompt_id, reader.known.language).question, LONGEST_QUESTION)
    )
    if words is None:
        return lines(question, italic(_("a voice note")))
    return lines(question, quote(words) if own else spoiler(words))


def answer_label(session: Session, reader: Reader, about: UUID) -> str:
    """The question of an answer, for a button."""
    found = summary.answer(session, answer_id=about)
    return reader.library.prompt(found[1].prompt_id, reader.known.language).question if found else ""


def answer_theme(session: Session, reader: Reader, about: UUID) -> str:
    """What an answer is about, for the picture; nothing if it is not shown any more."""
    found = summary.answer(session, answer_id=about)
    if found is None or found[0].taken_back:
        return ""
    return reader.library.prompt(found[1].prompt_id).theme


READ: Mapping[str, Read] = MappingProxyType({"answer": answer})
LABELS: Mapping[str, Label] = MappingProxyType({"answer": answer_label})
THEMES: Mapping[str, Label] = MappingProxyType({"answer": answer_theme})
