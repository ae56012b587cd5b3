"""Pages in place: blocks of text on pages that fit into one message."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.messages.card import Button, Rows, choice, row
from bot.messages.markup import shown_units
from bot.messages.payload import Payload

FULL = 3000  # UTF-16 units of blocks; what stands around them needs room, too
BETWEEN = 2


def pages(blocks: Sequence[Markup], full: int = FULL) -> list[list[Markup]]:
    """The blocks in their order on as few pages as they need, at least one."""
    found: list[list[Markup]] = [[]]
    used = 0
    for block in blocks:
        size = shown_units(block) + BETWEEN
        if found[-1] and used + size > full:
            found.append([])
            used = 0
        found[-1].append(block)
        used += size
    return found


def page_at(found: Sequence[list[Markup]], page: int) -> tuple[int, list[Markup]]:
    """The page with this number, or the nearest that there is."""
    number = min(max(page, 0), len(found) - 1)
    return number, found[number]


def turning(page: int, count: int, to: Callable[[int], Payload]) -> Rows:
    """Buttons to the pages before and behind; none where there is one page."""
    buttons: list[Button] = []
    if page > 0:
        buttons.append(choice("‹", to(page - 1)))
    if page < count - 1:
        buttons.append(choice("›", to(page + 1)))
    return (row(*buttons),) if buttons else ()
