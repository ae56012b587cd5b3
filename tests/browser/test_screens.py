"""The page on a phone and on a wide screen, light and dark, with a keyboard, and for those who cannot see it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.playground.tour import QUESTION
from tests.browser.conftest import Open
from tests.browser.people import Visit, invite, link

pytestmark = pytest.mark.waits_for_check

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "side-by-side-tests"
AXE = CACHE / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"moderate", "serious", "critical"}


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(wider)


async def test_on_a_wide_screen_both_phones_and_the_clock_fit_side_by_side(visit: Visit) -> None:
    boxes = [await visit.page.locator(each).bounding_box() for each in ("#seat-0", ".between", "#seat-1")]
    left, middle, right = [box for box in boxes if box]
    assert left["x"] + left["width"] < middle["x"]
    assert middle["x"] + middle["width"] < right["x"]
    assert max(box["y"] + box["height"] for box in (left, middle, right)) <= 900
    assert await overflow(visit.page) == 0


@pytest.mark.parametrize("width", [320, 350, 360, 390, 768, 1024, 1280])
async def test_nothing_sticks_out_at_any_width(opened: Open, width: int) -> None:
    visit = await opened(width, 844)
    assert await overflow(visit.page) == 0


async def test_on_a_phone_one_person_is_in_front_and_the_other_shows_what_is_new(opened: Open) -> None:
    visit = await opened(390, 844, has_touch=True, is_mobile=True)
    await invite(visit)
    await expect(visit.ann.seat).to_be_visible()
    await expect(visit.ben.seat).to_be_hidden()
    await visit.ann.tap("Yes, link us")
    tab = visit.page.get_by_role("tab", name="Ben")
    await expect(tab).to_contain_text("new")
    await tab.click()
    await visit.ben.sees("Your two answers are open.")
    await expect(tab).not_to_contain_text("new")
    await expect(visit.ann.seat).to_be_hidden()
    await visit.ben.say("/help")
    await visit.ben.sees("/privacy")
    assert await overflow(visit.page) == 0


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 740)])
async def test_a_whole_phone_fits_on_a_phone_also_with_several_couples(opened: Open, width: int, height: int) -> None:
    visit = await opened(width, height)
    visit.stage.new_pair()
    await expect(visit.page.locator("#picker")).to_be_visible()
    await expect(visit.ann.seat.get_by_role("button", name="Start", exact=True)).to_be_in_viewport(ratio=1)
    case = await visit.ann.seat.locator(".case").bounding_box()
    assert case is not None
    assert case["y"] + case["height"] <= height
    assert await overflow(visit.page) == 0


@pytest.mark.parametrize("width", [320, 360, 390, 800, 1440])
async def test_every_date_of_a_year_fits_into_the_dial(opened: Open, width: int) -> None:
    visit = await opened(width, 900)
    sticks_out = """async () => {
        const { dayInside } = await import("/clock.js");
        const day = document.getElementById("day");
        const ring = document.querySelector(".ring").getBoundingClientRect();
        const [x, y, inner] = [ring.x + ring.width / 2, ring.y + ring.height / 2, ring.width * 0.42];
        const range = document.createRange();
        const isOutside = (number) => {
            day.textContent = dayInside(Date.UTC(2026, 0, 1 + number));
            range.selectNodeContents(day);
            const corners = [...range.getClientRects()].flatMap(
                (line) => [line.left, line.right].flatMap((side) => [[side, line.top], [side, line.bottom]]));
            return corners.length < 4 || corners.some(([left, top]) => Math.hypot(left - x, top - y) > inner);
        };
        return [...Array(365).keys()].filter(isOutside).map((number) => dayInside(Date.UTC(2026, 0, 1 + number)));
    }"""
    assert await visit.page.evaluate(sticks_out) == []


@pytest.mark.parametrize("width", [390, 1440])
async def test_a_hand_of_the_clock_makes_nothing_wider_in_any_direction(opened: Open, width: int) -> None:
    visit = await opened(width, 900)
    wider = """(degrees) => {
        for (const arm of document.querySelectorAll(".arm")) {
            arm.style.transition = "none";
            arm.style.rotate = `${degrees}deg`;
        }
        const between = document.querySelector(".between");
        return [between, document.documentElement].map((each) => each.scrollWidth - each.clientWidth);
    }"""
    assert [await visit.page.evaluate(wider, degrees) for degrees in range(0, 360, 15)] == [[0, 0]] * 24


async def test_everything_can_be_done_with_the_keyboard(visit: Visit) -> None:
    page = visit.page
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the phones")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, "Start")
    await page.keyboard.press("Enter")
    await visit.ann.sees("Side by Side is for two people")
    await expect(visit.ann.seat.locator(".log")).to_be_focused()
    await tab_to(page, "Begin")
    await page.keyboard.press("Enter")
    await expect(visit.ann.button("I agree")).to_be_visible()
    await tab_to(page, "I agree")
    await page.keyboard.press("Space")
    await visit.ann.sees("What time is it for you now?")
    await visit.ann.words.focus()
    await page.keyboard.type("Berlin")
    await page.keyboard.press("Enter")
    await expect(visit.ann.button(QUESTION)).to_be_visible()
    await tab_to(page, "Commands")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Commands")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(visit.ann.seat.get_by_role("button", name="Commands")).to_be_focused()
    await visit.ann.seat.locator(".log").focus()
    await page.keyboard.press("ArrowUp")
    await expect(visit.ann.seat.locator(".message").last).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Reply")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="+1 day").focus()
    await page.keyboard.press("Enter")
    await expect(visit.ann.lock_screen.locator(".notice").first).to_be_visible()
    await expect(page.get_by_role("button", name="+1 day")).to_be_focused()


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until something with this name has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        now = await page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
        )
        if str(now).strip() == name:
            return
    raise AssertionError(f"[{name}] cannot be reached with Tab")


async def test_hidden_words_are_not_read_out_before_they_are_touched(visit: Visit) -> None:
    words = (await link(visit)).first_answers[0]
    await visit.ben.sees("Your two answers are open.")
    said = visit.ben.seat.locator("[aria-live=polite].unseen")
    await expect(said).to_contain_text("Ben’s phone:")
    spoiler = visit.ben.seat.locator(".spoiler").first
    assert words not in await visit.ben.seat.aria_snapshot()
    await spoiler.focus()
    await visit.page.keyboard.press("Enter")
    assert words in await visit.ben.seat.aria_snapshot()


CONTRASTS = """([ground, words]) => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
    const linear = (part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    const shares = [0.2126, 0.7152, 0.0722];
    const light = (colour) => colour.map(linear).reduce((sum, part, at) => sum + part * shares[at], 0);
    const { color, backgroundColor, opacity } = getComputedStyle(words);
    return getComputedStyle(ground).backgroundImage.match(/rgba?\\([^)]+\\)/g).map((stop) => {
        const below = over(parts(backgroundColor), parts(stop));
        const ink = over([...parts(color).slice(0, 3), Number(opacity)], below);
        const [dark, bright] = [light(below), light(ink)].sort((one, other) => one - other);
        return (bright + 0.05) / (dark + 0.05);
    });
}"""


async def test_words_on_a_lock_screen_are_readable_all_the_way_down(visit: Visit) -> None:
    for hand, name in ((visit.ann, "Ann"), (visit.ben, "Ben")):
        await visit.page.get_by_role("button", name=f"Lock {name}’s phone").click()
        ground = await hand.lock_screen.element_handle()
        words = await hand.lock_screen.locator(".unlock").element_handle()
        contrasts = await visit.page.evaluate(CONTRASTS, [ground, words])
        assert len(contrasts) == 3
        assert min(contrasts) >= 4.5


async def test_light_and_dark_are_a_choice(opened: Open) -> None:
    visit = await opened(color_scheme="dark")
    shade = "getComputedStyle(document.documentElement).backgroundColor"
    dark = await visit.page.evaluate(shade)
    await visit.page.get_by_role("button", name="Dark colours").click()
    light = await visit.page.evaluate(shade)
    assert dark != light
    await visit.page.reload()
    assert await visit.page.evaluate(shade) == light


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, installed from npm into a cache of its own."""
    npm = shutil.which("npm")
    if not AXE.exists():
        if npm is None:
            pytest.skip("npm is not installed, so axe-core cannot be fetched for the accessibility test")
        CACHE.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4"]
        done = subprocess.run(install, cwd=CACHE, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode or not AXE.exists():
            pytest.skip("axe-core could not be installed from npm")
    return AXE.read_text(encoding="utf-8")


STILL = """async () => {
    const ends = (each) => Number.isFinite(each.effect.getComputedTiming().endTime);
    for (let at = 0; at < 3; at += 1) {
        await new Promise((done) => setTimeout(done, 100));
        await Promise.allSettled(document.getAnimations().filter(ends).map((each) => each.finished));
    }
}"""


async def findings(page: Page, axe: str) -> list[str]:
    """What axe-core finds serious, with where it is."""
    await page.evaluate(STILL)  # colours that are still fading in are not what people read
    await page.evaluate(axe)
    run = "axe.run(document, {resultTypes: ['violations']}).then(done => done.violations)"
    found: list[dict[str, Any]] = await page.evaluate(run)
    serious = [each for each in found if each["impact"] in SERIOUS]
    return [json.dumps([each["id"], [node["html"][:160] for node in each["nodes"]][:5]]) for each in serious]


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (390, "light"),
        (1440, "dark"),
        (390, "dark"),
        (1440, "light"),
    ],
)
async def test_axe_finds_nothing_serious(opened: Open, axe: str, width: int, scheme: str) -> None:
    visit = await opened(width, 900, color_scheme=scheme)
    assert await findings(visit.page, axe) == []
    await link(visit)
    await visit.ann.sees("Your two answers are open.")
    await visit.ann.seat.get_by_role("button", name="Send a voice note").click()
    await visit.ann.seat.locator(".voice").first.wait_for()
    await visit.unfold("The bot")
    await visit.unfold("Trouble on the line")
    assert await findings(visit.page, axe) == []
    await visit.ann.seat.get_by_role("button", name="Commands").click()
    await visit.ann.seat.locator(".sheet").wait_for()
    assert await findings(visit.page, axe) == []
    await visit.page.keyboard.press("Escape")
    await visit.page.get_by_role("button", name="Settings of Ann’s phone").click()
    assert await findings(visit.page, axe) == []
    await visit.page.keyboard.press("Escape")
    await visit.click("+1 day")
    await visit.ann.lock_screen.locator(".notice").first.wait_for()
    await expect(visit.page.get_by_role("button", name="+1 hour")).to_be_enabled()
    assert await findings(visit.page, axe) == []
