"""How the lines of a weekly summary read: a row a source (see `bot.practice.summary_lines`)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from markupsafe import Markup
from sqlmodel import Session

from bot.messages.card import Reader
from bot.messages.cards.settings import theme_names
from bot.messages.i18n import Words
from bot.messages.markup import bold, italic, lines, one_line, quote, spoiler
from storage import agreements, conversations, daily, summary
from storage.keys import KeyGone

LONGEST_QUESTION = 160
THANKS, AGREEMENT = "appreciation", "agreement"  # themes


Read: TypeAlias = Callable[[Session, Reader, UUID, bool], Markup]  # `own`: for its author alone, else behind a spoiler
Label: TypeAlias = Callable[[Session, Reader, UUID], str]


def moment_names(_: Words) -> dict[str, Markup]:
    """What the moments of a week are called, by theme."""
    return {**theme_names(_), AGREEMENT: _("Agreements")}


# -- answers


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


# -- appreciations of a weekly conversation


def thanks(session: Session, reader: Reader, about: UUID, own: bool) -> Markup:
    """An appreciation in its author's words."""
    words = _thanks(session, about)
    if words is None:
        return reader.words("No longer shown")
    return lines(bold(reader.words("Thanks:")), quote(words) if own else spoiler(words))


def thanks_label(session: Session, reader: Reader, about: UUID) -> str:
    """Its words."""
    return _thanks(session, about) or reader.words("No longer shown").unescape()


def thanks_theme(session: Session, reader: Reader, about: UUID) -> str:
    """Its theme, while it is shown."""
    return "" if _thanks(session, about) is None else THANKS


def _thanks(session: Session, about: UUID) -> str | None:
    found = summary.thanks(session, thanks_id=about)
    if found is None or found.taken_back:
        return None
    try:
        return conversations.thanks_of(session, found)
    except KeyGone:
        return None


# -- agreements, which belong to both


def agreement(session: Session, reader: Reader, about: UUID, own: bool) -> Markup:
    """A wording of an agreement that holds, always behind a spoiler: it is never one person's alone."""
    words = _wording(session, about)
    if words is None:
        return reader.words("No longer shown")
    return lines(bold(reader.words("You agreed:")), spoiler(words))


def agreement_label(session: Session, reader: Reader, about: UUID) -> str:
    """The wording."""
    return _wording(session, about) or reader.words("No longer shown").unescape()


def agreement_theme(session: Session, reader: Reader, about: UUID) -> str:
    """Its theme, while it holds."""
    return "" if _wording(session, about) is None else AGREEMENT


def _wording(session: Session, about: UUID) -> str | None:
    version = agreements.version(session, version_id=about)
    found = agreements.agreement(session, agreement_id=version.agreement_id) if version else None
    if version is None or found is None or found.state == "ended":
        return None
    try:
        return agreements.words_of(session, found, version)
    except KeyGone:
        return None


READ: Mapping[str, Read] = MappingProxyType({"answer": answer, "thanks": thanks, "agreement": agreement})
LABELS: Mapping[str, Label] = MappingProxyType(
    {"answer": answer_label, "thanks": thanks_label, "agreement": agreement_label}
)
THEMES: Mapping[str, Label] = MappingProxyType(
    {"answer": answer_theme, "thanks": thanks_theme, "agreement": agreement_theme}
)
