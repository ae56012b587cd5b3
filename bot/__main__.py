"""The command line: `python -m bot`, and `run`, `playground` or `migrate` behind it."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, NoReturn

import typer

from bot.logs import start_logs
from bot.settings import Settings, WrongSetting, read_settings

WRONG_SETTING = 2
cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
keys = typer.Typer(help="The keys that seal what people write.")
cli.add_typer(keys, name="keys")
database = typer.Typer(help="The database.")
cli.add_typer(database, name="db")
LONGEST_ROTATION = 3600.0  # seconds


@cli.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Side by Side. Without a command: `run` if BOT_TOKEN is set, else `playground`."""
    if context.invoked_subcommand is None:
        given = _settings().bot_token.get_secret_value()
        run() if given else playground()


@cli.command()
def run() -> None:
    """Run the bot with BOT_TOKEN, until SIGTERM or SIGINT."""
    settings = _settings()
    if not settings.bot_token.get_secret_value():
        _end(
            "BOT_TOKEN: is needed; @BotFather gives you one. Without one, try `python -m bot playground`.",
            WRONG_SETTING,
        )
    _carry_out(lambda: _run(settings))


@cli.command()
def playground(
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    tour: Annotated[bool, typer.Option("--tour", help="Play a week of two people, then end.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="With --tour: without pauses.")] = False,
) -> None:
    """Try the bot without Telegram: two phones in a browser."""
    settings = _settings()
    _carry_out(lambda: _play(settings, browser, tour, fast))


@cli.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from bot.opening import CannotStart, migrate_database  # noqa: PLC0415 - the command line answers at once

    try:
        migrate_database(_settings())
    except CannotStart as error:
        _end(str(error), error.code)


@keys.command()
def rotate() -> None:
    """Let a new master key wrap all others; goes on where an earlier run was cut off."""
    settings = _settings()
    _carry_out(lambda: _rotate(settings))


@database.command("move")
def move_database(
    to: Annotated[str, typer.Option(help="postgresql://user:password@host/name; MOVE_TO and a prompt keep it.")] = "",
) -> None:
    """Move the SQLite database into an empty PostgreSQL, all of it or nothing; the bot must not run."""
    from bot import moving  # noqa: PLC0415 - the command line answers at once
    from bot.opening import CannotStart  # noqa: PLC0415

    settings = _settings()
    address = to or settings.move_to.get_secret_value() or _ask_where_to()
    if asyncio.run(_answers(settings)):
        _end("A bot runs on this data; stop it first.", 1)
    print("Moving. With many people this takes minutes; nothing is kept there before all is.", flush=True)
    try:
        moved = moving.move_database(settings, address)
    except CannotStart as error:
        _end(str(error), error.code)
    print(moved.told)


def _ask_where_to() -> str:
    """The address, typed unseen; ends the program where nobody can type."""
    if not sys.stdin.isatty():
        _end("MOVE_TO: is needed, the address of the empty PostgreSQL: postgresql://user:password@host/name.", 2)
    return str(typer.prompt("Address of the empty PostgreSQL (not shown)", hide_input=True))


async def _answers(settings: Settings) -> bool:
    """Whether a bot runs on this data; one that does not answer in time runs, too."""
    from bot.wire.control import ask, socket_path  # noqa: PLC0415 - the command line answers at once

    try:
        await ask(socket_path(settings.data_dir), {"do": "status"}, seconds=5.0)
    except ConnectionError:
        return False
    except TimeoutError:
        return True
    return True


async def _rotate(settings: Settings) -> None:
    from bot.wire.control import ask, socket_path  # noqa: PLC0415 - the command line answers at once

    try:
        answer = await ask(socket_path(settings.data_dir), {"do": "rotate"}, seconds=LONGEST_ROTATION)
    except ConnectionError:
        answer = {"ok": True, "count": await asyncio.to_thread(_rotate_alone, settings)}
    if not answer.get("ok"):
        _end(str(answer.get("error")), 1)
    print(f"{answer['count']} keys were wrapped anew. Back up the key store and the master key again.")
    if settings.master_keys.get_secret_value():
        print("Only the first key in MASTER_KEYS is needed from now on.")


def _rotate_alone(settings: Settings) -> int:
    """No bot runs here: open the key store itself. Raises CannotStart."""
    from bot import rotation  # noqa: PLC0415
    from bot.opening import open_keys  # noqa: PLC0415

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


def _settings() -> Settings:
    try:
        settings = read_settings()
    except WrongSetting as error:
        _end(str(error), WRONG_SETTING)
    start_logs(settings.log_level, settings.log_format)
    return settings


def _carry_out(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    from bot.opening import CannotStart  # noqa: PLC0415

    try:
        asyncio.run(work())
    except CannotStart as error:
        _end(str(error), error.code)


def _end(sentence: str, code: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    cli()
