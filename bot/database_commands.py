"""`python -m bot db`: moving the database, backing it up, restoring it, and giving it to another bot."""

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import copied_by_the_bot, done_or_end, end, is_running, settings_or_end

cli = typer.Typer(help="The database.")
_RUNS = "A bot runs on this data; stop it first."


@cli.command()
def move(
    to: Annotated[str, typer.Option(help="postgresql://user:password@host/name; MOVE_TO and a prompt keep it.")] = "",
) -> None:
    """Move the SQLite database into an empty PostgreSQL, all of it or nothing; the bot must not run."""
    from bot import moving  # noqa: PLC0415 - the command line answers at once

    settings = settings_or_end()
    address = to or settings.move_to.get_secret_value() or _ask_where_to()
    if is_running(settings):
        end(_RUNS, 1)
    print("Moving. With many people this takes minutes; nothing is kept there before all is.", flush=True)
    print(done_or_end(lambda: moving.move_database(settings, address)).told)


@cli.command()
def backup(to: Annotated[Path, typer.Argument(metavar="FILE", help="A former backup there is replaced.")]) -> None:
    """Write the whole database into one file, while the bot runs or not; the keys are not in it."""
    from bot import backups  # noqa: PLC0415

    settings, file = settings_or_end(), to.absolute()
    print(done_or_end(lambda: backups.back_up(settings, file, ask=partial(copied_by_the_bot, settings))).told)


@cli.command()
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="What `db backup` wrote.")]) -> None:
    """Put a backup where no database is yet: into DATA_DIR, or an empty PostgreSQL; the bot must not run."""
    from bot import backups  # noqa: PLC0415

    settings = settings_or_end()
    if is_running(settings):
        end(_RUNS, 1)
    print(done_or_end(lambda: backups.restore(settings, file.absolute())).told)


@cli.command()
def forget_bot() -> None:
    """Let the bot of another token take the place of one that is gone for good; the bot must not run."""
    from bot import opening  # noqa: PLC0415

    settings = settings_or_end()
    if is_running(settings):
        end(_RUNS, 1)
    print(done_or_end(lambda: opening.forget_bot(settings)))


def _ask_where_to() -> str:
    """The address, typed unseen; ends the program where nobody can type."""
    if not sys.stdin.isatty():
        end("MOVE_TO: is needed, the address of the empty PostgreSQL: postgresql://user:password@host/name.", 2)
    return str(typer.prompt("Address of the empty PostgreSQL (not shown)", hide_input=True))
