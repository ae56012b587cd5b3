"""Work on many rows in one unit, in which one row that cannot be worked on holds nobody up."""

from collections.abc import Callable, Sequence
from logging import getLogger
from typing import TypeVar

from sqlmodel import Session

from storage.failures import is_away

T = TypeVar("T")
R = TypeVar("R")


def each(session: Session, items: Sequence[T], do: Callable[[T], R], *, failed: Callable[[T], None]) -> list[R]:
    """What `do` gives for each of these, without those for which it raises; `failed` puts each of them out of the way.

    All is done in one savepoint, and only if that fails each in one of its own. Raises what the database itself raises.
    """
    return together(session, items, lambda some: [do(item) for item in some], failed=failed)


def together(
    session: Session, items: Sequence[T], do: Callable[[Sequence[T]], list[R]], *, failed: Callable[[T], None]
) -> list[R]:
    """The same for what is done to all of them at once, or, if that fails, to one after the other."""
    if not items:
        return []
    try:
        with session.begin_nested():
            return do(items)
    except Exception as error:  # whatever is wrong with one of them
        if is_away(error):
            raise
    done: list[R] = []
    for item in items:
        try:
            with session.begin_nested():
                result = do([item])
        except Exception as error:
            if is_away(error):
                raise
            getLogger(__name__).exception("failed_alone")
            failed(item)
        else:
            done += result
    return done
