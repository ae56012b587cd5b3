"""`python -m bot playground`: the stage, its page, a browser, and perhaps the tour."""

import asyncio
import signal
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory

from bot.opening import CannotStart
from bot.playground.child import ChildEnded
from bot.playground.hands import Missing
from bot.playground.page import Page
from bot.playground.stage import Stage
from bot.playground.storing import FolderInUse, FolderLock
from bot.playground.tour import take_the_tour
from bot.settings import Settings

LINGER_SECONDS = 20.0
LOOKED_AT_WITHIN = 30.0
_WELCOME = """
  Side by Side, the playground: two phones, a real bot, nobody else.

      {address}

  Nothing leaves this computer. What happens is kept in {folder}.
  Ctrl+C ends it.
"""


async def play(settings: Settings, *, browser: bool, tour: bool, fast: bool) -> None:
    """Run the playground until SIGINT or SIGTERM, or the end of the tour. Raises CannotStart."""
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    if not tour:
        await _play_in(settings.data_dir / "playground", settings, stopping, browser=browser)
        return
    with TemporaryDirectory(prefix="side-by-side-tour-") as folder:
        await _tour_in(Path(folder), settings, stopping, browser=browser and not fast, fast=fast)


async def _play_in(folder: Path, settings: Settings, stopping: asyncio.Event, *, browser: bool) -> None:
    try:
        lock = FolderLock(folder)
    except FolderInUse as used:
        raise CannotStart(f"{_capital(str(used))}. Close that one first.", 1) from None
    except OSError as error:
        raise _unusable(folder, error) from None
    stage = Stage(folder, random=SystemRandom(), log_level=settings.log_level)
    page = Page(stage)
    try:
        await _open(stage, page, settings)
        lock.say(page.address)
        _print(_WELCOME.format(address=page.address, folder=folder))
        if browser:
            await _show(page.address)
        await stopping.wait()
    finally:
        await page.close()
        await stage.close()
        lock.release()


async def _tour_in(folder: Path, settings: Settings, stopping: asyncio.Event, *, browser: bool, fast: bool) -> None:
    stage = Stage(folder, random=SystemRandom(), log_level=settings.log_level)
    page = Page(stage)
    ended = asyncio.ensure_future(stopping.wait())
    try:
        await _open(stage, page, settings)
        _print(f"The tour, at {page.address}")
        if not fast:
            await _wait_for_a_viewer(stage, page, browser=browser)
        tour = asyncio.ensure_future(take_the_tour(stage, say=_print, fast=fast))
        await asyncio.wait({tour, ended}, return_when=asyncio.FIRST_COMPLETED)
        if tour.done():
            tour.result()
            await asyncio.wait({ended}, timeout=0 if fast else LINGER_SECONDS)
        tour.cancel()
    except Missing as missing:
        raise CannotStart(f"The tour ended: {missing}", 1) from None
    finally:
        ended.cancel()
        await page.close()
        await stage.close()


async def _open(stage: Stage, page: Page, settings: Settings) -> None:
    try:
        await stage.open()
    except OSError as error:
        raise _unusable(stage.folder, error) from None
    except (ChildEnded, ValueError) as error:
        raise CannotStart(f"The playground cannot start: {error}", 1) from None
    try:
        await page.open(settings.playground_port)
    except OSError as error:
        raise CannotStart(f"PLAYGROUND_PORT: {error.strerror or error}.", 1) from None


def _unusable(folder: Path, error: OSError) -> CannotStart:
    return CannotStart(f"DATA_DIR: {folder} cannot be used: {error.strerror or error}.", 2)


async def _wait_for_a_viewer(stage: Stage, page: Page, *, browser: bool) -> None:
    if browser:
        await _show(page.address)
    with suppress(TimeoutError):
        await asyncio.wait_for(stage.feed.joined(), LOOKED_AT_WITHIN)


async def _show(address: str) -> None:
    """Open a browser that has a window, where there is one; the address is printed in any case."""
    with suppress(webbrowser.Error, OSError):
        if type(webbrowser.get()) is not webbrowser.GenericBrowser:  # those of a terminal, which would take it over
            await asyncio.to_thread(webbrowser.open, address)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
