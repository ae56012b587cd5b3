"""What all views of memories share: how things are named and cut, and the ways from one view to another."""

from collections.abc import Sequence

from bot.messages.buttons import OpenMemories, SearchMemories
from bot.messages.card import Button, Reader, Rows, choice, row
from bot.messages.chart import numerals
from bot.messages.markup import one_line
from bot.practice.memories import CHOOSE, HITS, JUMP, KEPT, NOTES, ON_A_PAGE, SAVED, View

LONGEST_WORDS = 280  # of an answer on a page with others; the whole is one tap away
LONGEST_QUESTION = 160
IN_A_ROW = 3


def cut(words: str) -> str:
    """Words that stand on a page with others."""
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1].rstrip()}…"


def asked(reader: Reader, prompt_id: str) -> str:
    """A question on one line."""
    return one_line(reader.library.prompt(prompt_id, reader.known.language).question, LONGEST_QUESTION)


def digits(reader: Reader, place: int) -> str:
    """A number as the reader writes it."""
    return numerals(str(place), reader.words.locale)


def start_of(view: View, count: int) -> tuple[int, int]:
    """Where a page begins, and its number: the last one for a number beyond it."""
    number = min(view.page, max(0, (count - 1) // ON_A_PAGE))
    return number * ON_A_PAGE, number


def turning(view: View, *, has_more: bool) -> Rows:
    """To the pages before and behind."""
    return arrows(view.at(view.page - 1) if view.page else None, view.at(view.page + 1) if has_more else None)


def arrows(newer: View | None, older: View | None) -> Rows:
    """Buttons to these views, as far as there are any."""
    found = [choice(sign, OpenMemories(str(view))) for sign, view in (("‹", newer), ("›", older)) if view is not None]
    return one_row(found)


def ways(reader: Reader, without: str = "") -> Rows:
    """The other ways to look."""
    _ = reader.words
    ways = {
        JUMP: choice(_("Months"), OpenMemories(str(View(JUMP)))),
        CHOOSE: choice(_("Themes"), OpenMemories(str(View(CHOOSE)))),
        HITS: choice(_("Search my words"), SearchMemories()),
        KEPT: choice(_("Kept for me"), OpenMemories(str(View(KEPT)))),
        SAVED: choice(_("Saved topics"), OpenMemories(str(View(SAVED)))),
        NOTES: choice(_("My notes"), OpenMemories(str(View(NOTES)))),
    }
    return in_rows([button for name, button in ways.items() if name != without], 2)


def back(reader: Reader, way_back: str) -> tuple[Button, ...]:
    """[Back]."""
    return row(choice(reader.words("Back"), OpenMemories(way_back)))


def one_row(buttons: Sequence[Button]) -> Rows:
    """All of them in one row, if there are any."""
    return (tuple(buttons),) if buttons else ()


def in_rows(buttons: Sequence[Button], width: int = IN_A_ROW) -> Rows:
    """So many in a row."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
