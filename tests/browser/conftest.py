"""A real browser at the playground, with the real bot behind it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.playground.page import Page as Served
from bot.playground.stage import Stage
from tests.browser.people import Visit
from tests.stages import begin_at_noon, to_day

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
Open = Callable[..., Awaitable[Visit]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed (Debian: apt-get install chromium)"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The playground with the real bot; each test has a couple of its own in it."""
    stage = Stage(tmp_path_factory.mktemp("playground"), random=Random(1))
    begin_at_noon(stage)
    await stage.open()
    yield stage
    await stage.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opened(stage: Stage, browser: Browser) -> AsyncIterator[Open]:
    """Opens the page, as wide and dark as wanted; in the end nothing may have gone wrong in it, or left the machine."""
    await to_day(stage)
    served, pair = Served(stage), stage.new_pair(("Ann", "Ben"))
    await served.open(0)
    visits: list[Visit] = []

    async def open_page(width: int = 1440, height: int = 900, **more: object) -> Visit:
        context = await browser.new_context(viewport={"width": width, "height": height}, **more)  # type: ignore[arg-type]
        visits.append(await Visit.begin(stage, pair, await context.new_page(), served.address))
        return visits[-1]

    yield open_page
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    strangers = [address for visit in visits for address in visit.requests if not address.startswith(served.address)]
    for visit in visits:
        await visit.page.context.close()
    await asyncio.wait_for(served.close(), 60)
    assert complaints == []
    assert strangers == []


@pytest_asyncio.fixture(loop_scope="session")
async def visit(opened: Open) -> Visit:
    """The page on a wide screen."""
    return await opened()
