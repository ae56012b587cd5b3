"""People at the page: they see and touch what a browser shows."""

from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from bot.playground.hands import Pace
from bot.playground.pairs import Pair
from bot.playground.stage import Stage
from bot.playground.tour import Tour, inviting, linking, setting_up

WITHIN = 60_000  # milliseconds in which anything must show
expect.set_options(timeout=WITHIN)


class Hand:
    """One of the two phones on the page, and a hand that uses it."""

    def __init__(self, page: Page, place: int) -> None:
        self.page, self.place = page, place
        self.seat = page.locator(f"#seat-{place}")
        self.words = self.seat.locator("textarea")
        self.lock_screen = self.seat.locator(".lock")

    @property
    def last(self) -> Locator:
        """The newest message of the bot."""
        return self.seat.locator(".message.bot").last

    def button(self, label: str) -> Locator:
        """The newest button with exactly this label."""
        return self.seat.locator(".rows").get_by_role("button", name=label, exact=True).last

    async def start(self) -> None:
        await self.seat.get_by_role("button", name="Start", exact=True).click()

    async def tap(self, label: str) -> None:
        await self.button(label).click()

    async def say(self, text: str) -> None:
        await self.words.fill(text)
        await self.words.press("Enter")

    async def sees(self, words: str) -> None:
        await expect(self.seat.locator(".message.bot", has_text=words).last).to_be_visible()

    async def sees_no(self, words: str) -> None:
        await expect(self.seat.locator(".message", has_text=words)).to_have_count(0)

    async def unlock(self) -> None:
        await self.lock_screen.get_by_role("button", name="Open the chat").click()
        await expect(self.lock_screen).to_be_hidden()

    async def choose(self, words: str) -> None:
        """Choose something in the sheet that slid over the chat."""
        await self.seat.locator(".sheet").get_by_role("button", name=words).first.click()


@dataclass
class Visit:
    """One open page."""

    stage: Stage
    pair: Pair
    page: Page
    ann: Hand
    ben: Hand
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    async def begin(cls, stage: Stage, pair: Pair, page: Page, address: str) -> "Visit":
        visit = cls(stage, pair, page, Hand(page, 0), Hand(page, 1))
        page.set_default_timeout(WITHIN)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: visit.requests.append(request.url))
        await page.goto(f"{address}#c{pair.number}")
        await expect(page.locator("#seat-0 .owner .place")).not_to_be_empty()
        return visit

    async def click(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).first.click()

    async def unfold(self, name: str) -> None:
        await self.page.locator("summary", has_text=name).click()


async def invite(visit: Visit) -> Tour:
    """Let both set up, up to the last confirmation, faster than by hand."""
    tour = Tour(visit.stage, say=lambda _: None, pace=Pace.none(), pair=visit.pair)
    await setting_up(tour)
    await inviting(tour)
    visit.stage.caption = ""
    return tour


async def link(visit: Visit) -> Tour:
    """Let both set up and link, faster than by hand."""
    tour = await invite(visit)
    await linking(tour)
    visit.stage.caption = ""
    visit.stage.feed.room()
    return tour
