"""The command line: `python -m bot`, and `run`, `playground` or `migrate` behind it."""

import asyncio
import signal
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import database_commands
from bot.settings import Settings
from bot.terminal import (
    WRONG_SETTING,
    carry_out,
    copied_by_the_bot,
    done_by_the_bot,
    done_or_end,
    end,
    settings_or_end,
)

cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
keys = typer.Typer(help="The keys that seal what people write.")
cli.add_typer(keys, name="keys")
cli.add_typer(database_commands.cli, name="db")


@cli.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Side by Side. Without a command: `run` if BOT_TOKEN is set, else `playground`."""
    if context.invoked_subcommand is None:
        given = settings_or_end().bot_token.get_secret_value()
        run() if given else playground()


@cli.command()
def run() -> None:
    """Run the bot with BOT_TOKEN, until SIGTERM or SIGINT."""
    settings = settings_or_end()
    if not settings.bot_token.get_secret_value():
        end(
            "BOT_TOKEN: is needed; @BotFather gives you one. Without one, try `python -m bot playground`.",
            WRONG_SETTING,
        )
    carry_out(lambda: _run(settings))


@cli.command()
def playground(
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    tour: Annotated[bool, typer.Option("--tour", help="Play a week of two people, then end.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="With --tour: without pauses.")] = False,
) -> None:
    """Try the bot without Telegram: two phones in a browser."""
    settings = settings_or_end()
    carry_out(lambda: _play(settings, browser, tour, fast))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.opening import migrate_database  # noqa: PLC0415 - the command line answers at once

    settings = settings_or_end()
    done_or_end(lambda: migrate_database(settings))


@keys.command()
def rotate() -> None:
    """Let a new master key wrap all others; goes on where an earlier run was cut off."""
    settings = settings_or_end()
    carry_out(lambda: _rotate(settings))


@keys.command("backup")
def back_up_keys(to: Annotated[Path, typer.Argument(metavar="FILE", help="A former copy there is replaced.")]) -> None:
    """Copy the key store into one file, while the bot runs or not; keep the newest copy only."""
    from bot import backups  # noqa: PLC0415 - the command line answers at once

    settings, file = settings_or_end(), to.absolute()
    done_or_end(lambda: backups.back_up_keys(settings, file, ask=partial(copied_by_the_bot, settings)))
    print(f"The key store is copied to {file}. Remove other copies: they open what people have deleted since.")


async def _rotate(settings: Settings) -> None:
    answer = await done_by_the_bot(settings, {"do": "rotate", "to": _first_master(settings)})
    count = await asyncio.to_thread(_rotate_alone, settings) if answer is None else answer["count"]
    print(f"{count} keys were wrapped anew. Back up the key store and the master key again.")
    if settings.master_keys.get_secret_value():
        print("Only the first key in MASTER_KEYS is needed from now on.")


def _first_master(settings: Settings) -> str | None:
    """The fingerprint of the first of the MASTER_KEYS, if there are any. Raises CannotStart."""
    from bot.opening import given_masters  # noqa: PLC0415

    masters = given_masters(settings)
    return masters.fingerprints[0].hex() if masters else None


def _rotate_alone(settings: Settings) -> int:
    """No bot runs here: open the key store itself. Raises CannotStart."""
    from bot import rotation  # noqa: PLC0415
    from bot.opening import check_key_store, open_keys  # noqa: PLC0415

    check_key_store(settings)
    store = open_keys(settings)
    try:
        given = bool(settings.master_keys.get_secret_value())
        return sum(rotation.chunks(store, settings.data_dir, given=given, point=lambda _: None))
    finally:
        store.close()


async def _run(settings: Settings) -> None:
    from bot.app import App  # noqa: PLC0415 - the command line answers before all is imported

    app = App(settings)  # on the loop, since its parts belong to it
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, app.ask_to_stop)
    await app.run()


async def _play(settings: Settings, browser: bool, tour: bool, fast: bool) -> None:
    from bot.playground.run import play  # noqa: PLC0415

    await play(settings, browser=browser, tour=tour, fast=fast)


if __name__ == "__main__":
    cli()
