"""Makes the pictures in docs/images/: `python -m tests.browser.screenshots` (or `make screenshots`)."""

import asyncio
import shutil
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, async_playwright

from bot.playground.hands import Pace
from bot.playground.page import Page as Served
from bot.playground.stage import Stage
from bot.playground.tour import Tour, inviting, setting_up
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.people import Visit
from tests.stages import begin_at_noon

IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES = 300_000


async def main() -> None:
    """Play the beginning of the tour and take a picture where it is worth one."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        stage = Stage(Path(folder), random=Random(1))
        begin_at_noon(stage)
        await stage.open()
        served = Served(stage)
        await served.open(0)
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                await take_all(stage, browser, served.address)
                await browser.close()
        finally:
            await served.close()
            await stage.close()


async def take_all(stage: Stage, browser: Browser, address: str) -> None:
    """Two phones in the light, the reveal on one of them, a lock screen in the dark."""
    tour = Tour(stage, say=lambda _: None, pace=Pace.none())
    await setting_up(tour)
    await inviting(tour)
    wide = await open_page(stage, browser, address, width=1360, height=860)
    await wide.page.get_by_role("button", name="Lock Ben’s phone").click()
    stage.caption = ""
    await tour.ann.tap("Yes, link us")
    await wide.ben.lock_screen.locator(".notice").first.wait_for()
    await wide.ann.seat.locator(".spoiler").first.click()
    await take(wide, "playground.png")
    small = await open_page(stage, browser, address, width=390, height=800, scheme="dark")
    await small.ann.seat.locator(".spoiler").first.click()
    await take(small, "reveal-dark.png")
    await small.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await small.click("+1 day")
    await small.ann.lock_screen.locator(".notice").first.wait_for()
    await small.page.evaluate("scrollTo(0, 0)")
    await take(small, "lock-screen-dark.png")


async def open_page(
    stage: Stage, browser: Browser, address: str, *, width: int, height: int, scheme: str = "light"
) -> Visit:
    """The page in a window of this size."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=1.5,
        reduced_motion="reduce",
    )
    return await Visit.begin(stage, stage.seats.pairs[0], await context.new_page(), address)


async def take(visit: Visit, name: str) -> None:
    """One picture, made small with pngquant where there is one."""
    await visit.page.mouse.move(0, 0)
    await visit.page.wait_for_timeout(600)
    path = IMAGES / name
    await visit.page.screenshot(path=path)
    if squeeze := shutil.which("pngquant"):
        command = (squeeze, "--force", "--strip", "--quality", "60-95", "--output", str(path), str(path))
        await (await asyncio.create_subprocess_exec(*command)).wait()
    size = path.stat().st_size
    print(f"{path.name}: {size // 1000} kB" + (" (large: install pngquant)" if size > MOST_BYTES else ""))


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("No Chromium is installed (Debian: apt-get install chromium).")
    asyncio.run(main())
